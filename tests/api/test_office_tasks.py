"""Work of an office: whoever holds a like post in the unit sees it and may take it; it is always one
person's."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.intake.operations.formal_check import CASES
from services.payout.app import SERVICE as PAYOUT
from tests.conftest import HeldPost, MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import EVERY_RUNG
from tests.intake_cases import Case as IntakeCase
from tests.organisation_cases import hand_over
from tests.payout_cases import Case as PayoutCase

CLOCK = MovableClock()


@pytest.fixture(scope="module")
async def intake_service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    async with open_service(INTAKE, clock=CLOCK, blob_dir=tmp_path_factory.mktemp("blobs")) as service:
        yield service


@pytest.fixture
async def intake(intake_service: TestService) -> IntakeCase:
    """A check that one of the office's officers has."""
    CLOCK.offset = timedelta()
    case = IntakeCase(intake_service, CLOCK, ladder=EVERY_RUNG)
    await case.file()
    return case


@pytest.fixture
async def payout(open_service: ServiceOpener) -> AsyncIterator[PayoutCase]:
    async with open_service(PAYOUT) as service:
        case = PayoutCase(service)
        await case.assess()
        yield case


async def _office(service: TestService, person: UUID, *posts: HeldPost) -> list[dict[str, Any]]:
    answer = await service.http.get(
        "/v1/tasks", params={"scope": "office"}, headers=service.headers(person, *posts)
    )
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    counts = await service.http.get(
        "/v1/tasks/counts", params={"scope": "office"}, headers=service.headers(person, *posts)
    )
    assert sum(count["count"] for count in counts.json()["items"]) == len(items)
    return items


async def _take(
    service: TestService, task: str, person: UUID, *posts: HeldPost, key: str | None = None
) -> Any:
    return await service.http.post(
        f"/v1/tasks/{task}/taking", headers=service.headers(person, *posts, key=key)
    )


async def test_a_colleague_takes_a_check_and_judges_it_in_the_own_post(intake: IntakeCase) -> None:
    service, colleague, post = intake.service, uuid4(), held(PostKind.INTAKE_OFFICER, *intake.path)
    [task] = await _office(service, colleague, post)
    assert (task["assignee_id"], task["post_kind"]) == (str(intake.officer), "INTAKE_OFFICER")
    taken = await _take(service, task["id"], colleague, post)
    assert taken.status_code == 200, taken.text
    assert (taken.json()["assignee_id"], taken.json()["post_id"]) == (str(colleague), str(post.post_id))
    assert (await intake.act("acceptance", intake.officer)).json()["code"] == "NotYourTask"
    accepted = await intake.act("acceptance", colleague, posts=[post])
    assert accepted.status_code == 200, accepted.text
    events = {event["kind"]: event for event in await intake.events()}
    assert (events["TaskTaken"]["actor_id"], events["TaskTaken"]["post_id"]) == (colleague, post.post_id)
    assert events["TaskTaken"]["detail"]["from_id"] == str(intake.officer)
    assert (events["RequestAccepted"]["actor_id"], events["RequestAccepted"]["post_id"]) == (
        colleague,
        post.post_id,
    )
    told = await service.database.pool.fetch(
        "select person_id, kind from notices where event_id = $1", events["TaskTaken"]["event_id"]
    )
    assert [tuple(row) for row in told] == [(intake.officer, "TASK_TAKEN")]


async def test_only_a_like_post_in_the_very_unit_shows_and_takes_the_work(intake: IntakeCase) -> None:
    [task] = await _office(intake.service, intake.officer, *intake.posts(intake.officer))
    strangers = (
        held(PostKind.INTAKE_OFFICER, *intake.path[:2]),
        held(PostKind.INTAKE_OFFICER, *intake.path[:2], uuid4()),
        held(PostKind.ACCOUNTANT, *intake.path),
        held(PostKind.UNIT_HEAD, *intake.path),
        held(PostKind.ADMIN, *intake.path),
    )
    for post in strangers:
        assert await _office(intake.service, uuid4(), post) == []
        assert (await _take(intake.service, task["id"], uuid4(), post)).status_code == 404
    assert (await _take(intake.service, str(uuid4()), uuid4(), strangers[0])).status_code == 404
    assert "TaskTaken" not in await intake.kinds()


