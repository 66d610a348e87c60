"""Mails through a real SMTP server: when they go, what they say, and that none goes out twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded.mail_catcher import MailCatcher, catching
from kit.leading import LeadershipLost, take_lead
from language.messages.notices import NoticeKind
from language.names import TaskQueue
from services.postroom.app import SERVICE
from services.postroom.delivery.mailing import Mailing
from services.postroom.store import mails as store
from tests.conftest import MovableClock, ServiceOpener, free_port
from tests.notice_cases import Readers, eventually, letters_to, text_of


@pytest.fixture(scope="module")
async def readers(open_service: ServiceOpener) -> AsyncIterator[Readers]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, smtp_url="smtp://127.0.0.1:9") as service:
        found = await Readers(service, clock).prepare()
        found.at(9)
        yield found


@pytest.fixture
def port() -> int:
    return free_port()


async def _states(readers: Readers, person: UUID) -> list[str]:
    return [row["state"] for row in await readers.mails(person)]


async def _sent(readers: Readers, person: UUID, count: int = 1) -> None:
    async def all_sent() -> bool:
        return await _states(readers, person) == ["SENT"] * count

    await eventually(all_sent)


async def test_a_notice_is_mailed_at_once_in_the_readers_language(
    readers: Readers, port: int, tmp_path: Path
) -> None:
    readers.at(9)
    vi, en = await readers.person(language="vi"), await readers.person(language="en")
    async with catching(tmp_path, port), readers.running(readers.mailing(port)):
        await readers.accept(
            readers.notice(vi),
            readers.notice(en, NoticeKind.STAGE_DECIDED, detail="RECOGNISED", reference="3/QĐ-2026"),
        )
        await _sent(readers, vi)
        await _sent(readers, en)
    [to_vi], [to_en] = letters_to(tmp_path, vi), letters_to(tmp_path, en)
    assert to_vi["Subject"] == "Nhắc việc: hồ sơ SK-2026-00001 đang chờ bạn"
    assert "https://sk.test/account/notices" in text_of(to_vi)
    assert to_en["Subject"] == "Dossier SK-2026-00001: recognised as an initiative"
    assert "cannot be turned off" in text_of(to_en)
    assert "3/QĐ-2026" in text_of(to_en)
    [row] = await readers.mails(vi)
    assert to_vi["Message-ID"] == f"<{row['id']}@sk.test>"
    assert "Hoà" not in to_vi.as_string() + text_of(to_vi)


async def test_a_night_and_a_digest_are_one_mail_each_when_their_hour_comes(
    readers: Readers, port: int, tmp_path: Path
) -> None:
    readers.at(22)
    person = await readers.person(quiet_from=21, quiet_to=6, digest_hour=7)
    async with catching(tmp_path, port), readers.running(readers.mailing(port)):
        await readers.accept(
            readers.notice(person),
            readers.notice(person),
            readers.notice(person, NoticeKind.TASK_OPENED, detail="MARK"),
        )
        await readers.accept(readers.notice(person, NoticeKind.TASK_OPENED, detail="DECIDE"))
        await asyncio.sleep(1)
        assert await _states(readers, person) == ["WAITING", "WAITING"]
        readers.at(6, 1)
        await eventually(lambda: _is(readers, person, ["SENT", "WAITING"]))
        readers.at(7, 1)
        await _sent(readers, person, 2)
    night, digest = letters_to(tmp_path, person)
    assert night["Subject"] == digest["Subject"] == "2 thông báo từ Sáng Kiến"
    assert "chấm điểm" in text_of(digest)
    assert "ra quyết định" in text_of(digest)


async def test_a_mail_names_only_what_is_still_open_when_it_goes(
    readers: Readers, port: int, tmp_path: Path
) -> None:
    readers.at(9)
    some, none = await readers.person(digest_hour=7), await readers.person(digest_hour=7)
    open_one, done, nobodys = (
        readers.notice(person, NoticeKind.TASK_OPENED, detail="MARK", subject_code=f"SK-2026-0000{number}")
        for number, person in enumerate((some, some, none), start=1)
    )
    await readers.accept(open_one, done, nobodys)
    await readers.finish_work(done.subject_id)
    await readers.finish_work(nobodys.subject_id)
    readers.at(7, 1)
    async with catching(tmp_path, port), readers.running(readers.mailing(port)):
        await _sent(readers, some)
        await eventually(lambda: _is(readers, none, ["NEEDLESS"]))
    [letter] = letters_to(tmp_path, some)
    assert letter["Subject"] == "Việc mới: chấm điểm, SK-2026-00001"
    assert "SK-2026-00002" not in text_of(letter)
    assert letters_to(tmp_path, none) == []


DRAFT = """
insert into dossiers (id, state, season_id, unit_id, unit_path, created_by, created_at, content)
values ($1, 'DRAFT', $1, $1, array[$1::uuid], $2, now(), '{}')
"""
AUTHOR = "insert into dossier_authors (dossier_id, position, person_id, percent) values ($1, 1, $2, 30)"
ANSWER = """
insert into author_answers (dossier_id, person_id, answer, percent, answered_at)
values ($1, $2, 'CONFIRMED', 30, now())
"""


async def test_nobody_is_asked_for_the_share_that_was_answered(
    readers: Readers, port: int, tmp_path: Path
) -> None:
    readers.at(22)
    waiting, answered = [await readers.person(quiet_from=21, quiet_to=6) for _ in range(2)]
    intake = await readers.service.shared.database(TaskQueue.INTAKE)
    asked = [
        readers.notice(person, NoticeKind.SHARE_TO_CONFIRM, subject_code="", level=None)
        for person in (waiting, answered)
    ]
    for notice in asked:
        await intake.pool.execute(DRAFT, notice.subject_id, uuid4())
        await intake.pool.execute(AUTHOR, notice.subject_id, notice.person_id)
    await readers.accept(*asked)
    await intake.pool.execute(ANSWER, asked[1].subject_id, answered)
    readers.at(7)
    async with catching(tmp_path, port), readers.running(readers.mailing(port)):
        await _sent(readers, waiting)
        await eventually(lambda: _is(readers, answered, ["NEEDLESS"]))
    assert letters_to(tmp_path, answered) == []
    assert len(letters_to(tmp_path, waiting)) == 1


PACK = """
insert into policy_packs (name, version, content, effective_from, published_at)
values ('quy-che-mau', 3, $1, '2000-01-01', now()) on conflict do nothing
"""
CALLED = {"title_vi": "Quy chế sáng kiến tỉnh Mẫu", "title_en": "Rules of a sample province"}


async def test_rules_are_told_by_what_people_call_them(readers: Readers, port: int, tmp_path: Path) -> None:
    readers.at(9)
    person = await readers.person(language="vi")
    rulebook = await readers.service.shared.database(TaskQueue.RULEBOOK)
    await rulebook.pool.execute(PACK, CALLED)
    async with catching(tmp_path, port), readers.running(readers.mailing(port)):
        code = "quy-che-mau@3"
        await readers.accept(
            readers.notice(person, NoticeKind.PACK_PUBLISHED, subject_code=code, detail="2027-01-01"),
            readers.notice(person, NoticeKind.RULES_CHANGED, reference=code, detail="UNDER_CHECK"),
        )
        await _sent(readers, person, 2)
    letters = {str(letter["Subject"]): text_of(letter) for letter in letters_to(tmp_path, person)}
    said = "“Quy chế sáng kiến tỉnh Mẫu”, bản 3"
    published = f"Bộ quy định {said} đã được công bố, áp dụng từ 01/01/2027"
    assert published in letters
    assert any(f"Quy định áp dụng: {said}" in text for text in letters.values())
    page = await readers.service.http.get("/v1/notices", headers=readers.service.headers(person))
    assert published in {item["vi"] for item in page.json()["items"]}


async def _is(readers: Readers, person: UUID, states: list[str]) -> bool:
    return await _states(readers, person) == states


async def test_what_a_person_turned_off_is_only_in_the_inbox(readers: Readers) -> None:
    person = await readers.person(modes={"REMINDED": "OFF"})
    await readers.accept(readers.notice(person))
    assert await readers.mails(person) == []
    page = await readers.service.http.get("/v1/notices", headers=readers.service.headers(person))
    assert len(page.json()["items"]) == 1


class _Died(Exception):
    """What happens to a process happens to the part."""


class _Dying(Mailing):
    """A sender whose process dies between the server's yes and the mark of it."""

    async def _finish(self, *_: Any) -> None:
        raise _Died


