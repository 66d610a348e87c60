"""Open work changes hands under the lock of what it is about: checks, seats and decisions, signatures; and
the alarm list."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.ids import PersonId
from language.messages.hand_over import (
    GivenTask,
    HandOverTasks,
    ListGivenTasks,
    TaskResolved,
    TasksHandedOver,
)
from language.posts.kinds import ActsAs, PostKind, PostTask
from services.intake.app import SERVICE as INTAKE
from services.payout.app import SERVICE as PAYOUT
from services.review.app import SERVICE as REVIEW
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case as IntakeCase
from tests.payout_cases import Case as PayoutCase
from tests.review_cases import GOOD
from tests.review_cases import Case as ReviewCase


async def _given(service: TestService, about: UUID) -> dict[tuple[PostTask, UUID], GivenTask]:
    """The pending tasks about a thing, as the hand-over sees them, by kind and holder; read page by page."""
    found: list[GivenTask] = []
    after = None
    while True:
        page = await service.activities["list_given_tasks"](ListGivenTasks(after=after, limit=3))
        found += page.tasks
        after = page.next
        if after is None:
            break
    ids = {
        row["id"]
        for row in await service.database.pool.fetch("select id from tasks where about_id = $1", about)
    }
    return {(task.kind, task.holder_id): task for task in found if task.task_id in ids}


async def _opened(service: TestService, person: UUID) -> list[str]:
    """The kinds of task the person was told of."""
    query = "select detail from notices where person_id = $1 and kind = 'TASK_OPENED' order by id"
    return [row["detail"] for row in await service.database.pool.fetch(query, person)]


async def _hand(service: TestService, task: GivenTask, person: UUID | None) -> TasksHandedOver:
    """The person acts for the task's holder now; None: nobody is there."""
    answer = TaskResolved(task_id=task.task_id, person_id=None)
    if person:
        behalf = None if person == task.holder_id else task.holder_id
        chain = (task.holder_id, PersonId(person))
        answer = TaskResolved(
            task_id=task.task_id,
            person_id=PersonId(person),
            on_behalf_of=behalf,
            chain=chain,
            acts_as=ActsAs.DELEGATE,
        )
    done: TasksHandedOver = await service.activities["hand_over_tasks"](HandOverTasks(tasks=(answer,)))
    return done


@pytest.fixture
async def review(review_service: TestService) -> ReviewCase:
    case = ReviewCase(review_service)
    await case.open()
    return case


@pytest.fixture(scope="module")
async def review_service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(REVIEW) as service:
        yield service


async def test_a_seat_passes_with_its_sheet_emptied_and_comes_back(review: ReviewCase) -> None:
    member, delegate = review.members[2], uuid4()
    await review.mark(member, submit=False)
    task = (await _given(review.service, review.stage))[PostTask.MARK, member]
    assert (await _hand(review.service, task, delegate)).handed_over == 1
    assert (await _hand(review.service, task, delegate)).handed_over == 0, "a repeat changes nothing"
    sheet = await review.own_sheet(delegate)
    assert (sheet["state"], sheet["scores"]) == ("DRAFT", {})
    refused = await review.put(sheet, member, scores=GOOD, vote="APPROVE", submit=True)
    assert refused.json()["code"] == "NotYourTask"
    handed = (await _given(review.service, review.stage))[PostTask.MARK, member]
    assert handed.assignee_id == delegate
    assert (await _hand(review.service, handed, member)).handed_over == 1
    assert (await review.mark(member)).status_code == 200
    assert [
        event["detail"]["to_id"] for event in await review.events() if event["kind"] == "TaskHandedOver"
    ] == [str(delegate), str(member)]


async def test_whoever_gets_open_work_is_told_once_and_of_waiting_work_when_it_opens(
    review: ReviewCase,
) -> None:
    member, marker, decider = review.members[2], uuid4(), uuid4()
    given = await _given(review.service, review.stage)
    for _ in range(2):
        await _hand(review.service, given[PostTask.MARK, member], marker)
        await _hand(review.service, given[PostTask.DECIDE, review.chair], decider)
    assert await _opened(review.service, marker) == ["MARK"]
    assert await _opened(review.service, decider) == [], "the decision waits for the sheets"
    await review.mark_all([marker if each == member else each for each in review.members])
    assert await _opened(review.service, decider) == ["DECIDE"]
    assert await _opened(review.service, marker) == ["MARK"]


async def test_a_delegate_marks_on_behalf_of_the_member_and_the_history_says_so(review: ReviewCase) -> None:
    member, delegate = review.members[2], uuid4()
    task = (await _given(review.service, review.stage))[PostTask.MARK, member]
    await _hand(review.service, task, delegate)
    assert (await review.mark(delegate)).status_code == 200
    [submitted] = [event for event in await review.events() if event["kind"] == "ScoreSheetSubmitted"]
    assert (submitted["actor_id"], submitted["on_behalf_of"], submitted["post_id"]) == (
        delegate,
        member,
        task.post_id,
    )
    assert (PostTask.MARK, member) not in await _given(review.service, review.stage), (
        "a submitted sheet never changes hands"
    )


async def test_marking_and_handing_over_at_once_end_with_one_of_them(review: ReviewCase) -> None:
    given = await _given(review.service, review.stage)
    for member in review.members[1:]:
        delegate, sheet = uuid4(), await review.own_sheet(member)
        marked, handed = await asyncio.gather(
            review.put(sheet, member, scores=GOOD, vote="APPROVE", submit=True),
            _hand(review.service, given[PostTask.MARK, member], delegate),
        )
        assert (marked.status_code == 200) == (handed.handed_over == 0), marked.text
        sheets = await review.service.database.pool.fetch(
            "select state, person_id from score_sheets where stage_id = $1 and person_id = any($2)",
            review.stage,
            [member, delegate],
        )
        assert [tuple(sheet) for sheet in sheets] == [
            ("DRAFT", delegate) if handed.handed_over else ("SUBMITTED", member)
        ]