async def test_an_author_who_is_an_officer_too_does_not_get_the_own_dossier(intake: IntakeCase) -> None:
    post = held(PostKind.INTAKE_OFFICER, *intake.path)
    [task] = await _office(intake.service, intake.co_author, post)
    refused = await _take(intake.service, task["id"], intake.co_author, post)
    assert (refused.status_code, refused.json()["code"]) == (403, "TaskNotForYou")


async def test_taking_twice_changes_nothing_and_of_two_who_take_at_once_the_second_has_it(
    intake: IntakeCase,
) -> None:
    service, first, second = intake.service, uuid4(), uuid4()
    post = held(PostKind.INTAKE_OFFICER, *intake.path)
    [task] = await _office(service, first, post)
    key = uuid4().hex
    answers = [
        await _take(service, task["id"], first, post, key=key),
        await _take(service, task["id"], first, post, key=key),
    ]
    answers.append(await _take(service, task["id"], first, post))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (await intake.kinds()).count("TaskTaken") == 1
    both = await asyncio.gather(
        _take(service, task["id"], second, post), intake.act("acceptance", first, posts=[post])
    )
    assert sorted(answer.status_code for answer in both) in ([200, 403], [200, 404], [200, 409])
    over = await _take(service, task["id"], second, post)
    assert (over.status_code == 200) == (both[0].status_code == 200)


async def test_what_a_colleague_has_taken_stays_with_the_colleague_whatever_becomes_of_the_one_before(
    intake: IntakeCase,
) -> None:
    service, colleague, facts = intake.service, uuid4(), await intake.facts()
    post = held(PostKind.INTAKE_OFFICER, *intake.path)
    await facts.post(post.post_id, post.kind, *intake.path)
    await facts.hold(colleague, post.post_id)
    [task] = await _office(service, colleague, post)
    await _take(service, task["id"], colleague, post)
    await facts.delegate(intake.officer, uuid4(), intake.school)
    await hand_over(service.database, CASES)
    await facts.away(intake.officer)
    await hand_over(service.database, CASES)
    [mine] = await _office(service, colleague, post)
    assert (mine["assignee_id"], mine["post_id"], mine["unreachable_since"]) == (
        str(colleague),
        str(post.post_id),
        None,
    )
    assert (await intake.act("acceptance", colleague, posts=[post])).status_code == 200


async def test_a_check_that_was_handed_up_is_no_work_of_an_office_any_more(intake: IntakeCase) -> None:
    await intake.climb("hand-up")
    assert await _office(intake.service, uuid4(), held(PostKind.INTAKE_OFFICER, *intake.path)) == []
    other_head = held(PostKind.UNIT_HEAD, *intake.path)
    assert await _office(intake.service, uuid4(), other_head) == []


async def test_a_signature_is_taken_by_a_like_signer_but_nobody_signs_twice(payout: PayoutCase) -> None:
    service, colleague = payout.service, uuid4()
    accountant, chief = payout.post(PostKind.ACCOUNTANT), payout.post(PostKind.CHIEF_ACCOUNTANT)
    [verifying] = await _office(service, colleague, accountant)
    assert (await _take(service, verifying["id"], colleague, accountant)).status_code == 200
    assert (await payout.verify()).json()["code"] == "NotYourTask"
    assert (await payout.verify(colleague, accountant)).status_code == 200
    [approving] = await _office(service, colleague, chief)
    refused = await _take(service, approving["id"], colleague, accountant, chief)
    assert (refused.status_code, refused.json()["code"]) == (403, "TaskNotForYou")
    payee = payout.authors[0].person_id
    assert (await _take(service, approving["id"], payee, chief)).json()["code"] == "TaskNotForYou"
    assert (await payout.approve()).status_code == 200
