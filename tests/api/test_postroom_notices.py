"""The inbox of notices, and how each person wants to be told."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.messages.notices import NoticeKind
from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.postroom.app import SERVICE
from services.postroom.domain.telling import STATUTORY
from tests.conftest import MovableClock, ServiceOpener, held
from tests.notice_cases import Readers


@pytest.fixture(scope="module")
async def readers(open_service: ServiceOpener) -> AsyncIterator[Readers]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock) as service:
        yield await Readers(service, clock, mails_go_out=False).prepare()


async def _get(readers: Readers, person: UUID, path: str = "/v1/notices", **params: Any) -> Any:
    answer = await readers.service.http.get(path, params=params, headers=readers.service.headers(person))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_batch_that_comes_twice_is_in_the_inbox_once(readers: Readers) -> None:
    person = await readers.person()
    notice = readers.notice(person, NoticeKind.STAGE_DECIDED, detail="RECOGNISED", reference="3/QĐ-2026")
    await readers.accept(notice)
    [seen] = (await _get(readers, person))["items"]
    assert (seen["id"], seen["kind"], seen["detail"], seen["reference"]) == (
        str(notice.id),
        "STAGE_DECIDED",
        "RECOGNISED",
        "3/QĐ-2026",
    )
    assert (seen["service"], seen["read_at"]) == ("review", None)


async def test_the_same_event_under_another_id_tells_nobody_again(readers: Readers) -> None:
    person = await readers.person()
    notice = readers.notice(person)
    await readers.accept(notice, readers.notice(person, event_id=notice.event_id))
    assert len((await _get(readers, person))["items"]) == 1


async def test_everybody_sees_only_the_own_notices_in_pages_newest_first(readers: Readers) -> None:
    person, other = await readers.person(), await readers.person()
    sent = [readers.notice(person) for _ in range(5)]
    await readers.accept(*sent, readers.notice(other))
    found: list[str] = []
    after = None
    while True:
        page = await _get(readers, person, limit=2, **({"after": after} if after else {}))
        found += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == [str(notice.id) for notice in reversed(sent)]
    assert len((await _get(readers, other))["items"]) == 1


async def test_reading_some_or_up_to_an_instant_changes_only_the_own(readers: Readers) -> None:
    person, other = await readers.person(), await readers.person()
    first, second, task = (
        readers.notice(person),
        readers.notice(person),
        readers.notice(person, NoticeKind.TASK_OPENED),
    )
    foreign = readers.notice(other)
    await readers.accept(first, second, task, foreign)

    async def read(**body: Any) -> Any:
        return (
            await readers.service.http.post(
                "/v1/notices/read", json=body, headers=readers.service.headers(person)
            )
        ).json()

    assert await read(ids=[str(first.id), str(foreign.id), str(uuid4())]) == {"read": 1}
    assert await read(ids=[str(first.id)]) == {"read": 0}
    assert {item["id"] for item in (await _get(readers, person, unread=True))["items"]} == {
        str(second.id),
        str(task.id),
    }
    assert [item["id"] for item in (await _get(readers, person, unread=False))["items"]] == [str(first.id)]
    assert [item["id"] for item in (await _get(readers, person, kind="TASK_OPENED"))["items"]] == [
        str(task.id)
    ]
    counts = (await _get(readers, person, "/v1/notices/counts"))["items"]
    assert counts == [
        {"kind": "REMINDED", "count": 2, "unread": 1},
        {"kind": "TASK_OPENED", "count": 1, "unread": 1},
    ]
    assert await read(up_to=readers.clock.now().isoformat()) == {"read": 2}
    assert len((await _get(readers, other, unread=True))["items"]) == 1
    for wrong in (
        {},
        {"ids": [], "up_to": readers.clock.now().isoformat()},
        {"up_to": "2026-01-01T00:00:00"},
    ):
        answer = await readers.service.http.post(
            "/v1/notices/read", json=wrong, headers=readers.service.headers(person)
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")


async def test_who_has_chosen_nothing_has_the_usual_settings_and_no_address(readers: Readers) -> None:
    person = await readers.person()
    answer = await readers.service.http.get(
        f"/v1/people/{person}/notice-settings", headers=readers.service.headers(person)
    )
    assert (answer.headers["etag"], answer.json()["mail_address"], answer.json()["modes"]) == (
        '"v0"',
        None,
        {},
    )
    usual = answer.json()["usual"]
    assert usual.keys() == set(NoticeKind)
    assert (usual["TASK_OPENED"], usual["STAGE_DECIDED"]) == ("DIGEST", "NOW")


async def test_settings_are_edited_at_their_version_and_read_back(readers: Readers) -> None:
    person = await readers.person()
    chosen = {
        "language": "en",
        "modes": {"TASK_OPENED": "OFF"},
        "digest_hour": 8,
        "quiet_from": None,
        "quiet_to": None,
    }
    first = await readers.choose(person, **chosen)
    assert (first.status_code, first.headers["etag"]) == (200, '"v1"')
    lost = await readers.choose(person, **chosen)
    assert (lost.status_code, lost.json()["code"]) == (412, "EditConflict")
    assert (await readers.choose(person, version=1, mail_address=None)).headers["etag"] == '"v2"'
    answer = await readers.service.http.get(
        f"/v1/people/{person}/notice-settings", headers=readers.service.headers(person)
    )
    assert (answer.json()["mail_address"], answer.json()["version"], answer.json()["quiet_from"]) == (
        None,
        2,
        21,
    )


async def test_who_has_chosen_nothing_is_reached_where_the_organisation_says_and_who_has_is_not(
    readers: Readers,
) -> None:
    person = await readers.person()
    organisation = await readers.service.shared.database(TaskQueue.ORGANISATION)
    await organisation.pool.execute("update people set mail_address = 'so@sk.test' where id = $1", person)

    async def known() -> tuple[str | None, int]:
        told = await _get(readers, person, f"/v1/people/{person}/notice-settings")
        return told["mail_address"], told["version"]

    assert await known() == ("so@sk.test", 0)
    await readers.choose(person, mail_address=None)
    assert await known() == (None, 1)


@pytest.mark.parametrize("kind", sorted(STATUTORY))
async def test_what_the_law_has_people_told_cannot_be_turned_off(readers: Readers, kind: NoticeKind) -> None:
    person = await readers.person()
    answer = await readers.choose(person, modes={kind: "OFF", "TASK_OPENED": "OFF"})
    assert (answer.status_code, answer.json()["code"], answer.json()["facts"]) == (
        422,
        "NoticeIsStatutory",
        {"kinds": kind},
    )
    assert (await readers.choose(person, modes={kind: "DIGEST"})).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"mail_address": "a@b\r\nBcc: x@y.vn"},
        {"mail_address": "không@sk.vn"},
        {"mail_address": "a"},
        {"digest_hour": 24},
        {"quiet_from": 5, "quiet_to": 5},
        {"quiet_from": None, "quiet_to": 6},
        {"modes": {"REMINDED": "SOMETIMES"}},
        {"modes": {"LUNCH": "NOW"}},
    ],
)
async def test_settings_that_make_no_sense_are_refused(readers: Readers, wrong: dict[str, Any]) -> None:
    answer = await readers.choose(await readers.person(), **wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")


async def test_settings_belong_to_the_person_and_administrators_over_the_person(readers: Readers) -> None:
    person = await readers.person()
    path = f"/v1/people/{person}/notice-settings"
    stranger = readers.service.headers(uuid4(), held(PostKind.UNIT_HEAD, readers.root))
    assert (await readers.service.http.get(path, headers=stranger)).status_code == 403
    assert (await readers.choose(person, caller=uuid4())).status_code == 403
    assert (await readers.service.http.get(path, headers=readers.admin())).status_code == 200
    gone = f"/v1/people/{uuid4()}/notice-settings"
    assert (await readers.service.http.get(gone, headers=readers.admin())).status_code == 404


async def test_nobody_is_mailed_without_a_mail_server(readers: Readers) -> None:
    person = await readers.person(language="vi")
    await readers.accept(readers.notice(person))
    assert await readers.mails(person) == []