async def test_nobody_gets_a_second_seat_and_no_author_one(review: ReviewCase) -> None:
    member = review.members[2]
    task = (await _given(review.service, review.stage))[PostTask.MARK, member]
    assert set(task.barred) == set(review.members) - {member}
    assert task.excluded == (review.author,)
    for person in (review.members[3], review.author):
        assert (await _hand(review.service, task, person)).handed_over == 0
    assert (await review.mark(member)).status_code == 200


async def test_a_decision_goes_to_the_delegate_and_bears_both_names(review: ReviewCase) -> None:
    delegate = uuid4()
    await review.mark_all()
    task = (await _given(review.service, review.stage))[PostTask.DECIDE, review.chair]
    await _hand(review.service, task, delegate)
    assert (await review.decide(review.chair)).json()["code"] == "NotYourTask"
    decided = await review.decide(delegate)
    assert decided.status_code == 201, decided.text
    [event] = [event for event in await review.events() if event["kind"] == "StageDecided"]
    assert (event["actor_id"], event["on_behalf_of"]) == (delegate, review.chair)
    assert await _given(review.service, review.stage) == {}


async def test_work_nobody_is_there_for_is_on_the_alarm_list_of_those_who_can_help(
    review: ReviewCase,
) -> None:
    member = review.members[2]
    task = (await _given(review.service, review.stage))[PostTask.MARK, member]
    assert (await _hand(review.service, task, None)).unreachable == 1
    assert (await _hand(review.service, task, None)).unreachable == 0

    async def alarms(*posts: Any) -> list[dict[str, Any]] | int:
        headers = review.service.headers(uuid4(), *posts)
        answer = await review.service.http.get(
            "/v1/tasks", params={"scope": "unit", "unreachable": True}, headers=headers
        )
        return answer.json()["items"] if answer.status_code == 200 else answer.status_code

    for kind in (PostKind.ADMIN, PostKind.UNIT_HEAD):
        [alarm] = await alarms(held(kind, review.root, review.unit))  # type: ignore[misc]
        assert (alarm["id"], alarm["assignee_id"]) == (str(task.task_id), str(member))
        assert alarm["unreachable_since"]
    assert await alarms(held(PostKind.AUDITOR, review.root, review.unit)) == 403
    assert await alarms(held(PostKind.ADMIN, review.root, uuid4())) == []
    assert (await _given(review.service, review.stage))[PostTask.MARK, member].is_unreachable
    await _hand(review.service, task, member)
    assert await alarms(held(PostKind.ADMIN, review.root, review.unit)) == []
    kinds = [event["kind"] for event in await review.events()]
    assert (kinds.count("TaskUnreachable"), kinds.count("TaskHandedOver")) == (1, 0)


async def test_a_check_goes_to_a_delegate_from_elsewhere_who_can_read_and_judge_it(
    open_service: ServiceOpener, tmp_path: Path
) -> None:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as service:
        case = IntakeCase(service, clock)
        await case.in_check()
        delegate = uuid4()
        [task] = (await _given(service, case.id)).values()
        assert (task.kind, task.holder_id) == (PostTask.FORMAL_CHECK, case.officer)
        assert case.author in task.excluded
        path = f"/v1/dossiers/{case.id}"
        assert (await service.http.get(path, headers=service.headers(delegate))).status_code == 404
        await _hand(service, task, delegate)
        assert await _opened(service, delegate) == ["FORMAL_CHECK"]
        assert (await service.http.get(path, headers=service.headers(delegate))).status_code == 200
        accepted = await service.http.post(f"{path}/acceptance", headers=service.headers(delegate))
        assert accepted.status_code == 200, accepted.text
        [event] = [event for event in await case.events() if event["kind"] == "RequestAccepted"]
        assert (event["actor_id"], event["on_behalf_of"], event["post_id"]) == (
            delegate,
            case.officer,
            task.post_id,
        )
        assert (await service.http.get(path, headers=service.headers(delegate))).status_code == 404, (
            "the task is done"
        )


async def test_a_signature_goes_to_a_delegate_but_never_both_to_one(open_service: ServiceOpener) -> None:
    async with open_service(PAYOUT) as service:
        case = PayoutCase(service)
        await case.assess()
        delegate = uuid4()
        given = await _given(service, case.award)
        verifying = next(task for (kind, _), task in given.items() if kind is PostTask.VERIFY_AWARD)
        approving = next(task for (kind, _), task in given.items() if kind is PostTask.APPROVE_AWARD)
        assert set(verifying.excluded) == {author.person_id for author in case.authors}
        assert verifying.barred == (approving.assignee_id,)
        assert await _hand(service, verifying, approving.assignee_id) == TasksHandedOver(
            handed_over=0, unreachable=0
        ), "left to the next look"
        assert (await _hand(service, verifying, delegate)).handed_over == 1
        assert await _opened(service, delegate) == ["VERIFY_AWARD"]
        assert (await _hand(service, approving, delegate)).handed_over == 0
        path = f"/v1/awards/{case.award}"
        assert (await service.http.get(path, headers=service.headers(delegate))).status_code == 200
        assert (
            await service.http.post(f"{path}/verification", headers=service.headers(delegate))
        ).status_code == 200
        events = await service.database.pool.fetch(
            "select * from events where subject_id = $1 and kind = 'AwardVerified'", case.dossier
        )
        assert [(event["actor_id"], event["on_behalf_of"], event["post_id"]) for event in events] == [
            (delegate, verifying.holder_id, verifying.post_id)
        ]