async def test_a_death_between_the_servers_yes_and_our_mark_sends_nothing_twice(
    readers: Readers, port: int, tmp_path: Path
) -> None:
    readers.at(9)
    person = await readers.person(language="vi")
    ordinary = readers.mailing(port)
    dying = _Dying(ordinary._database, ordinary._server, ordinary._sender)
    async with catching(tmp_path, port):
        await readers.accept(readers.notice(person))
        with pytest.raises(_Died):
            await dying.run()
        assert await _states(readers, person) == ["SENDING"]
        async with readers.running(readers.mailing(port)):
            await eventually(lambda: _is(readers, person, ["UNSURE"]))
            await asyncio.sleep(1.2)
        assert len(letters_to(tmp_path, person)) == 1
        [mail] = await readers.mails(person)
        listed = await readers.service.http.get(
            "/v1/mails", params={"state": "UNSURE"}, headers=readers.admin()
        )
        assert str(mail["id"]) in {row["id"] for row in listed.json()["items"]}
        again = await readers.service.http.post(f"/v1/mails/{mail['id']}/resending", headers=readers.admin())
        assert (again.status_code, again.json()["state"]) == (200, "WAITING")
        async with readers.running(readers.mailing(port)):
            await _sent(readers, person)
        first, second = letters_to(tmp_path, person)
        assert first["Message-ID"] == second["Message-ID"], "a receiver that knows the first drops the second"


