"""A request that was rejected is complained about like a refusal: settled by somebody who did not reject it,
and checked again where the complaint is right."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.messages.intake import DossierClosed
from language.messages.journey import JourneyOutcome
from language.names import Signal
from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.intake.operations.checking_again import CheckAgain
from services.intake.store.upheld_complaints import waiting
from services.review.app import SERVICE as REVIEW
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import Case

REJECTION = {"ground": "INCOMPLETE", "reason": "Thiếu minh chứng"}
WHY = {"reason": "Minh chứng đã nộp kèm hồ sơ"}
DISMISSED = {"outcome": "DISMISSED", "reason": "Không có minh chứng nào trong hồ sơ"}
UPHELD = {"outcome": "UPHELD", "reason": "Cán bộ đã bỏ sót tệp đính kèm"}


@dataclass
class Rejected:
    """A dossier whose request was rejected, in intake, and review beside it."""

    case: Case
    review: TestService

    async def send(self, method: str, path: str, person: UUID, body: Any = None) -> httpx.Response:
        headers = self.review.headers(person, *self.case.posts(person))
        return await self.review.http.request(method, f"/v1{path}", json=body, headers=headers)

    async def complain(self, person: UUID | None = None, query: str = "") -> httpx.Response:
        path = f"/dossiers/{self.case.id}/complaints{query}"
        return await self.send("POST", path, person or self.case.author, WHY)

    async def complained(self) -> UUID:
        made = await self.complain()
        assert made.status_code == 201, made.text
        return UUID(made.json()["id"])

    async def settle(self, complaint: UUID, person: UUID, body: dict[str, Any]) -> httpx.Response:
        return await self.send("POST", f"/complaints/{complaint}/settlement", person, body)

    async def has_it(self, complaint: UUID) -> list[UUID]:
        query = "select assignee_id from tasks where about_id = $1 and state = 'OPEN'"
        return [row["assignee_id"] for row in await self.review.database.pool.fetch(query, complaint)]

    async def follow(self) -> int:
        """What intake makes of upheld complaints; how many it found."""
        intake = self.case.service.database
        async with intake.transaction() as tx:
            found = await waiting(tx, None)
            for one in found:
                await CheckAgain(None)(tx, one)
        return len(found)

    async def reject(self, person: UUID | None = None) -> None:
        answer = await self.case.act("rejection", person or self.case.officer, REJECTION)
        assert answer.status_code == 200, answer.text

    async def check_id(self) -> UUID:
        query = "select coalesce(check_id, id) from dossiers where id = $1"
        found: UUID = await self.case.service.database.pool.fetchval(query, self.case.id)
        return found


@pytest.fixture
async def rejected(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Rejected]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=blobs) as intake:
        case, review = Case(intake, clock), await intake.shared.open(REVIEW)
        await case.publish()
        await case.staff(case.officer, heads=(case.head, uuid4(), uuid4()))
        yield Rejected(case, review)


async def heads_of(case: Case) -> list[UUID]:
    """Of the school, the commune and the province."""
    query = """
    select h.person_id from posts p join units u on u.id = p.unit_id join holdings h on h.post_id = p.id
    where p.kind = 'UNIT_HEAD' and u.id = any($1) order by cardinality(u.path) desc
    """
    organisation = (await case.facts()).database
    return [row["person_id"] for row in await organisation.pool.fetch(query, list(case.path))]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_the_author_complains_about_a_rejection_and_the_head_settles_it(rejected: Rejected) -> None:
    case = rejected.case
    await case.file()
    assert code(await rejected.complain()) == (409, "RequestNotRejected")
    await rejected.reject()
    assert code(await rejected.complain(case.officer)) == (403, "OnlyAuthorsComplain")
    assert code(await rejected.complain(case.stranger)) == (404, "NotFound")
    assert (await rejected.complain(query="?dry_run=true")).status_code == 200
    made = await rejected.complain()
    assert made.status_code == 201, made.text
    said = made.json()
    assert (said["stage_id"], said["level"], said["first_number"], said["instance"]) == (None, None, None, 1)
    complaint = UUID(said["id"])
    assert await rejected.has_it(complaint) == [case.head]
    assert code(await rejected.complain(case.co_author)) == (409, "ComplaintThere")
    for reader in (case.author, case.co_author, case.head, case.officer):
        assert (await rejected.send("GET", f"/complaints/{complaint}", reader)).status_code == 200
        listed = await rejected.send("GET", f"/dossiers/{case.id}/complaints", reader)
        assert [one["id"] for one in listed.json()["items"]] == [said["id"]]
        assert (await rejected.send("GET", f"/dossiers/{case.id}/history", reader)).status_code == 200
    assert code(await rejected.send("GET", f"/complaints/{complaint}", uuid4())) == (404, "NotFound")
    told = "select person_id from notices where kind = 'COMPLAINT_FILED'"
    people = {row["person_id"] for row in await rejected.review.database.pool.fetch(told)}
    assert people == {case.co_author, case.officer}
    run = await rejected.review.database.pool.fetchrow("select * from outbox")
    assert (run["workflow_id"], run["name"]) == (f"case:complaint:{complaint}", "CaseWorkflow")
    clock = (await rejected.send("GET", f"/clocks/{complaint}", case.author)).json()
    assert (clock["kind"], clock["level"]) == ("COMPLAINT", None)


async def test_a_dismissed_complaint_goes_once_more_to_the_unit_above(rejected: Rejected) -> None:
    case = rejected.case
    await case.file()
    await rejected.reject()
    first, heads = await rejected.complained(), await heads_of(case)
    assert (await rejected.settle(first, heads[0], DISMISSED)).status_code == 200
    again = await rejected.complained()
    assert await rejected.has_it(again) == [heads[1]]
    assert (await rejected.settle(again, heads[1], DISMISSED)).status_code == 200
    assert code(await rejected.complain()) == (409, "ComplainedTwice")
    assert await rejected.follow() == 0
    assert await case.state() == "REQUEST_REJECTED"


async def test_an_upheld_complaint_has_the_request_checked_again(rejected: Rejected) -> None:
    case = rejected.case
    await case.file()
    await rejected.reject()
    complaint = await rejected.complained()
    case.clock.offset += timedelta(days=20)
    upheld = await rejected.settle(complaint, case.head, UPHELD)
    assert (upheld.status_code, upheld.json()["ended"]) == (200, "UPHELD"), upheld.text
    assert await rejected.follow() == 0
    closed: DossierClosed = await case.close()
    assert closed.outcome is JourneyOutcome.REQUEST_REJECTED
    assert (await rejected.follow(), await rejected.follow()) == (1, 0)
    dossier = (await case.read()).json()
    assert (dossier["state"], dossier["closed_at"]) == ("FILED", None)
    check_id = await rejected.check_id()
    assert check_id != case.id
    pool = case.service.database.pool
    [task] = await pool.fetch("select * from tasks where subject_id = $1 and state = 'OPEN'", case.id)
    assert (task["kind"], task["about_id"], task["assignee_id"]) == ("FORMAL_CHECK", check_id, case.officer)
    assert (await case.kinds())[-2:] == ["RequestReopened", "FormalCheckOpened"]
    word = (await case.words())[-1]
    assert (word["action"], word["signal"]) == ("RESUME", Signal.REOPENED)
    journey = word["payload"]
    assert (journey["check"]["clock"]["about_id"], journey["closed"]) == (str(check_id), None)
    assert (await case.close()).outcome is None
    assert await case.service.database.pool.fetchval(
        "select closed_at is null and opened_at > now() from clocks where about_id = $1", check_id
    )


async def test_what_is_checked_again_goes_every_way_of_a_check(rejected: Rejected) -> None:
    case = rejected.case
    await case.file()
    await rejected.reject()
    await rejected.settle(await rejected.complained(), case.head, UPHELD)
    await case.close()
    await rejected.follow()
    asked = await case.act("supplement-notice", case.officer, {"defects": ["Thiếu minh chứng"]})
    assert asked.status_code == 200, asked.text
    assert (await case.act("supplement", case.author)).status_code == 200
    await rejected.reject()
    assert (await case.close()).outcome is JourneyOutcome.REQUEST_REJECTED
    pool = case.service.database.pool
    assert await pool.fetchval("select count(*) from clocks where closed_at is null") == 0
    open_tasks = "select count(*) from tasks where state in ('WAITING', 'OPEN')"
    assert await pool.fetchval(open_tasks) == 0
    again = await rejected.complained()
    await rejected.settle(again, case.head, UPHELD)
    assert await rejected.follow() == 1
    accepted = await case.act("acceptance", case.officer)
    assert (accepted.status_code, await case.state()) == (200, "ACCEPTED"), accepted.text


async def test_a_request_that_ran_out_of_time_was_rejected_by_nobody(rejected: Rejected) -> None:
    case = rejected.case
    await case.awaiting_supplement()
    case.clock.offset += timedelta(days=60)
    await case.lapse()
    complaint = await rejected.complained()
    assert await rejected.has_it(complaint) == [case.head]
    await case.close()
    await rejected.settle(complaint, case.head, UPHELD)
    assert await rejected.follow() == 1
    assert await case.state() == "FILED"


async def test_who_rejected_it_does_not_settle_the_complaint(rejected: Rejected) -> None:
    case = rejected.case
    heads = await heads_of(case)
    organisation = (await case.facts()).database
    await organisation.pool.execute(
        "delete from holdings using posts p where p.id = post_id and p.kind = $1", PostKind.INTAKE_OFFICER
    )
    await case.file()
    await rejected.reject(case.head)
    complaint = await rejected.complained()
    assert await rejected.has_it(complaint) == [heads[1]]


async def test_the_time_to_complain_about_a_rejection_ends(rejected: Rejected) -> None:
    await rejected.case.file()
    await rejected.reject()
    rejected.case.clock.offset += timedelta(days=120)
    assert code(await rejected.complain()) == (409, "ActTooLate")


async def test_a_paper_belongs_to_no_request(rejected: Rejected) -> None:
    await rejected.case.file()
    await rejected.reject()
    complaint = await rejected.complained()
    paper = {"number": "1/QĐ", "issued_on": "2026-01-31", "signer": "x"}
    answer = await rejected.settle(complaint, rejected.case.head, UPHELD | {"paper": paper})
    assert code(answer) == (422, "PaperNotTaken")
