"""Webhooks: registered and kept by provincial administrators, turned off when nobody answers, replayed."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from casework import rights
from casework.alarms import warn_no_more, warn_of
from casework.history.record import record
from casework.notices import Matter, notify_of
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.cases import AlarmKind
from language.events.actor import Actor
from language.events.postroom import (
    WebhookMade,
    WebhookReplayed,
    WebhookSecretChanged,
    WebhookTurnedOff,
    WebhookTurnedOn,
)
from language.messages.notices import NoticeKind
from language.posts.kinds import ADMINS
from language.refusals import NotFound
from services.postroom.domain.refusals import WebhookIsOff
from services.postroom.domain.webhooks import (
    Delivery,
    DeliveryState,
    DueDelivery,
    ShownOnce,
    Webhook,
    new_secret,
)
from services.postroom.operations.calling import Calling, host_and_port
from services.postroom.store import webhooks
from services.postroom.store.webhooks import Period

MOST_ATTEMPTS = 8
_FAILURES_IN_A_ROW = 20
_SECRET_BYTES = 32


async def require_may_make(tx: Tx, caller: Principal, url: str, calling: Calling) -> Actor:
    """Who may have which address called, before anything is looked up for it."""
    actor = await rights.require_root(tx, caller, ADMINS)
    calling.require_url(url)
    return actor


async def make_webhook(
    tx: Tx, caller: Principal, url: str, kinds: Sequence[NoticeKind], calling: Calling
) -> ShownOnce:
    """Register where a program is told of these kinds. The answer is the only one that shows the secret."""
    actor = await require_may_make(tx, caller, url, calling)
    webhook_id, secret = new_id(), new_secret(secrets.token_bytes(_SECRET_BYTES))
    made = Webhook(
        id=webhook_id,
        url=url,
        kinds=sorted(set(kinds)),
        sealed_secret=calling.seal(webhook_id, secret),
        made_by=caller.person_id,
        made_at=tx.now,
    )
    await webhooks.insert_webhook(tx, made)
    fact = WebhookMade(host=host_and_port(url)[0], notice_kinds=tuple(made.kinds))
    await record(tx, fact, about=made.id, actor=actor)
    return ShownOnce(webhook=made, secret=secret)


async def change_secret(
    tx: Tx, caller: Principal, webhook_id: UUID, overlap_hours: int, calling: Calling
) -> ShownOnce:
    """A new secret, shown once. The one before signs beside it for these hours, so that no message is lost
    while the receiver changes over; one that got known is ended at once with 0."""
    actor = await rights.require_root(tx, caller, ADMINS)
    await webhooks.lock_webhook(tx, webhook_id)
    secret = new_secret(secrets.token_bytes(_SECRET_BYTES))
    changed = await webhooks.change_secret(tx, webhook_id, calling.seal(webhook_id, secret), overlap_hours)
    fact = WebhookSecretChanged(old_secret_until=changed.old_secret_until)
    await record(tx, fact, about=webhook_id, actor=actor)
    return ShownOnce(webhook=changed, secret=secret)


async def list_webhooks(tx: Tx, caller: Principal) -> list[Webhook]:
    """All webhooks."""
    await rights.require_root(tx, caller, ADMINS)
    return await webhooks.list_webhooks(tx)


async def read_webhook(tx: Tx, caller: Principal, webhook_id: UUID) -> Webhook:
    """One webhook."""
    await rights.require_root(tx, caller, ADMINS)
    return await webhooks.get_webhook(tx, webhook_id)


async def turn_off(tx: Tx, caller: Principal, webhook_id: UUID) -> Webhook:
    """Nothing is sent any more; off already is done as well. One that has turned itself off is off for good
    then, and no alarm any more."""
    actor = await rights.require_root(tx, caller, ADMINS)
    await webhooks.lock_webhook(tx, webhook_id)
    is_off = await webhooks.turn_off(tx, webhook_id)
    if await warn_no_more(tx, AlarmKind.WEBHOOK_OFF, webhook_id) or is_off:
        fact = WebhookTurnedOff(failures=None, last_outcome=None)
        await record(tx, fact, about=webhook_id, actor=actor)
    return await webhooks.get_webhook(tx, webhook_id)


async def turn_on(tx: Tx, caller: Principal, webhook_id: UUID) -> Webhook:
    """What waited goes out; what came while it was off needs a replay."""
    actor = await rights.require_root(tx, caller, ADMINS)
    off_since = (await webhooks.lock_webhook(tx, webhook_id)).off_since
    if off_since and await webhooks.turn_on(tx, webhook_id):
        await warn_no_more(tx, AlarmKind.WEBHOOK_OFF, webhook_id)
        await record(tx, WebhookTurnedOn(off_since=off_since), about=webhook_id, actor=actor)
    return await webhooks.get_webhook(tx, webhook_id)


async def list_deliveries(
    tx: Tx, caller: Principal, webhook_id: UUID, page: tuple[DeliveryState | None, UUID, int]
) -> list[Delivery]:
    """What was sent to the webhook, newest first: `page` is the state wanted, the id to go on behind, and how
    many."""
    await rights.require_root(tx, caller, ADMINS)
    await webhooks.get_webhook(tx, webhook_id)
    return await webhooks.list_deliveries(tx, webhook_id, *page)


async def replay(tx: Tx, caller: Principal, webhook_id: UUID, what: UUID | Period, *, dry_run: bool) -> int:
    """Send a delivery again, or all notices of a period; each bears the same `webhook-id` as the first time.
    How many."""
    actor = await rights.require_root(tx, caller, ADMINS)
    webhook = await webhooks.get_webhook(tx, webhook_id)
    if webhook.off_since:
        raise WebhookIsOff
    if isinstance(what, UUID):
        count = await webhooks.replay_one(tx, webhook_id, what, dry_run=dry_run)
        if count == 0:
            raise NotFound
    else:
        count = await webhooks.replay_period(tx, webhook_id, what, dry_run=dry_run)
    if not dry_run:
        await record(tx, _replayed(what, count), about=webhook_id, actor=actor)
    return count


def _replayed(what: UUID | Period, count: int) -> WebhookReplayed:
    period = None if isinstance(what, UUID) else what
    return WebhookReplayed(
        delivery_id=what if isinstance(what, UUID) else None,
        starts_at=period.starts_at if period else None,
        ends_at=period.ends_at if period else None,
        deliveries=count,
    )


async def settle(tx: Tx, delivery: DueDelivery, status: int | None, outcome: str) -> DeliveryState:
    """Write down what became of a delivery. Too many failures in a row, over a day (a receiver may restart in
    its busiest hour), turn the webhook off: who made it and the province's administrators are told, and it is
    an alarm until one of them has turned it on, or off for good."""
    if status is not None and 200 <= status < 300:
        await webhooks.mark_delivered(tx, delivery, status, outcome)
        return DeliveryState.DELIVERED
    failures = await webhooks.mark_missed(tx, delivery, status, outcome, MOST_ATTEMPTS)
    if failures >= _FAILURES_IN_A_ROW and await webhooks.turn_off(tx, delivery.webhook_id):
        await _warn(tx, delivery, WebhookTurnedOff(failures=failures, last_outcome=outcome))
    return DeliveryState.FAILED if delivery.attempts + 1 >= MOST_ATTEMPTS else DeliveryState.WAITING


async def _warn(tx: Tx, delivery: DueDelivery, fact: WebhookTurnedOff) -> None:
    webhook_id, host = delivery.webhook_id, host_and_port(delivery.url)[0]
    event_id = await record(tx, fact, about=webhook_id)
    admins = await warn_of(tx, AlarmKind.WEBHOOK_OFF, webhook_id, host)
    owner = (await webhooks.get_webhook(tx, webhook_id)).made_by
    matter = Matter(subject_id=webhook_id, subject_code=host)
    await notify_of(tx, event_id, fact, matter, dict.fromkeys((owner, *admins)))