async def test_a_claimed_mail_is_claimed_by_nobody_else(readers: Readers) -> None:
    readers.at(9)
    person = await readers.person(language="vi")
    await readers.accept(readers.notice(person))
    [mail] = await readers.mails(person)

    async def claim() -> bool:
        async with readers.service.database.transaction() as tx:
            return await store.claim_mail(tx, mail["id"], term=1) is not None

    assert sorted(await asyncio.gather(*(claim() for _ in range(8)))) == [False] * 7 + [True]
    async with readers.service.database.transaction() as tx:
        await store.doubt_unfinished(tx)
    assert await _states(readers, person) == ["UNSURE"]


async def test_a_leader_that_was_overtaken_sends_no_further_mail(
    readers: Readers, port: int, tmp_path: Path
) -> None:
    readers.at(9)
    person = await readers.person(language="vi")
    mailing = readers.mailing(port)
    async with catching(tmp_path, port), readers.service.database.connection() as conn:
        lease = await take_lead(conn, "mailing", uuid4())
        assert lease is not None
        await readers.service.database.pool.execute(
            "update leaders set term = term + 1 where what = 'mailing'"
        )
        await readers.accept(readers.notice(person))
        [mail] = await readers.mails(person)
        with pytest.raises(LeadershipLost):
            await mailing._send_all(lease, [store.DueMail(id=mail["id"], person_id=person)])
    assert await _states(readers, person) == ["WAITING"]
    assert letters_to(tmp_path, person) == []
    await readers.service.database.pool.execute("update mails set state = 'FAILED' where state = 'WAITING'")


async def test_a_claim_of_a_term_that_is_over_puts_no_mail_back(readers: Readers) -> None:
    readers.at(9)
    person = await readers.person(language="vi")
    await readers.accept(readers.notice(person))
    [row] = await readers.mails(person)
    async with readers.service.database.transaction() as tx:
        old = await store.claim_mail(tx, row["id"], term=1)
        assert old is not None
        await store.doubt_unfinished(tx)
        await store.resend(tx, row["id"])
        assert await store.claim_mail(tx, row["id"], term=2) is not None
        await store.try_again(tx, old, "451 try later")
        await store.give_up(tx, old, store.MailState.FAILED, "550 no such mailbox")
    assert await _states(readers, person) == ["SENDING"], "somebody is sending it now"
    async with readers.service.database.transaction() as tx:
        await store.mark_sent(tx, row["id"], "250 taken")
    assert await _states(readers, person) == ["SENT"]


