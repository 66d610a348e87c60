"""Open work changes hands under the lock of what it is about: checks, seats and decisions, signatures; and
the alarm list."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from kit.db import Row
from language.deadline.arithmetic import local_day
from language.posts.kinds import PostKind, PostTask
from services.intake.app import SERVICE as INTAKE
from services.intake.operations.formal_check import CASES as CHECKS
from services.payout.app import SERVICE as PAYOUT
from services.payout.operations.cases import CASES as AWARDS
from services.review.app import SERVICE as REVIEW
from services.review.operations.cases import CASES as STAGES
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case as IntakeCase
from tests.organisation_cases import hand_over
from tests.payout_cases import Case as PayoutCase
from tests.review_cases import GOOD
from tests.review_cases import Case as ReviewCase


async def _given(service: TestService, about: UUID) -> dict[tuple[str, UUID], Row]:
    """The pending tasks about a thing, by kind and by whom they are done for."""
    rows = await service.database.pool.fetch(
        "select * from tasks where about_id = $1 and state in ('WAITING', 'OPEN')", about
    )
    return {(row["kind"], row["on_behalf_of"] or row["assignee_id"]): row for row in rows}


async def _opened(service: TestService, person: UUID) -> list[str]:
    """The kinds of task the person was told of."""
    query = "select detail from notices where person_id = $1 and kind = 'TASK_OPENED' order by id"
    return [row["detail"] for row in await service.database.pool.fetch(query, person)]


@pytest.fixture
async def review(review_service: TestService) -> ReviewCase:
    case = ReviewCase(review_service)
    await case.open()
    return case


@pytest.fixture(scope="module")
async def review_service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(REVIEW) as service:
        yield service


async def _look(review: ReviewCase) -> None:
    await hand_over(review.service.database, STAGES)


async def test_a_seat_passes_with_its_sheet_emptied_and_comes_back(review: ReviewCase) -> None:
    member, delegate, facts = review.members[2], uuid4(), await review.facts()
    await review.mark(member, submit=False)
    given = await facts.delegate(member, delegate, review.unit)
    for _ in range(2):
        await _look(review)
    sheet = await review.own_sheet(delegate)
    assert (sheet["state"], sheet["scores"]) == ("DRAFT", {})
    refused = await review.put(sheet, member, scores=GOOD, vote="APPROVE", submit=True)
    assert refused.json()["code"] == "NotYourTask"
    assert (await _given(review.service, review.stage))["MARK", member]["assignee_id"] == delegate
    await facts.take_back(given)
    await _look(review)
    assert (await review.mark(member)).status_code == 200
    assert [
        event["detail"]["to_id"] for event in await review.events() if event["kind"] == "TaskHandedOver"
    ] == [str(delegate), str(member)]


async def test_whoever_gets_open_work_is_told_once_and_of_waiting_work_when_it_opens(
    review: ReviewCase,
) -> None:
    member, marker, decider, facts = review.members[2], uuid4(), uuid4(), await review.facts()
    await facts.delegate(member, marker, review.unit)
    await facts.delegate(review.chair, decider, review.unit, PostTask.DECIDE)
    for _ in range(2):
        await _look(review)
    assert await _opened(review.service, marker) == ["MARK"]
    assert await _opened(review.service, decider) == [], "the decision waits for the sheets"
    await review.mark_all([marker if each == member else each for each in review.members])
    assert await _opened(review.service, decider) == ["DECIDE"]
    assert await _opened(review.service, marker) == ["MARK"]


async def test_a_delegate_marks_on_behalf_of_the_member_and_the_history_says_so(review: ReviewCase) -> None:
    member, delegate, facts = review.members[2], uuid4(), await review.facts()
    task = (await _given(review.service, review.stage))["MARK", member]
    await facts.delegate(member, delegate, review.unit)
    await _look(review)
    assert (await review.mark(delegate)).status_code == 200
    [submitted] = [event for event in await review.events() if event["kind"] == "ScoreSheetSubmitted"]
    assert (submitted["actor_id"], submitted["on_behalf_of"], submitted["post_id"]) == (
        delegate,
        member,
        task["post_id"],
    )
    assert ("MARK", member) not in await _given(review.service, review.stage), (
        "a submitted sheet never changes hands"
    )


async def test_marking_and_handing_over_at_once_end_with_one_of_them(review: ReviewCase) -> None:
    facts = await review.facts()
    for member in review.members[1:]:
        delegate, sheet = uuid4(), await review.own_sheet(member)
        await facts.delegate(member, delegate, review.unit)
        marked, _ = await asyncio.gather(
            review.put(sheet, member, scores=GOOD, vote="APPROVE", submit=True), _look(review)
        )
        sheets = await review.service.database.pool.fetch(
            "select state, person_id from score_sheets where stage_id = $1 and person_id = any($2)",
            review.stage,
            [member, delegate],
        )
        was_marked = marked.status_code == 200
        assert [tuple(sheet) for sheet in sheets] == [
            ("SUBMITTED", member) if was_marked else ("DRAFT", delegate)
        ], marked.text


async def test_nobody_gets_a_second_seat_and_no_author_one(review: ReviewCase) -> None:
    member, facts = review.members[2], await review.facts()
    for person in (review.members[3], review.author):
        await facts.delegate(member, person, review.unit)
        await _look(review)
        assert (await _given(review.service, review.stage))["MARK", member]["assignee_id"] == member
    assert (await review.mark(member)).status_code == 200


async def test_a_decision_goes_to_the_delegate_and_bears_both_names(review: ReviewCase) -> None:
    delegate, facts = uuid4(), await review.facts()
    await review.mark_all()
    await facts.delegate(review.chair, delegate, review.unit)
    await _look(review)
    assert (await review.decide(review.chair)).json()["code"] == "NotYourTask"
    decided = await review.decide(delegate)
    assert decided.status_code == 200, decided.text
    [event] = [event for event in await review.events() if event["kind"] == "StageDecided"]
    assert (event["actor_id"], event["on_behalf_of"]) == (delegate, review.chair)
    assert await _given(review.service, review.stage) == {}


async def test_work_nobody_is_there_for_is_on_the_alarm_list_of_those_who_can_help(
    review: ReviewCase,
) -> None:
    member, facts = review.members[2], await review.facts()
    task = (await _given(review.service, review.stage))["MARK", member]
    await facts.away(member)
    for _ in range(2):
        await _look(review)

    async def alarms(*posts: Any) -> list[dict[str, Any]] | int:
        headers = review.service.headers(uuid4(), *posts)
        answer = await review.service.http.get(
            "/v1/tasks", params={"scope": "unit", "unreachable": True}, headers=headers
        )
        return answer.json()["items"] if answer.status_code == 200 else answer.status_code

    for kind in (PostKind.ADMIN, PostKind.UNIT_HEAD):
        [alarm] = await alarms(held(kind, review.root, review.unit))  # type: ignore[misc]
        assert (alarm["id"], alarm["assignee_id"]) == (str(task["id"]), str(member))
        assert alarm["unreachable_since"]
    assert await alarms(held(PostKind.AUDITOR, review.root, review.unit)) == 403
    assert await alarms(held(PostKind.ADMIN, review.root, uuid4())) == []
    await facts.back(member)
    await _look(review)
    assert await alarms(held(PostKind.ADMIN, review.root, review.unit)) == []
    kinds = [event["kind"] for event in await review.events()]
    assert (kinds.count("TaskUnreachable"), kinds.count("TaskHandedOver")) == (1, 0)


async def test_a_seat_goes_to_whoever_holds_its_post_next(review: ReviewCase) -> None:
    review.substitutes = []
    seat, successor, facts = review.holders[2], uuid4(), await review.facts()
    await facts.leaves_post(seat.person_id, seat.post_id)
    await _look(review)
    [task] = [
        task for task in (await _given(review.service, review.stage)).values() if task["unreachable_since"]
    ]
    assert (task["kind"], task["assignee_id"]) == ("MARK", seat.person_id)
    await facts.hold(successor, seat.post_id)
    await _look(review)
    task = (await _given(review.service, review.stage))["MARK", successor]
    assert (task["post_id"], task["unreachable_since"]) == (seat.post_id, None)


async def test_a_check_goes_to_a_delegate_from_elsewhere_who_can_read_and_judge_it(
    open_service: ServiceOpener, tmp_path: Path
) -> None:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as service:
        case = IntakeCase(service, clock)
        await case.file()
        delegate, facts = uuid4(), await case.facts()
        [task] = (await _given(service, case.id)).values()
        path = f"/v1/dossiers/{case.id}"
        assert (await service.http.get(path, headers=service.headers(delegate))).status_code == 404
        await facts.delegate(case.officer, delegate, case.school)
        await hand_over(service.database, CHECKS)
        assert await _opened(service, delegate) == ["FORMAL_CHECK"]
        assert (await service.http.get(path, headers=service.headers(delegate))).status_code == 200
        accepted = await service.http.post(f"{path}/acceptance", headers=service.headers(delegate))
        assert accepted.status_code == 200, accepted.text
        [event] = [event for event in await case.events() if event["kind"] == "RequestAccepted"]
        assert (event["actor_id"], event["on_behalf_of"], event["post_id"]) == (
            delegate,
            case.officer,
            task["post_id"],
        )
        assert (await service.http.get(path, headers=service.headers(delegate))).status_code == 404, (
            "the task is done"
        )


async def test_a_signature_goes_to_a_delegate_but_never_both_to_one(open_service: ServiceOpener) -> None:
    async with open_service(PAYOUT) as service:
        case = PayoutCase(service)
        await case.assess()
        delegate, facts = uuid4(), await case.facts()
        [verifying] = [
            task for (kind, _), task in (await _given(service, case.award)).items() if kind == "VERIFY_AWARD"
        ]
        to_approver = await facts.delegate(case.verifier, case.approver, case.unit)
        await hand_over(service.database, AWARDS)
        assert (await _given(service, case.award))["VERIFY_AWARD", case.verifier][
            "assignee_id"
        ] == case.verifier
        await facts.take_back(to_approver)
        await facts.delegate(case.verifier, delegate, case.unit)
        await facts.delegate(case.approver, delegate, case.unit)
        await hand_over(service.database, AWARDS)
        assert await _opened(service, delegate) == ["VERIFY_AWARD"]
        assert (await _given(service, case.award))["APPROVE_AWARD", case.approver][
            "assignee_id"
        ] == case.approver
        path = f"/v1/awards/{case.award}"
        assert (await service.http.get(path, headers=service.headers(delegate))).status_code == 200
        assert (
            await service.http.post(f"{path}/verification", headers=service.headers(delegate))
        ).status_code == 200
        events = await service.database.pool.fetch(
            "select * from events where subject_id = $1 and kind = 'AwardVerified'", case.dossier
        )
        assert [(event["actor_id"], event["on_behalf_of"], event["post_id"]) for event in events] == [
            (delegate, case.verifier, verifying["post_id"])
        ]


async def test_a_signature_that_was_in_the_way_of_the_other_no_longer_is_when_it_has_moved(
    open_service: ServiceOpener,
) -> None:
    """The accountant stands in for the chief accountant, who is back just when the accountant goes."""
    async with open_service(PAYOUT) as service:
        case = PayoutCase(service)
        await case.assess()
        other, facts = uuid4(), await case.facts()
        await facts.delegate(case.verifier, other, case.unit)
        await facts.delegate(case.approver, case.verifier, case.unit)
        await hand_over(service.database, AWARDS)
        given = await _given(service, case.award)
        assert given["VERIFY_AWARD", case.verifier]["assignee_id"] == other
        assert given["APPROVE_AWARD", case.approver]["assignee_id"] == case.verifier


async def test_at_midnight_work_follows_leave_that_begins_and_ends(
    open_service: ServiceOpener, tmp_path: Path
) -> None:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as service:
        case = IntakeCase(service, clock)
        await case.file()
        facts = await case.facts()
        tomorrow = local_day(clock.now()) + timedelta(days=1)
        await facts.away(case.officer, tomorrow, tomorrow)
        await hand_over(service.database, CHECKS)

        async def unreachable() -> bool:
            [task] = (await _given(service, case.id)).values()
            return bool(task["unreachable_since"])

        assert not await unreachable()
        clock.offset += timedelta(days=1)
        await hand_over(service.database, CHECKS)
        assert await unreachable()
        clock.offset += timedelta(days=1)
        await hand_over(service.database, CHECKS)
        assert not await unreachable()
