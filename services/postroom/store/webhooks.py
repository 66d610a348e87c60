"""Webhooks and what was sent to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from kit.inserts import Insert
from kit.rows import read, read_all
from language.messages.notices import NoticeKind
from language.refusals import NotFound
from services.postroom.domain.notices import ReceivedNotice
from services.postroom.domain.webhooks import Delivery, DeliveryState, DueDelivery, Webhook

_WEBHOOK = "id, url, kinds, sealed_secret, made_by, made_at, off_since, failures, old_secret_until"
_DELIVERY = "id, webhook_id, notice_id, state, attempts, next_try_at, status, outcome, delivered_at"


DELIVERED = """
update webhook_deliveries set state = 'DELIVERED', attempts = attempts + 1, status = $2, outcome = $3,
  delivered_at = $4 where id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From an instant on, before another."""

    starts_at: datetime
    ends_at: datetime


INSERT = Insert("webhooks", "id, url, kinds, sealed_secret, made_by, made_at")


async def insert_webhook(tx: Tx, new: Webhook) -> None:
    """Keep a webhook."""
    await tx.conn.execute(INSERT.statement, *INSERT.row(new, kinds=list(new.kinds)))


async def _one(tx: Tx, query: str, webhook_id: UUID) -> Webhook:
    row = await tx.conn.fetchrow(query, webhook_id)
    if row is None:
        raise NotFound
    return read(Webhook, row)


GET = f"select {_WEBHOOK} from webhooks where id = $1"


async def get_webhook(tx: Tx, webhook_id: UUID) -> Webhook:
    """The webhook; `NotFound` without one."""
    return await _one(tx, GET, webhook_id)


LOCK = f"{GET} for update"


async def lock_webhook(tx: Tx, webhook_id: UUID) -> Webhook:
    """The webhook, locked until the transaction ends."""
    return await _one(tx, LOCK, webhook_id)


LIST = f"select {_WEBHOOK} from webhooks order by made_at, id limit 200"


async def list_webhooks(tx: Tx) -> list[Webhook]:
    """In the order they were made."""
    return read_all(Webhook, await tx.conn.fetch(LIST))


CHANGE_SECRET = f"""
update webhooks set sealed_secret = $2,
  old_sealed_secret = case when $3 > 0 then sealed_secret end,
  old_secret_until = case when $3 > 0 then now() + make_interval(hours => $3) end
where id = $1 returning {_WEBHOOK}
"""


async def change_secret(tx: Tx, webhook_id: UUID, sealed: str, overlap_hours: int) -> Webhook:
    """Sign with this secret from now on, and with the one before for some hours more."""
    [row] = await tx.conn.fetch(CHANGE_SECRET, webhook_id, sealed, overlap_hours)
    return read(Webhook, row)


TURN_OFF = "update webhooks set off_since = $2 where id = $1 and off_since is null returning true"


async def turn_off(tx: Tx, webhook_id: UUID) -> bool:
    """False when it was off already."""
    return bool(await tx.conn.fetchval(TURN_OFF, webhook_id, tx.now))


TURN_ON = (
    "update webhooks set off_since = null, failures = 0, failing_since = null where id = $1 and "
    "off_since is not null returning true"
)


async def turn_on(tx: Tx, webhook_id: UUID) -> bool:
    """False when it was on already."""
    return bool(await tx.conn.fetchval(TURN_ON, webhook_id))


PLAN = """
insert into webhook_deliveries (id, webhook_id, notice_id)
select $1, id, $2 from webhooks where id = $4 and off_since is null and $3 = any(kinds) on conflict do nothing
"""


async def plan_delivery(tx: Tx, webhook: Webhook, notice_id: UUID, kind: NoticeKind) -> None:
    """Send this notice to the webhook, if it is on and wants the kind."""
    await tx.conn.execute(PLAN, new_id(), notice_id, kind, webhook.id)


DELIVERIES = f"""
select {_DELIVERY} from webhook_deliveries where webhook_id = $1 and ($2::text is null or state = $2)
  and id < $3 order by id desc limit $4