async def test_asked_to_stop_the_mail_under_way_is_finished(
    readers: Readers, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers.at(9)
    person = await readers.person(language="vi")
    has_it = asyncio.Event()
    keep = MailCatcher.handle_DATA

    async def slowly(self: MailCatcher, *arguments: Any) -> str:
        has_it.set()
        await asyncio.sleep(0.3)
        return await keep(self, *arguments)

    monkeypatch.setattr(MailCatcher, "handle_DATA", slowly)
    async with catching(tmp_path, port):
        await readers.accept(readers.notice(person))
        sending = asyncio.create_task(readers.mailing(port).run())
        await has_it.wait()
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
    assert await _states(readers, person) == ["SENT"]
    assert len(letters_to(tmp_path, person)) == 1


async def test_mails_wait_for_a_server_that_is_away(readers: Readers, port: int, tmp_path: Path) -> None:
    readers.at(9)
    person = await readers.person(language="vi")
    async with readers.running(readers.mailing(port)):
        await readers.accept(readers.notice(person))
        await asyncio.sleep(0.6)
        assert await _states(readers, person) == ["WAITING"]
        assert (await readers.mails(person))[0]["attempts"] == 0
        async with catching(tmp_path, port):
            await _sent(readers, person)


@pytest.mark.parametrize(
    ("answer", "state"), [("550 no such mailbox", "FAILED"), ("451 try later", "WAITING")]
)
async def test_a_no_for_good_ends_a_mail_and_a_no_for_now_pauses_it(
    readers: Readers, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, state: str
) -> None:
    readers.at(9)
    person = await readers.person(language="vi")

    async def refuse(*_: Any) -> str:
        return answer

    monkeypatch.setattr(MailCatcher, "handle_DATA", refuse)
    async with catching(tmp_path, port), readers.running(readers.mailing(port)):
        await readers.accept(readers.notice(person))
        await eventually(lambda: _tried(readers, person))
    [mail] = await readers.mails(person)
    assert (mail["state"], mail["outcome"]) == (state, answer)
    resent = await readers.service.http.post(f"/v1/mails/{mail['id']}/resending", headers=readers.admin())
    assert resent.status_code == (200 if state == "FAILED" else 409)
    assert letters_to(tmp_path, person) == []
    await readers.service.database.pool.execute("update mails set state = 'FAILED' where id = $1", mail["id"])


async def _tried(readers: Readers, person: UUID) -> bool:
    [mail] = await readers.mails(person)
    return mail["attempts"] == 1 and mail["state"] != "SENDING"


async def test_mails_are_for_administrators_of_the_province(readers: Readers) -> None:
    person = await readers.person(language="vi")
    await readers.accept(readers.notice(person))
    [mail] = await readers.mails(person)
    headers = readers.service.headers(person)
    assert (await readers.service.http.get("/v1/mails", headers=headers)).status_code == 403
    assert (
        await readers.service.http.post(f"/v1/mails/{mail['id']}/resending", headers=headers)
    ).status_code == 403


class _Slow(MailCatcher):
    """Takes its time with every mail, and counts how many it has at once."""

    at_once: ClassVar[dict[str, int]] = {"now": 0, "most": 0, "twice to one": 0}
    readers: ClassVar[set[str]] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        [reader], counts = envelope.rcpt_tos, self.at_once
        counts["now"] += 1
        counts["most"] = max(counts["most"], counts["now"])
        counts["twice to one"] += reader in self.readers
        self.readers.add(reader)
        await asyncio.sleep(0.3)
        self.readers.discard(reader)
        counts["now"] -= 1
        return await super().handle_DATA(server, session, envelope)


async def test_several_mails_go_at_once_and_one_after_the_other_to_one_reader(
    readers: Readers, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedded.mail_catcher.MailCatcher", _Slow)
    readers.at(9)
    people = [await readers.person(language="vi") for _ in range(5)]
    for person in people:
        await readers.accept(readers.notice(person))
        await readers.accept(readers.notice(person))
    async with catching(tmp_path, port), readers.running(readers.mailing(port)):
        for person in people:
            await _sent(readers, person, 2)
    assert _Slow.at_once["most"] == 4
    assert _Slow.at_once["twice to one"] == 0
