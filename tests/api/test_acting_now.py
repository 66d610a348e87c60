"""A task is done by whoever acts in its post on that day, by what the organisation knows at that moment:
whoever has lost the post, or passed the work on, is refused, and so is nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from casework.tasks import NewTask, open_task
from language.posts.kinds import PostKind, PostTask
from services.intake.app import SERVICE as INTAKE
from services.intake.operations.formal_check import CASES as CHECKS
from services.payout.app import SERVICE as PAYOUT
from services.payout.operations.cases import CASES as AWARDS
from services.review.app import SERVICE as REVIEW
from services.review.operations.cases import CASES as STAGES
from tests.conftest import MovableClock, ServiceOpener, held
from tests.intake_cases import Case as IntakeCase
from tests.intake_cases import today
from tests.organisation_cases import hand_over
from tests.payout_cases import Case as PayoutCase
from tests.payout_cases import refusal
from tests.review_cases import Case as ReviewCase

GONE = (403, "NoLongerActing")


@pytest.fixture
async def check(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[IntakeCase]:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as service:
        case = IntakeCase(service, clock)
        await case.file()
        yield case


@pytest.fixture
async def stage(open_service: ServiceOpener) -> AsyncIterator[ReviewCase]:
    async with open_service(REVIEW) as service:
        case = ReviewCase(service)
        await case.open()
        yield case


@pytest.fixture
async def award(open_service: ServiceOpener) -> AsyncIterator[PayoutCase]:
    async with open_service(PAYOUT) as service:
        case = PayoutCase(service)
        await case.assess()
        yield case


async def test_an_officer_who_has_left_the_post_judges_no_request_any_more(check: IntakeCase) -> None:
    facts = await check.facts()
    await facts.leaves_post(check.officer, check.holder(check.officer).post_id)
    for act, body in (
        ("acceptance", None),
        ("rejection", {"ground": "INCOMPLETE", "reason": "x"}),
        ("supplement-notice", {"defects": ["x"]}),
    ):
        refused = await check.act(act, check.officer, body, posts=[])
        assert refusal(refused) == GONE, act
    await hand_over(check.service.database, CHECKS)
    assert (await check.service.database.pool.fetchval("select unreachable_since from tasks")) is not None


async def test_a_member_and_a_decider_who_have_left_their_posts_neither_mark_nor_decide(
    stage: ReviewCase,
) -> None:
    facts, chair, member = await stage.facts(), stage.holders[0], stage.holders[2]
    await facts.leaves_post(member.person_id, member.post_id)
    assert refusal(await stage.mark(member.person_id)) == GONE
    await facts.hold(member.person_id, member.post_id, today())
    await stage.mark_all()
    await facts.leaves_post(chair.person_id, chair.post_id)
    assert refusal(await stage.decide(chair.person_id)) == GONE
    await hand_over(stage.service.database, STAGES)
    deputy = stage.holders[1].person_id
    assert (await stage.decide(deputy)).status_code == 200


async def test_signers_who_have_left_their_posts_sign_nothing(award: PayoutCase) -> None:
    facts, accountant, chief = await award.facts(), award.holders[0], award.holders[1]
    await facts.leaves_post(accountant.person_id, accountant.post_id)
    elsewhere = held(PostKind.STAFF, *award.path)
    assert refusal(await award.verify(accountant.person_id, elsewhere)) == GONE
    await facts.hold(accountant.person_id, accountant.post_id, today())
    assert (await award.verify()).status_code == 200
    await facts.leaves_post(chief.person_id, chief.post_id)
    assert refusal(await award.approve(chief.person_id, elsewhere)) == GONE
    assert refusal(await award.reject(chief.person_id)) == GONE
    await hand_over(award.service.database, AWARDS)


async def test_a_delegate_with_a_task_in_the_council_reads_the_dossier_and_its_files(
    check: IntakeCase,
) -> None:
    await check.act("acceptance", check.officer)
    review = await check.service.shared.open(REVIEW)
    stage = ReviewCase(review, dossier=check.id, unit=check.school, root=check.province)
    await stage.open()
    delegate, facts = uuid4(), await stage.facts()
    assert (await check.send("GET", f"/dossiers/{check.id}", delegate, posts=[])).status_code == 404
    await facts.delegate(stage.members[2], delegate, check.school)
    await hand_over(review.database, STAGES)
    assert (await check.send("GET", f"/dossiers/{check.id}", delegate, posts=[])).status_code == 200
    files = await check.send("GET", f"/dossiers/{check.id}/attachments", delegate, posts=[])
    assert files.status_code == 200
    history = await review.http.get(f"/v1/dossiers/{check.id}/history", headers=review.headers(delegate))
    assert history.status_code == 200
    assert (await stage.mark(delegate)).status_code == 200
    assert (await check.send("GET", f"/dossiers/{check.id}", delegate, posts=[])).status_code == 404


async def test_who_is_on_leave_does_not_act_and_does_when_back(check: IntakeCase) -> None:
    facts = await check.facts()
    await facts.away(check.officer)
    assert refusal(await check.act("acceptance", check.officer)) == GONE
    await facts.back(check.officer)
    assert (await check.act("acceptance", check.officer)).status_code == 200


async def test_the_grantor_does_not_act_while_the_work_is_passed_on(check: IntakeCase) -> None:
    facts = await check.facts()
    given = await facts.delegate(check.officer, check.stranger, check.school)
    assert refusal(await check.act("acceptance", check.officer)) == GONE
    await hand_over(check.service.database, CHECKS)
    await facts.take_back(given)
    refused = await check.act("acceptance", check.stranger)
    assert refusal(refused) == GONE


async def test_a_substitute_and_whoever_has_a_signature_to_give_read_the_dossier_and_its_files(
    check: IntakeCase,
) -> None:
    await check.act("acceptance", check.officer)
    review = await check.service.shared.open(REVIEW)
    stage = ReviewCase(review, dossier=check.id, unit=check.school, root=check.province)
    await stage.open()
    substitute, gone, signer = stage.substitutes[0].person_id, stage.holders[2], uuid4()
    paths = [f"/dossiers/{check.id}", f"/dossiers/{check.id}/attachments", f"/dossiers/{check.id}/history"]
    for path in paths:
        assert (await check.send("GET", path, signer, posts=[])).status_code == 404
    await (await stage.facts()).leaves_post(gone.person_id, gone.post_id)
    await hand_over(review.database, STAGES)
    payout = await check.service.shared.database(PAYOUT.name)
    async with payout.transaction() as tx:
        await open_task(tx, _signature(check, signer))
    for person in (substitute, signer):
        for path in paths:
            seen = await check.send("GET", path, person, posts=[])
            assert seen.status_code == 200, (path, seen.text)


def _signature(check: IntakeCase, person: UUID) -> NewTask:
    """Work in payout about the dossier, for somebody without any post."""
    return NewTask(
        kind=PostTask.VERIFY_AWARD,
        subject_id=check.id,
        subject_code="x",
        about_id=uuid4(),
        level="UNIT",
        unit_id=check.school,
        unit_path=check.path,
        assignee_id=person,
        on_behalf_of=uuid4(),
        due_at=check.clock.now(),
        post_id=uuid4(),
    )
