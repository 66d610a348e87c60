"""A postroom with readers of notices, for the tests of inbox, mails and webhooks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import httpx

from casework.tasks import NewTask, open_tasks
from cli.mail import caught
from kit.db import Row
from kit.ids import new_id
from language.deadline.arithmetic import LOCAL_ZONE
from language.ids import DossierId, EventId, NoticeId, PersonId
from language.messages.notices import Notice, NoticeKind
from language.names import TaskQueue
from language.posts.kinds import PostKind, PostTask
from services.organisation.domain.person import Person
from services.organisation.store import people
from services.postroom.delivery.mail_server import MailServer
from services.postroom.delivery.mailing import Mailing, Sender
from services.postroom.operations.telling import accept_notices
from tests.conftest import MovableClock, TestService, held
from tests.provinces import bare_province

SENDER = Sender(mail_from="Sáng Kiến <bao@sk.test>", address="https://sk.test")


class Part(Protocol):
    """What runs until it is cancelled."""

    async def run(self) -> None:
        """Run."""
        ...


@dataclass
class Readers:
    """The service, its clock, its root unit, and what people do."""

    service: TestService
    clock: MovableClock
    root: UUID = field(default_factory=uuid4)
    mails_go_out: bool = True

    async def prepare(self) -> "Readers":
        """A bare province."""
        self.root = (await bare_province(self.service)).root
        return self

    def at(self, hour: int, minute: int = 0) -> datetime:
        """Move domain time to the next such local time and say which instant that is."""
        local = self.clock.now().astimezone(LOCAL_ZONE)
        wanted = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        wanted += timedelta(days=wanted <= local)
        self.clock.offset += wanted - local
        return wanted

    async def person(self, **settings: Any) -> UUID:
        """Somebody, with these settings if any are given."""
        person = Person(
            id=new_id(), code=f"gv-{uuid4()}", full_name="Đặng Thị Hoà", date_of_birth=None, version=1
        )
        organisation = await self.service.shared.database(TaskQueue.ORGANISATION)
        async with organisation.transaction() as tx:
            await people.insert_person(tx, person, "dang thi hoa")
        if settings:
            assert (await self.choose(person.id, **settings)).status_code == 200
        return person.id

    async def choose(
        self, person: UUID, version: int = 0, caller: UUID | None = None, **settings: Any
    ) -> httpx.Response:
        """Change somebody's settings."""
        headers = {**self.service.headers(caller or person), "If-Match": f'"v{version}"'}
        body = {"mail_address": f"{person.hex}@sk.test", **settings}
        return await self.service.http.put(f"/v1/people/{person}/notice-settings", json=body, headers=headers)

    def notice(self, person: UUID, kind: NoticeKind = NoticeKind.REMINDED, **changes: Any) -> Notice:
        """A notice that happens now."""
        values: dict[str, Any] = {
            "id": NoticeId(new_id()),
            "event_id": EventId(uuid4()),
            "person_id": PersonId(person),
            "kind": kind,
            "subject_id": DossierId(uuid4()),
            "subject_code": "SK-2026-00001",
            "level": "UNIT",
            "happened_at": self.clock.now(),
        }
        return Notice(**{**values, **changes})

    async def accept(self, *notices: Notice) -> None:
        """Notices of review arrive, and arrive again; the work that they tell of is there."""
        await self._give_work(notices)
        for _ in range(2):
            async with self.service.database.transaction() as tx:
                await accept_notices(tx, TaskQueue.REVIEW, notices, mails_go_out=self.mails_go_out)

    async def _give_work(self, notices: Sequence[Notice]) -> None:
        review = await self.service.shared.database(TaskQueue.REVIEW)
        given = [
            NewTask(
                kind=PostTask(notice.detail or PostTask.MARK),
                subject_id=notice.subject_id,
                subject_code=notice.subject_code,
                about_id=uuid4(),
                level=notice.level,
                unit_id=self.root,
                unit_path=[self.root],
                assignee_id=notice.person_id,
                on_behalf_of=None,
                due_at=self.clock.now(),
                is_told=False,
            )
            for notice in notices
            if notice.kind in {NoticeKind.TASK_OPENED, NoticeKind.REMINDED}
        ]
        async with review.transaction() as tx:
            await open_tasks(tx, given)

    async def finish_work(self, subject_id: UUID) -> None:
        """What there was to do about this is done."""
        review = await self.service.shared.database(TaskQueue.REVIEW)
        await review.pool.execute("update tasks set state = 'DONE' where subject_id = $1", subject_id)

    def admin(self) -> dict[str, str]:
        """A provincial administrator."""
        return self.service.headers(uuid4(), held(PostKind.ADMIN, self.root))

    async def mails(self, person: UUID) -> list[Row]:
        """The person's mails as the table has them."""
        return await self.service.database.pool.fetch(
            "select * from mails where person_id = $1 order by send_at, id", person
        )

    def mailing(self, port: int) -> Mailing:
        """The part that sends, to a server on this port."""
        return Mailing(
            self.service.database,
            MailServer(f"smtp://127.0.0.1:{port}", SENDER.mail_from),
            SENDER,
        )

    @asynccontextmanager
    async def running(self, part: Part) -> AsyncIterator[None]:
        """The part runs while the block does."""
        task = asyncio.create_task(part.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def eventually(holds: Callable[[], Awaitable[object]], seconds: float = 15.0) -> None:
    """Until it holds."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - asks a database
            await asyncio.sleep(0.02)


def letters_to(folder: Path, person: UUID) -> list[EmailMessage]:
    """What the catcher holds for the person."""
    return [mail for mail in caught(folder) if mail["To"] == f"{person.hex}@sk.test"]


def text_of(mail: EmailMessage) -> str:
    """What the mail says."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
