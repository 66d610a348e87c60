"""Of another mail address the person is told at the address of before, too, whoever changed it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest

from casework.history.record import record
from cli.mail import caught
from embedded.mail_catcher import catching
from language.events.base import Change
from language.events.organisation import PersonChanged
from language.ids import DossierId, EventId
from language.messages.notices import NoticeKind
from language.names import TaskQueue
from services.postroom.app import SERVICE
from services.postroom.operations.telling import accept_notices
from services.postroom.store.forgetting import forget_mails, forget_notices
from tests.conftest import MovableClock, ServiceOpener, free_port
from tests.notice_cases import Readers, eventually, text_of


@pytest.fixture(scope="module")
async def readers(open_service: ServiceOpener) -> AsyncIterator[Readers]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, smtp_url="smtp://127.0.0.1:9") as service:
        found = await Readers(service, clock).prepare()
        found.at(9)
        yield found


async def _letters(readers: Readers, folder: Path, *addresses: str) -> dict[str, list[EmailMessage]]:
    port = free_port()

    async def all_sent() -> bool:
        rows = await readers.service.database.pool.fetch("select state from mails")
        return {row["state"] for row in rows} == {"SENT"}

    async with catching(folder, port), readers.running(readers.mailing(port)):
        await eventually(all_sent)
    return {address: [mail for mail in caught(folder) if mail["To"] == address] for address in addresses}


async def _office_moves(readers: Readers, person: UUID, old: str, new: str) -> None:
    """The office enters another address, and its notice arrives twice."""
    organisation = await readers.service.shared.database(TaskQueue.ORGANISATION)
    fact = PersonChanged(full_name=None, date_of_birth=None, mail_address=Change(old=old, new=new))
    async with organisation.transaction() as tx:
        await tx.conn.execute("update people set mail_address = $2 where id = $1", person, new)
        event_id = await record(tx, fact, about=person)
    told = readers.notice(person, NoticeKind.ENTERED_ABOUT_YOU, detail="NAME_CHANGED,MAIL_CHANGED")
    told = replace(
        told, event_id=EventId(event_id), subject_id=DossierId(person), subject_code="gv-17", level=None
    )
    for _ in range(2):
        async with readers.service.database.transaction() as tx:
            await accept_notices(tx, TaskQueue.ORGANISATION, [told], mails_go_out=True)


async def test_the_address_of_before_learns_of_another_that_the_office_enters(
    readers: Readers, tmp_path: Path
) -> None:
    readers.at(9)
    person = await readers.person()
    old, new = f"old-{person.hex}@sk.test", f"new-{person.hex}@sk.test"
    await _office_moves(readers, person, old, new)
    letters = await _letters(readers, tmp_path, old, new)
    for address in (old, new):
        [letter] = letters[address]
        assert "sửa họ tên; đổi địa chỉ thư điện tử" in text_of(letter)
        assert new not in text_of(letter)
    kept = await readers.mails(person)
    assert [mail["former_address"] for mail in kept] == [None, None], "it is forgotten once the mail went"
    inbox = await readers.service.http.get("/v1/notices", headers=readers.service.headers(person))
    assert len(inbox.json()["items"]) == 1


async def test_and_of_another_that_is_chosen_by_whomever(readers: Readers, tmp_path: Path) -> None:
    readers.at(9)
    person = await readers.person(language="vi")
    assert await readers.mails(person) == [], "the first address is no other one"
    old, new = f"{person.hex}@sk.test", f"new-{person.hex}@sk.test"
    assert (await readers.choose(person, 1, mail_address=new)).status_code == 200
    letters = await _letters(readers, tmp_path, old, new)
    assert [len(letters[address]) for address in (old, new)] == [1, 1]


async def test_of_settings_that_another_chooses_the_person_is_told(readers: Readers) -> None:
    readers.at(9)
    person = await readers.person(language="vi")
    settings = {"mail_address": f"{person.hex}@sk.test", "language": "en"}
    headers = {**readers.admin(), "If-Match": '"v1"'}
    path = f"/v1/people/{person}/notice-settings"
    tried = await readers.service.http.put(f"{path}?dry_run=true", json=settings, headers=headers)
    assert (tried.status_code, await readers.mails(person)) == (200, [])
    headers = {**readers.admin(), "If-Match": '"v1"'}
    changed = await readers.service.http.put(path, json=settings, headers=headers)
    assert changed.status_code == 200, changed.text
    inbox = await readers.service.http.get("/v1/notices", headers=readers.service.headers(person))
    [told] = inbox.json()["items"]
    assert (told["kind"], told["detail"]) == ("ENTERED_ABOUT_YOU", "NOTICES_CHANGED")
    assert len(await readers.mails(person)) == 1


async def test_what_was_mailed_to_the_address_of_before_is_forgotten_with_the_rest(
    readers: Readers,
) -> None:
    readers.at(9)
    person = await readers.person()
    await _office_moves(readers, person, "a@sk.test", "b@sk.test")
    readers.clock.offset += timedelta(days=2)
    day = timedelta(days=1)
    async with readers.service.database.transaction() as tx:
        await forget_notices(tx, day, 1000)
        await tx.conn.execute("update mails set state = 'SENT' where person_id = $1", person)
        await forget_mails(tx, day, 1000)
        await forget_notices(tx, day, 1000)
        left = await tx.conn.fetchval("select count(*) from received_notices where person_id = $1", person)
    assert (left, await readers.mails(person)) == (0, [])
