"""What was kept long enough is removed: no younger notice, nothing that still has to go out, and no fact."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from kit import keeping
from kit.ids import new_id
from kit.keeping import Keeping
from language.messages.notices import NoticeKind
from language.telling import MailState
from services.postroom.app import SERVICE
from services.postroom.domain.webhooks import DeliveryState, Webhook
from services.postroom.settings import NoticeTerms
from services.postroom.store import forgetting as store
from services.postroom.store import webhooks
from tests.conftest import MovableClock, ServiceOpener
from tests.notice_cases import Readers

KEPT_FOR = timedelta(days=730)
A_DAY = timedelta(days=1)
SETTINGS = NoticeTerms()


@pytest.fixture
async def readers(open_service: ServiceOpener) -> AsyncIterator[Readers]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, smtp_url="smtp://127.0.0.1:9") as service:
        found = await Readers(service, clock).prepare()
        found.at(9)
        yield found


async def _tell(readers: Readers, person: UUID) -> UUID:
    notice = readers.notice(person)
    await readers.accept(notice)
    return UUID(str(notice.id))


async def _put(readers: Readers, table: str, notice: UUID, state: str) -> None:
    """Bring the notice's mail or deliveries into this state."""
    which = {
        "mails": "id = (select mail_id from mail_notices where notice_id = $1)",
        "webhook_deliveries": "notice_id = $1",
    }[table]
    await readers.service.database.pool.execute(f"update {table} set state = $2 where {which}", notice, state)


async def _hook(readers: Readers) -> UUID:
    hook = Webhook(
        id=new_id(),
        url="https://a.vn",
        kinds=[NoticeKind.REMINDED],
        sealed_secret="x",
        made_by=uuid4(),
        made_at=readers.clock.now(),
        off_since=None,
        failures=0,
    )
    async with readers.service.database.transaction() as tx:
        await webhooks.insert_webhook(tx, hook)
    return hook.id


async def _sweep(readers: Readers) -> tuple[int, int]:
    """One batch of each."""
    async with readers.service.database.transaction() as tx:
        return await store.forget_mails(tx, KEPT_FOR, 100), await store.forget_notices(tx, KEPT_FOR, 100)


async def _left(readers: Readers, table: str = "received_notices", column: str = "id") -> set[UUID]:
    return {row[column] for row in await readers.service.database.pool.fetch(f"select {column} from {table}")}


async def test_old_notices_go_with_mail_and_deliveries_and_younger_ones_stay(readers: Readers) -> None:
    await _hook(readers)
    person = await readers.person(language="vi")
    old = await _tell(readers, person)
    readers.clock.offset += timedelta(days=10)
    young = await _tell(readers, person)
    for notice in (old, young):
        await _put(readers, "mails", notice, MailState.SENT)
        await _put(readers, "webhook_deliveries", notice, DeliveryState.DELIVERED)
    events = await readers.service.database.pool.fetch("select * from events order by seq")
    readers.clock.offset += KEPT_FOR - timedelta(days=11)
    assert await _sweep(readers) == (0, 0)
    readers.clock.offset += 2 * A_DAY
    assert await _sweep(readers) == (1, 1)
    assert await _sweep(readers) == (0, 0)
    assert await _left(readers) == await _left(readers, "mail_notices", "notice_id") == {young}
    assert await _left(readers, "webhook_deliveries", "notice_id") == {young}
    assert len(await readers.mails(person)) == 1
    assert await readers.service.database.pool.fetch("select * from events order by seq") == events


@pytest.mark.parametrize("state", MailState)
async def test_a_mail_that_still_has_to_go_keeps_its_notice(readers: Readers, state: MailState) -> None:
    notice = await _tell(readers, await readers.person(language="vi"))
    await _put(readers, "mails", notice, state)
    readers.clock.offset += KEPT_FOR + A_DAY
    stays = state in {MailState.WAITING, MailState.SENDING}
    assert await _sweep(readers) == ((0, 0) if stays else (1, 1))
    assert await _left(readers) == ({notice} if stays else set())


@pytest.mark.parametrize("state", DeliveryState)
async def test_a_delivery_that_still_has_to_go_keeps_its_notice(
    readers: Readers, state: DeliveryState
) -> None:
    await _hook(readers)
    notice = await _tell(readers, uuid4())
    await _put(readers, "webhook_deliveries", notice, state)
    readers.clock.offset += KEPT_FOR + A_DAY
    stays = state is DeliveryState.WAITING
    assert await _sweep(readers) == (0, 0 if stays else 1)
    assert (
        await _left(readers)
        == await _left(readers, "webhook_deliveries", "notice_id")
        == ({notice} if stays else set())
    )


async def test_a_mail_that_was_sent_again_of_late_keeps_its_notice(readers: Readers) -> None:
    notice = await _tell(readers, await readers.person(language="vi"))
    await _put(readers, "mails", notice, MailState.FAILED)
    readers.clock.offset += KEPT_FOR - A_DAY
    [mail] = await _left(readers, "mails")
    assert (
        await readers.service.http.post(f"/v1/mails/{mail}/resending", headers=readers.admin())
    ).status_code == 200
    await _put(readers, "mails", notice, MailState.SENT)
    readers.clock.offset += 2 * A_DAY
    assert await _sweep(readers) == (0, 0)
    assert await _left(readers) == {notice}


async def test_a_replay_in_the_moment_of_removal_wins_and_neither_fails(readers: Readers) -> None:
    hook = await _hook(readers)
    notice = await _tell(readers, uuid4())
    await _put(readers, "webhook_deliveries", notice, DeliveryState.FAILED)
    readers.clock.offset += KEPT_FOR + A_DAY
    [delivery] = await _left(readers, "webhook_deliveries")
    async with readers.service.database.transaction() as tx:
        assert await webhooks.replay_one(tx, hook, delivery, dry_run=False) == 1
        sweeping = asyncio.ensure_future(_sweep(readers))
        done, _ = await asyncio.wait([sweeping], timeout=0.3)
        assert not done
    assert await sweeping == (0, 0)
    assert await _left(readers, "webhook_deliveries", "notice_id") == {notice}


async def test_everything_old_goes_in_batches(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "BATCH", 2)
    person = await readers.person(language="vi")
    for _ in range(5):
        await _put(readers, "mails", await _tell(readers, person), MailState.SENT)
    readers.clock.offset += KEPT_FOR + A_DAY
    young = await _tell(readers, person)
    database = readers.service.database
    await Keeping(database, store.postroom_terms(SETTINGS.notices_kept_days, SETTINGS.links_kept_days)).turn(
        database.transaction
    )
    assert await _left(readers) == {young}
    assert await _left(readers, "mail_notices", "notice_id") == {young}


def test_less_than_a_month_is_refused() -> None:
    assert SETTINGS.notices_kept_days == KEPT_FOR.days
    with pytest.raises(ValueError, match="notices_kept_days"):
        NoticeTerms(notices_kept_days=29)
