"""A clerk prepares a dossier for an author, who corrects it, and files it or agrees to its filing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import PDF, Case, content

CLOCK = MovableClock()


@pytest.fixture(scope="module")
async def service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    async with open_service(SERVICE, clock=CLOCK, blob_dir=blobs) as intake:
        yield intake


@pytest.fixture
async def case(service: TestService) -> Case:
    CLOCK.offset = timedelta()
    case = Case(service, CLOCK)
    await case.publish()
    for person in (case.author, case.co_author, case.officer):
        await service.http.get("/v1/tasks", headers=service.headers(person, *case.posts(person)))
    return case


async def prepare(
    case: Case, *authors: UUID, by: UUID | None = None, author: UUID | None = None, query: str = ""
) -> httpx.Response:
    """The clerk begins the dossier for its author."""
    body = content(*(authors or (case.author,)))
    await case.know(body)
    asked: dict[str, Any] = {"unit_id": str(case.school), "season_id": str(case.season), "content": body}
    asked["author_id"] = str(author or case.author)
    made = await case.send("POST", f"/dossiers{query}", by or case.officer, json=asked)
    if made.status_code == 201:
        case.id = UUID(made.json()["id"])
    return made


async def agree(case: Case, person: UUID | None = None, etag: str | None = None) -> httpx.Response:
    headers = {"If-Match": etag or (await case.read()).headers["etag"]}
    return await case.act("filing-agreement", person or case.author, headers=headers)


async def told(case: Case, kind: str) -> list[UUID]:
    query = "select person_id from notices where subject_id = $1 and kind = $2"
    return [row["person_id"] for row in await case.service.database.pool.fetch(query, case.id, kind)]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_clerk_prepares_the_author_agrees_and_the_clerk_files(case: Case) -> None:
    assert (await prepare(case, query="?dry_run=true")).status_code == 200
    made = await prepare(case)
    assert made.status_code == 201, made.text
    shown = made.json()
    assert (shown["prepared_by"], shown["filer_id"], shown["agreed_at"]) == (
        str(case.officer),
        str(case.author),
        None,
    )
    assert await told(case, "DRAFT_BEGUN") == [case.author]
    assert code(await case.act("filing", case.officer)) == (409, "FilingNotAgreed")
    agreed = await agree(case)
    assert (agreed.status_code, agreed.json()["agreed_at"] is not None) == (200, True)
    assert await told(case, "FILING_AGREED") == [case.officer]
    filed = await case.act("filing", case.officer)
    assert (filed.status_code, filed.json()["state"]) == (200, "FILED"), filed.text
    [fact] = [event for event in await case.events() if event["kind"] == "DossierFiled"]
    assert (fact["actor_id"], fact["on_behalf_of"]) == (case.officer, case.author)
    assert case.author in await told(case, "DOSSIER_FILED")
    assert (await case.kinds())[:3] == ["DraftBegun", "FilingAgreed", "DossierFiled"]


ASKED = "select kind, person_id from intake.asked_v1 where subject_id = $1 order by kind, person_id"


async def asked(case: Case) -> list[tuple[str, UUID]]:
    """Whose word is awaited, as the service publishes it."""
    return [tuple(row) for row in await case.service.database.pool.fetch(ASKED, case.id)]


async def test_what_is_asked_of_whom_is_published_until_it_is_answered(case: Case) -> None:
    await prepare(case, case.author, case.co_author)
    shares = [("SHARE", person) for person in sorted((case.author, case.co_author))]
    assert await asked(case) == [("AGREEMENT", case.author), *shares]
    await agree(case)
    assert await asked(case) == [("FILING", case.officer), ("SHARE", case.co_author)]
    await case.act("share-refusal", case.co_author, {"reason": "Không đúng phần của tôi"})
    await case.act("share-confirmation", case.co_author, {"contribution_percent": "20.00"})
    assert await asked(case) == [("FILING", case.officer)]
    filed = await case.act("filing", case.officer)
    assert (filed.status_code, await asked(case)) == (200, [])


async def test_who_filed_for_the_author_does_not_check_it(case: Case) -> None:
    await prepare(case)
    await agree(case)
    await case.act("filing", case.officer)
    assert await case.tasks() == [("FORMAL_CHECK", case.head, "OPEN")]
    assert code(await case.act("acceptance", case.officer))[0] == 403


async def test_what_is_changed_is_agreed_to_again(case: Case) -> None:
    await prepare(case)
    read = (await case.read()).headers["etag"]
    await agree(case)
    corrected = await case.rewrite(content(case.author, title="Tên khác"), case.officer)
    assert (corrected.status_code, corrected.json()["agreed_at"]) == (200, None)
    assert code(await case.act("filing", case.officer)) == (409, "FilingNotAgreed")
    assert code(await agree(case, etag=read)) == (412, "EditConflict")
    await agree(case)
    read = (await case.read()).headers["etag"]
    path = f"/dossiers/{case.id}/attachments?filename=a.pdf"
    added = await case.send("POST", path, case.officer, content=PDF)
    assert added.status_code == 201, added.text
    assert code(await case.act("filing", case.officer)) == (409, "FilingNotAgreed")
    assert code(await agree(case, etag=read)) == (412, "EditConflict")
    await agree(case)
    await case.send("DELETE", f"/dossiers/{case.id}/attachments/{added.json()['id']}", case.officer)
    assert code(await case.act("filing", case.officer)) == (409, "FilingNotAgreed")


async def test_the_author_corrects_and_files_it_alone(case: Case) -> None:
    await prepare(case)
    assert (await case.rewrite(content(case.author, title="Tên đúng"))).status_code == 200
    assert (await case.act("filing", case.author)).status_code == 200
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "OPEN")]


async def test_co_authors_stand_by_their_shares_before_the_clerk_files(case: Case) -> None:
    await prepare(case, case.author, case.co_author)
    assert await told(case, "SHARE_TO_CONFIRM") == [case.co_author]
    await agree(case)
    assert code(await case.act("filing", case.officer)) == (409, "SharesNotConfirmed")
    await case.act("share-confirmation", case.co_author, {"contribution_percent": "20.00"})
    assert (await case.act("filing", case.officer)).status_code == 200


async def test_the_author_is_told_when_the_clerk_changes_the_share(case: Case) -> None:
    await prepare(case)
    await case.rewrite(content(case.author, case.co_author), case.officer)
    assert sorted(await told(case, "SHARE_TO_CONFIRM")) == sorted([case.author, case.co_author])


async def test_only_clerks_of_the_unit_prepare_for_people_of_the_unit(case: Case) -> None:
    assert code(await prepare(case, by=case.co_author)) == (403, "Forbidden")
    assert code(await prepare(case, by=case.stranger)) == (403, "Forbidden")
    assert code(await prepare(case, author=uuid4())) == (422, "AuthorNotOfUnit")
    assert code(await prepare(case, author=case.chair)) == (422, "AuthorNotOfUnit")
    made = await prepare(case, by=case.head)
    assert made.status_code == 201
    assert (await case.read(case.officer)).status_code == 200
    assert (await case.read(case.co_author)).status_code == 404
    assert code(await case.act("withdrawal", case.officer, {"reason": "x"})) == (403, "NotTheFiler")
    assert code(await agree(case, case.officer)) == (403, "NotTheFiler")


async def test_a_draft_of_the_author_alone_is_nobody_elses(case: Case) -> None:
    await case.draft()
    assert (await case.read(case.officer)).status_code == 404
    assert code(await agree(case)) == (409, "NothingToAgree")


async def test_the_clerk_finds_what_waits_and_files_many_at_once(case: Case) -> None:
    await prepare(case)
    first = case.id
    await agree(case)
    await prepare(case)
    listed = (await case.send("GET", "/dossiers", case.officer)).json()["items"]
    assert {one["id"] for one in listed} == {str(first), str(case.id)}
    body = {"items": [{"id": str(first)}, {"id": str(case.id)}]}
    answer = await case.send("POST", "/batch/dossiers/filing", case.officer, json=body)
    results = answer.json()["items"]
    assert [one["status"] for one in results] == [200, 409]
    assert results[1]["problem"]["code"] == "FilingNotAgreed"
    await (await case.facts()).leaves_post(case.officer, case.holder(case.officer).post_id)
    assert (await case.send("GET", "/dossiers", case.officer, posts=[])).json()["items"] == []


async def test_a_clerk_who_took_over_a_draft_files_it(case: Case) -> None:
    await prepare(case)
    organisation = (await case.facts()).database
    await organisation.pool.execute("delete from holdings where person_id = $1", case.author)
    assert code(await case.act("filing", case.officer)) == (409, "FilingNotAgreed")
    taken = await case.act("takeover", case.officer, {"reason": "Tác giả nghỉ hưu"})
    assert taken.status_code == 200, taken.text
    filed = await case.act("filing", case.officer)
    assert (filed.status_code, filed.json()["state"]) == (200, "FILED"), filed.text
    assert await case.tasks() == [("FORMAL_CHECK", case.head, "OPEN")]
