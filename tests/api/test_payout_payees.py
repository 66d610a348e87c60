"""An author from outside is paid only as a person of the organisation, whom the accountant has named."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.payout.app import SERVICE
from tests.conftest import ServiceOpener, TestService
from tests.payout_cases import Case, refusal

OUTSIDE = "update dossier_authors set outside = true where dossier_id = $1 and position = 2"


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as payout:
        yield payout


@pytest.fixture
async def case(service: TestService) -> Case:
    """The third author is from outside."""
    found = Case(service)
    await found.publish()
    intake = await service.shared.database(TaskQueue.INTAKE)
    await intake.pool.execute(OUTSIDE, found.dossier)
    assessed = await found.ask()
    assert assessed.award
    found.award = assessed.award.award_id
    return found


async def tie(case: Case, person: UUID, caller: UUID | None = None, query: str = "") -> Any:
    """The author from outside is this person."""
    outside = case.authors[2].person_id
    caller = caller or case.verifier
    kind = PostKind.ACCOUNTANT if caller == case.verifier else PostKind.CHIEF_ACCOUNTANT
    return await case.service.http.post(
        f"/v1/awards/{case.award}/payees/{outside}{query}",
        json={"person_id": str(person)},
        headers=case.service.headers(caller, case.own(caller, kind)),
    )


async def verify(case: Case) -> Any:
    """The first signature."""
    return await case.service.http.post(
        f"/v1/awards/{case.award}/verification",
        headers=case.service.headers(case.verifier, case.own(case.verifier, PostKind.ACCOUNTANT)),
    )


async def test_nothing_is_signed_before_every_payee_is_a_person(case: Case) -> None:
    assert refusal(await verify(case)) == (409, "PayeeNotTied")
    payee = uuid4()
    await (await case.facts()).person(payee)
    tried = await tie(case, payee, query="?dry_run=true")
    assert tried.json()["shares"][2]["person_id"] == str(payee)
    assert refusal(await verify(case)) == (409, "PayeeNotTied")
    tied = await tie(case, payee)
    assert tied.status_code == 200, tied.text
    assert [(one["person_id"], one["outside"]) for one in tied.json()["shares"]][2] == (str(payee), False)
    [fact] = [event for event in await case.events() if event["kind"] == "PayeeTied"]
    assert (fact["actor_id"], fact["detail"]["person_id"]) == (case.verifier, str(payee))
    assert (await verify(case)).status_code == 200
    assert refusal(await tie(case, payee)) == (409, "AwardNotThere")


async def test_only_a_person_whom_the_organisation_knows_and_by_whoever_verifies(case: Case) -> None:
    assert refusal(await tie(case, uuid4())) == (422, "PayeeUnknown")
    assert refusal(await tie(case, case.verifier)) == (403, "OwnAward")
    assert refusal(await tie(case, case.approver, case.approver)) == (403, "NotYourTask")


async def test_who_is_tied_signs_nothing_of_the_award(case: Case) -> None:
    assert (await tie(case, case.approver)).status_code == 200
    approvals = [task for task in await case.tasks() if task[0] == "APPROVE_AWARD"]
    unreachable = "select unreachable_since from tasks where about_id = $1 and kind = 'APPROVE_AWARD'"
    assert approvals == [("APPROVE_AWARD", case.approver, "WAITING")]
    assert await case.service.database.pool.fetchval(unreachable, case.award) is not None
    await verify(case)
    approve = await case.service.http.post(
        f"/v1/awards/{case.award}/approval",
        headers=case.service.headers(case.approver, case.own(case.approver, PostKind.CHIEF_ACCOUNTANT)),
    )
    assert refusal(approve) == (403, "OwnAward")