"""


async def list_deliveries(
    tx: Tx, webhook_id: UUID, state: DeliveryState | None, before: UUID, limit: int
) -> list[Delivery]:
    """Newest first."""
    rows = await tx.conn.fetch(DELIVERIES, webhook_id, state, before, limit)
    return read_all(Delivery, rows)


DUE = """
select due.id as delivery_id, due.attempts, w.id as webhook_id, w.url, n.*,
  array_remove(array[w.sealed_secret,
    case when w.old_secret_until > now() then w.old_sealed_secret end], null) as sealed_secrets
from webhooks w
cross join lateral (
  select d.id, d.attempts, d.notice_id from webhook_deliveries d
  where d.webhook_id = w.id and d.state = 'WAITING' and d.next_try_at <= now()
  order by d.next_try_at, d.id limit $2
) due
join received_notices n on n.id = due.notice_id
where w.off_since is null and w.id <> all($1::uuid[])
"""


async def due_deliveries(tx: Tx, but: Collection[UUID], limit: int) -> list[DueDelivery]:
    """What is to be posted now, to each webhook but these so much at most."""
    rows = await tx.conn.fetch(DUE, list(but), limit)
    return [read(DueDelivery, row, notice=read(ReceivedNotice, row)) for row in rows]


FORGET_FAILURES = "update webhooks set failures = 0, failing_since = null where id = $1 and failures > 0"


async def mark_delivered(tx: Tx, delivery: DueDelivery, status: int, outcome: str) -> None:
    """The receiver took it."""
    await tx.conn.execute(DELIVERED, delivery.delivery_id, status, outcome, tx.now)
    await tx.conn.execute(FORGET_FAILURES, delivery.webhook_id)


MISSED = """
update webhook_deliveries set state = case when attempts + 1 >= $4 then 'FAILED' else 'WAITING' end,
  attempts = attempts + 1, status = $2,
  outcome = $3, next_try_at = now() + make_interval(secs => least(3600 * 6, 5 * power(4, attempts)))
where id = $1
"""
COUNT_FAILURE = """
update webhooks set failures = failures + 1, failing_since = coalesce(failing_since, now()) where id = $1
returning case when failing_since < now() - interval '1 day' then failures else 0 end
"""


async def mark_missed(tx: Tx, delivery: DueDelivery, status: int | None, outcome: str, most: int) -> int:
    """The receiver did not take it: once more after a pause that grows from 5 s to six hours, at `most` so
    often. How many failures in a row, if they have lasted a day; else 0."""
    await tx.conn.execute(MISSED, delivery.delivery_id, status, outcome, most)
    return int(await tx.conn.fetchval(COUNT_FAILURE, delivery.webhook_id))


IN_SPAN = """
select count(*)::int from received_notices n where n.happened_at >= $2 and n.happened_at < $3
  and n.kind = any((select kinds from webhooks where id = $1)::text[])
"""
REPLAY_PERIOD = """
insert into webhook_deliveries (id, webhook_id, notice_id)
select gen_random_uuid(), $1, n.id from received_notices n where n.happened_at >= $2 and n.happened_at < $3
  and n.kind = any((select kinds from webhooks where id = $1)::text[])
for key share of n
on conflict (webhook_id, notice_id) do update set state = 'WAITING', attempts = 0,
  next_try_at = now() returning id
"""


async def replay_period(tx: Tx, webhook_id: UUID, period: Period, *, dry_run: bool) -> int:
    """Send everything of the period again, also what was never sent because the webhook was off; how many."""
    if dry_run:
        return int(await tx.conn.fetchval(IN_SPAN, webhook_id, period.starts_at, period.ends_at))
    return len(await tx.conn.fetch(REPLAY_PERIOD, webhook_id, period.starts_at, period.ends_at))


REPLAY_ONE = """
update webhook_deliveries set state = 'WAITING', attempts = 0, next_try_at = now() where id = $2
  and webhook_id = $1 returning id
"""
FIND_ONE = "select count(*)::int from webhook_deliveries where id = $2 and webhook_id = $1"


async def replay_one(tx: Tx, webhook_id: UUID, delivery_id: UUID, *, dry_run: bool) -> int:
    """Send one again; 0 when there is none of that id."""
    if dry_run:
        return int(await tx.conn.fetchval(FIND_ONE, webhook_id, delivery_id))
    return len(await tx.conn.fetch(REPLAY_ONE, webhook_id, delivery_id))
