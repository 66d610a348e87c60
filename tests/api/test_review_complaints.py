"""An author's complaint about a refusal: a case with a clock, settled by somebody who did not decide."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from casework.hand_over import look_at
from language.cases import CaseType
from language.messages.case import CaseClimbed, ClimbCase
from language.messages.clock import RungFinding
from language.plan.act_rules import SAMPLE_COMPLAINT
from language.posts.kinds import PostKind
from services.review.app import SERVICE
from services.review.operations.cases import CASES
from tests.complaint_cases import REFUSED, WHY, complain, complained, refused
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.review_cases import Case, holder

DISMISSED = {"outcome": "DISMISSED", "reason": "Hai giải pháp là một"}
UPHELD = {"outcome": "UPHELD", "reason": "Hội đồng đã so sánh nhầm"}


@pytest.fixture
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


async def send(case: Case, path: str, person: UUID, body: Any = None, *posts: Any) -> httpx.Response:
    headers = case.service.headers(person, *posts)
    if body is None:
        return await case.service.http.get(f"/v1/{path}", headers=headers)
    return await case.service.http.post(f"/v1/{path}", json=body, headers=headers)


async def settle(case: Case, complaint: UUID, person: UUID, body: dict[str, str]) -> httpx.Response:
    return await send(case, f"complaints/{complaint}/settlement", person, body)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def tasks(case: Case, complaint: UUID) -> list[tuple[str, UUID, str]]:
    query = "select kind, assignee_id, state from tasks where about_id = $1 order by id"
    return [tuple(row) for row in await case.service.database.pool.fetch(query, complaint)]


async def told(case: Case, kind: str) -> set[UUID]:
    query = "select person_id from notices where subject_id = $1 and kind = $2"
    rows = await case.service.database.pool.fetch(query, case.dossier, kind)
    return {row["person_id"] for row in rows}


async def words(case: Case, complaint: UUID) -> list[str]:
    query = "select name from outbox where workflow_id = $1 order by id"
    rows = await case.service.database.pool.fetch(query, f"case:complaint:{complaint}")
    return [row["name"] for row in rows]


async def test_a_complaint_is_a_case_with_a_clock_a_run_and_somebody_to_settle_it(
    service: TestService,
) -> None:
    case = await refused(service)
    head = case.superiors[0].person_id
    tried = await complain(case, query="?dry_run=true")
    assert (tried.status_code, tried.json()["ended"]) == (200, None)
    made = await complain(case)
    assert made.headers["location"] == f"/v1/complaints/{made.json()['id']}"
    complaint = UUID(made.json()["id"])
    assert (made.json()["settler_post"], made.json()["reason"]) == ("UNIT_HEAD", WHY["reason"])
    assert await tasks(case, complaint) == [("SETTLE_COMPLAINT", head, "OPEN")]
    assert await words(case, complaint) == ["CaseWorkflow"]
    clock = (await send(case, f"clocks/{complaint}", case.author)).json()
    assert (clock["kind"], clock["due_at"]) == ("COMPLAINT", made.json()["due_at"])
    assert [rung["id"] for rung in clock["rungs"]] == ["remind", "tell-superior", "hand-up"]
    assert await told(case, "COMPLAINT_FILED") == {case.chair}
    for reader in (case.author, head, case.chair):
        assert (await send(case, f"complaints/{complaint}", reader)).status_code == 200
    listed = await send(case, f"stages/{case.stage}/complaints", case.author)
    assert [one["id"] for one in listed.json()["items"]] == [str(complaint)]
    assert code(await send(case, f"complaints/{complaint}", uuid4())) == (404, "NotFound")


async def test_only_an_author_complains_once_and_about_a_refusal_that_stands(service: TestService) -> None:
    case = await refused(service)
    assert code(await complain(case, case.superiors[0].person_id)) == (403, "OnlyAuthorsComplain")
    assert code(await complain(case, uuid4())) == (404, "NotFound")
    await complained(case)
    assert code(await complain(case)) == (409, "ComplaintThere")
    recognised = case.another()
    await recognised.open()
    assert code(await complain(recognised)) == (404, "NotFound")
    await recognised.mark_all()
    await recognised.decide()
    assert code(await complain(recognised)) == (409, "ActDoesNotFit")


async def test_the_time_to_complain_is_the_packs(service: TestService) -> None:
    short = replace(SAMPLE_COMPLAINT, within=replace(SAMPLE_COMPLAINT.within, amount=10))
    late, usual = await refused(service, complaint=short), await refused(service)
    service.shared.clock.offset += timedelta(days=40)
    answer = await complain(late)
    assert code(answer) == (409, "ActTooLate")
    assert (await complain(usual)).status_code == 201


async def test_a_complaint_that_is_dismissed_leaves_the_refusal_as_it_is(service: TestService) -> None:
    case = await refused(service)
    complaint, head = await complained(case), case.superiors[0].person_id
    assert code(await settle(case, complaint, case.chair, DISMISSED)) == (403, "NotYourTask")
    assert code(await settle(case, complaint, uuid4(), DISMISSED)) == (404, "NotFound")
    settled = await settle(case, complaint, head, DISMISSED)
    assert settled.status_code == 200, settled.text
    assert (settled.json()["ended"], settled.json()["answer"]) == ("DISMISSED", DISMISSED["reason"])
    assert await tasks(case, complaint) == [("SETTLE_COMPLAINT", head, "DONE")]
    assert await words(case, complaint) == ["CaseWorkflow", "case_ended"]
    assert await told(case, "COMPLAINT_ENDED") == {case.author, case.chair}
    closed = (await send(case, f"clocks/{complaint}", case.author)).json()
    assert closed["closed_at"] is not None
    assert code(await settle(case, complaint, head, UPHELD)) == (409, "ComplaintOver")
    [last] = [event for event in await case.events() if event["kind"] == "ComplaintEnded"]
    assert (last["actor_id"], last["detail"]["ended"]) == (head, "DISMISSED")


async def test_a_complaint_that_is_upheld_has_the_dossier_examined_again(service: TestService) -> None:
    case = await refused(service)
    complaint, head = await complained(case), case.superiors[0].person_id
    service.shared.clock.offset += timedelta(days=120)
    settled = await settle(case, complaint, head, UPHELD)
    assert (settled.status_code, settled.json()["ended"]) == (200, "UPHELD"), settled.text
    annulled = await service.database.pool.fetchval(
        "select annulled_by from stages where id = $1", case.stage
    )
    assert annulled == "REOPENING"
    kinds = [event["kind"] for event in await case.events()]
    assert kinds[-2:] == ["ComplaintEnded", "RefusalReopened"]
    acts = (await send(case, f"stages/{case.stage}/acts", case.author)).json()["items"]
    assert [(one["kind"], one["reason"]) for one in acts] == [("REOPENING", UPHELD["reason"])]


async def test_an_act_on_the_decision_overtakes_an_open_complaint(service: TestService) -> None:
    case = await refused(service)
    complaint = await complained(case)
    post = held(PostKind.UNIT_HEAD, case.root)
    acted = await send(case, f"stages/{case.stage}/reopening", uuid4(), {"reason": "x"}, post)
    assert acted.status_code == 200, acted.text
    shown = (await send(case, f"complaints/{complaint}", case.author)).json()
    assert shown["ended"] == "OVERTAKEN"
    assert await tasks(case, complaint) == [("SETTLE_COMPLAINT", case.superiors[0].person_id, "CANCELLED")]
    assert await words(case, complaint) == ["CaseWorkflow", "case_ended"]


async def test_who_complained_takes_it_back_and_may_complain_again(service: TestService) -> None:
    case = await refused(service)
    complaint = await complained(case)
    path = f"complaints/{complaint}/withdrawal"
    assert code(await send(case, path, case.chair, WHY)) == (403, "OnlyAuthorsComplain")
    taken_back = await send(case, path, case.author, WHY)
    assert (taken_back.status_code, taken_back.json()["ended"]) == (200, "WITHDRAWN")
    assert case.superiors[0].person_id in await told(case, "COMPLAINT_ENDED")
    assert (await complain(case)).status_code == 201


async def test_who_decided_does_not_settle_the_complaint_unless_the_rules_say_so(
    service: TestService,
) -> None:
    for by_decider in (False, True):
        rule = replace(SAMPLE_COMPLAINT, by_decider=by_decider)
        case = Case(service, rules={"complaint": rule})
        case.superiors = [holder(PostKind.UNIT_HEAD, case.chair), case.superiors[1]]
        await case.open()
        await case.mark_all()
        await case.decide(**REFUSED)
        complaint = await complained(case)
        settler = case.chair if by_decider else case.superiors[1].person_id
        assert await tasks(case, complaint) == [("SETTLE_COMPLAINT", settler, "OPEN")]


async def climb(service: TestService, complaint: UUID, rung_id: str) -> RungFinding:
    command = ClimbCase(case=CaseType.COMPLAINT, about_id=complaint, rung_id=rung_id)
    climbed: CaseClimbed = await service.activities["climb"](command)
    return climbed.finding


async def test_while_nobody_settles_it_the_ladder_reminds_and_hands_up(service: TestService) -> None:
    case = await refused(service)
    complaint, head = await complained(case), case.superiors[0].person_id
    findings = [await climb(service, complaint, "remind")]
    service.shared.clock.offset += timedelta(days=45)
    findings += [await climb(service, complaint, rung) for rung in ("remind", "tell-superior", "hand-up")]
    assert findings == [RungFinding.NOT_YET, *[RungFinding.FIRED] * 3]
    assert await tasks(case, complaint) == [
        ("SETTLE_COMPLAINT", head, "CANCELLED"),
        ("SETTLE_COMPLAINT", case.superiors[1].person_id, "OPEN"),
    ]


async def test_the_task_goes_to_the_delegate_and_never_to_who_decided(service: TestService) -> None:
    case = await refused(service)
    complaint, head, other = await complained(case), case.superiors[0].person_id, uuid4()
    facts = await case.facts()
    await facts.delegate(head, case.chair, case.unit)
    async with service.database.transaction() as tx:
        await look_at(tx, CASES, [complaint])
    assert await tasks(case, complaint) == [("SETTLE_COMPLAINT", head, "OPEN")]
    await facts.delegate(head, other, case.unit)
    async with service.database.transaction() as tx:
        await look_at(tx, CASES, [complaint])
    assert await tasks(case, complaint) == [("SETTLE_COMPLAINT", other, "OPEN")]
    assert (await settle(case, complaint, other, DISMISSED)).status_code == 200
