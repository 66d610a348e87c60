"""A webhook that turned itself off: who made it and the province's administrators are told, and it is an
alarm until somebody has seen to it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from kit.leading import take_lead
from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.postroom.app import SERVICE
from services.postroom.delivery.collecting import Collecting
from services.postroom.operations import webhooks as operations
from services.postroom.store import webhooks
from tests.conftest import MovableClock, ServiceOpener, held
from tests.notice_cases import Readers

FAILING = "update webhooks set failures = 20, failing_since = now() - interval '25 hours' where id = $1"
STANDING = "select cleared_at is null from alarms where about_id = $1 and kind = 'WEBHOOK_OFF'"
TOLD = "select person_id, subject_code from notices where subject_id = $1 and kind = 'WEBHOOK_OFF'"


@pytest.fixture(scope="module")
async def readers(open_service: ServiceOpener) -> AsyncIterator[Readers]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, webhook_loopback=True) as service:
        yield await Readers(service, clock).prepare()


class Webhook:
    """One that an administrator has made, and what others ask about it."""

    def __init__(self, readers: Readers) -> None:
        self.readers = readers
        self.owner, self.other = uuid4(), uuid4()
        self.id = uuid4()

    async def ask(self, method: str, path: str, person: UUID | None = None, json: Any = None) -> Any:
        """As an administrator of the province."""
        post = held(PostKind.ADMIN, self.readers.root)
        headers = self.readers.service.headers(person or self.owner, post)
        answer = await self.readers.service.http.request(method, f"/v1{path}", json=json, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def make(self) -> "Webhook":
        """Told of reminders; there is a second administrator."""
        await self.ask("GET", "/webhooks", self.other)
        body = {"url": "http://127.0.0.1:9/in", "kinds": ["REMINDED"]}
        self.id = UUID((await self.ask("POST", "/webhooks", json=body))["id"])
        return self

    async def fail(self) -> None:
        """It has failed for a day, and once more."""
        readers = self.readers
        await readers.accept(readers.notice(await readers.person()))
        database = readers.service.database
        await database.pool.execute(FAILING, self.id)
        async with database.transaction() as tx:
            [due] = [one for one in await webhooks.due_deliveries(tx, (), 1) if one.webhook_id == self.id]
            await operations.settle(tx, due, 500, "500")

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Of this one."""
        return [tuple(row) for row in await self.readers.service.database.pool.fetch(query, self.id)]

    async def alarms(self) -> list[Any]:
        """On the list of administrators."""
        items = (await self.ask("GET", "/alarms", self.other))["items"]
        return [one for one in items if one["about_id"] == str(self.id)]


@pytest.fixture
async def webhook(readers: Readers) -> AsyncIterator[Webhook]:
    made = await Webhook(readers).make()
    yield made
    await made.ask("POST", f"/webhooks/{made.id}/turning-off")


async def test_its_owner_and_the_administrators_are_told_once(webhook: Webhook) -> None:
    await webhook.fail()
    told = await webhook.rows(TOLD)
    assert {code for _, code in told} == {"127.0.0.1"}
    assert {webhook.owner, webhook.other} <= {person for person, _ in told}
    assert len(told) == len({person for person, _ in told})


async def test_the_postroom_reads_what_it_has_to_tell_itself(webhook: Webhook) -> None:
    readers = webhook.readers
    readers.at(9)
    answer = await readers.choose(webhook.owner)
    assert answer.status_code == 200, answer.text
    await webhook.fail()
    database = readers.service.database
    async with database.connection() as conn:
        lease = await take_lead(conn, "collecting", uuid4())
        assert lease is not None
        await Collecting(database, mails_go_out=True).look(lease)
    inbox = (await webhook.ask("GET", "/notices?kind=WEBHOOK_OFF"))["items"]
    [notice] = [one for one in inbox if one["subject_id"] == str(webhook.id)]
    assert notice["service"] == TaskQueue.POSTROOM
    assert "127.0.0.1 đã tự tắt" in notice["vi"]
    assert [row["state"] for row in await readers.mails(webhook.owner)] == ["WAITING"]


async def test_it_is_an_alarm_until_it_is_turned_on_again(webhook: Webhook) -> None:
    await webhook.fail()
    [alarm] = await webhook.alarms()
    assert (alarm["kind"], alarm["subject_code"]) == ("WEBHOOK_OFF", "127.0.0.1")
    assert "turning-on" in alarm["what_to_do_vi"]
    await webhook.ask("POST", f"/webhooks/{webhook.id}/turning-on?dry_run=true")
    assert len(await webhook.alarms()) == 1
    await webhook.ask("POST", f"/webhooks/{webhook.id}/turning-on")
    assert (await webhook.alarms(), await webhook.rows(STANDING)) == ([], [(False,)])


async def test_or_turned_off_for_good_which_is_somebodys_act(webhook: Webhook) -> None:
    await webhook.fail()
    for _ in range(2):
        await webhook.ask("POST", f"/webhooks/{webhook.id}/turning-off", webhook.other)
    assert await webhook.alarms() == []
    events = await webhook.rows("select kind, actor_id from events where subject_id = $1 order by seq")
    assert events[1:] == [("WebhookTurnedOff", None), ("WebhookTurnedOff", webhook.other)]


async def test_one_that_is_turned_off_by_hand_is_no_alarm(webhook: Webhook) -> None:
    await webhook.ask("POST", f"/webhooks/{webhook.id}/turning-off")
    assert (await webhook.rows(STANDING), await webhook.rows(TOLD)) == ([], [])
