"""A member takes a submitted sheet back until the decision, or stays out of one dossier."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.plan.review_plan import RungAction, Voting
from language.plan.rule_kinds import VotingMethod
from services.review.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.review_cases import GOOD, POOR, Case, basis

WHY = "Chấm nhầm tiêu chí tính mới"
SPOUSE = "Tác giả là vợ tôi"
SECRET = Voting(method=VotingMethod.SECRET_BALLOT, basis=basis("voting"))


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


@pytest.fixture
async def case(service: TestService) -> Case:
    opened = Case(service)
    await opened.open()
    return opened


async def take_back(case: Case, person: UUID, *, sheet: Any = None, query: str = "") -> httpx.Response:
    found = sheet or await case.own_sheet(person)
    path = f"/v1/score-sheets/{found['id']}/retraction{query}"
    return await case.service.http.post(path, json={"reason": WHY}, headers=case.service.headers(person))


async def recuse(case: Case, person: UUID, query: str = "") -> httpx.Response:
    path = f"/v1/stages/{case.stage}/recusal{query}"
    return await case.service.http.post(path, json={"reason": SPOUSE}, headers=case.service.headers(person))


async def told(case: Case, kind: str) -> set[UUID]:
    query = "select person_id from notices where subject_id = $1 and kind = $2"
    rows = await case.service.database.pool.fetch(query, case.dossier, kind)
    return {row["person_id"] for row in rows}


async def test_a_sheet_taken_back_is_owed_again_and_what_it_said_is_kept(case: Case) -> None:
    await case.mark_all(scores=POOR)
    person = case.members[2]
    taken = await take_back(case, person)
    assert (taken.status_code, taken.json()["state"], taken.json()["total"]) == (200, "DRAFT", None)
    assert taken.json()["scores"] == POOR
    tasks = await case.tasks()
    assert ("MARK", person, "OPEN") in tasks
    assert ("DECIDE", case.chair, "WAITING") in tasks
    stage = (await case.read(case.chair)).json()
    assert (stage["sheets_in"], stage["sheets_owed"], stage["average_score"]) == (4, 1, None)
    assert len(stage["sheets"]) == 1
    assert await told(case, "SHEET_TAKEN_BACK") == {case.chair}
    assert (await case.mark(person, GOOD)).status_code == 200
    assert ("DECIDE", case.chair, "OPEN") in await case.tasks()
    assert (await case.read(case.chair)).json()["average_score"] == "56.30"
    sheet = await case.own_sheet(person)
    path = f"/v1/score-sheets/{sheet['id']}/retractions"
    [kept] = (await case.service.http.get(path, headers=case.service.headers(case.chair))).json()["items"]
    assert (kept["scores"], kept["total"], kept["reason"]) == (POOR, "49", WHY)
    [event] = [event for event in await case.events() if event["kind"] == "ScoreSheetTakenBack"]
    assert (event["detail"]["all_were_in"], event["detail"]["owed"]) == (True, 1)
    assert not {"scores", "total", "vote"} & set(event["detail"])


async def test_only_the_own_submitted_sheet_of_an_open_stage_is_taken_back(case: Case) -> None:
    person = case.members[1]
    assert (await take_back(case, person)).json()["code"] == "SheetNotSubmitted"
    await case.mark_all()
    sheet = await case.own_sheet(person)
    assert (await take_back(case, case.members[2], sheet=sheet)).json()["code"] == "NotYourTask"
    assert (await take_back(case, case.author, sheet=sheet)).json()["code"] == "OwnDossier"
    tried = await take_back(case, person, query="?dry_run=true")
    assert (tried.status_code, tried.json()["state"]) == (200, "DRAFT")
    assert (await case.own_sheet(person))["state"] == "SUBMITTED"
    assert (await case.decide()).status_code == 200
    late = await take_back(case, person)
    assert (late.status_code, late.json()["code"]) == (409, "AlreadyDecided")


async def test_where_the_decision_waits_for_nobody_it_stays_open(case: Case) -> None:
    await case.mark_all(case.members[:3])
    await case.climb(RungAction.HAND_UP)
    assert (await take_back(case, case.members[1])).status_code == 200
    assert ("DECIDE", case.superiors[0].person_id, "OPEN") in await case.tasks()


async def test_a_secret_vote_that_was_cast_stands(service: TestService) -> None:
    case = Case(service, rules={"voting": SECRET})
    await case.open()
    await case.mark_all(case.members[:2])
    for answer in (await take_back(case, case.members[1]), await recuse(case, case.members[1])):
        assert (answer.status_code, answer.json()["code"]) == (409, "BallotStands")
    assert (await recuse(case, case.members[2])).status_code == 200


async def test_a_substitute_takes_the_seat_of_who_stays_out(case: Case) -> None:
    person, substitute = case.members[2], case.substitutes[0].person_id
    await case.mark_all(case.members[1:4])
    answer = await recuse(case, person)
    assert (answer.status_code, answer.json()["members"], answer.json()["needed"]) == (200, 5, 4)
    seats = {seat["person_id"]: seat["state"] for seat in (await case.read(case.chair)).json()["council"]}
    assert (seats[str(person)], seats[str(substitute)]) == ("REPLACED", "ACTIVE")
    assert ("MARK", substitute, "OPEN") in await case.tasks()
    assert await told(case, "MEMBER_RECUSED") == {case.chair}
    assert (await case.mark(person)).status_code in {403, 409}
    again = await recuse(case, person)
    assert (again.status_code, again.json()["code"]) == (409, "SeatRecused")
    [event] = [event for event in await case.events() if event["kind"] == "MemberRecused"]
    assert (event["actor_id"], event["detail"]["members"]) == (person, 4)


async def test_without_a_substitute_the_council_is_smaller_and_may_decide(service: TestService) -> None:
    case = Case(service)
    case.substitutes.clear()
    await case.open()
    await case.mark_all(case.members[:4])
    answer = (await recuse(case, case.members[4])).json()
    assert (answer["members"], answer["decider_id"]) == (4, str(case.chair))
    assert ("DECIDE", case.chair, "OPEN") in await case.tasks()
    stage = (await case.read(case.chair)).json()
    assert (stage["members"], stage["sheets_owed"], len(stage["sheets"])) == (4, 0, 5)
    assert (await case.read(case.members[4])).json()["average_score"] is None
    assert (await case.decide()).status_code == 200


async def test_a_chair_who_stays_out_leaves_the_decision_to_the_superior(case: Case) -> None:
    await case.mark_all()
    superior = case.superiors[0].person_id
    answer = await recuse(case, case.chair)
    assert (answer.status_code, answer.json()["decider_id"]) == (200, str(superior))
    assert ("DECIDE", superior, "OPEN") in await case.tasks()
    assert (await case.decide()).json()["code"] == "NotYourTask"
    assert (await case.decide(superior)).status_code == 200


async def test_who_has_nothing_to_do_with_it_cannot_stay_out(case: Case) -> None:
    for person, code in ((case.author, "OwnDossier"), (uuid4(), "NotFound")):
        assert (await recuse(case, person)).json()["code"] == code
    tried = await recuse(case, case.members[1], "?dry_run=true")
    assert tried.status_code == 200
    assert ("MARK", case.members[1], "OPEN") in await case.tasks()
    await case.mark_all()
    await case.decide()
    assert (await recuse(case, case.members[1])).json()["code"] == "AlreadyDecided"
