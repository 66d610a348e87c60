"""Who is told of what: every service writes its notices in the transaction of the fact."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.plan.review_plan import BudgetUnit, RungAction, RungAnchor, RungRule, SeatRole, SeatRule, Share
from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.payout.app import SERVICE as PAYOUT
from services.review.app import SERVICE as REVIEW
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import Case as IntakeCase
from tests.payout_cases import Case as PayoutCase
from tests.review_cases import LADDER, basis, level_plan
from tests.review_cases import Case as ReviewCase

Told = Counter[tuple[str, UUID, str | None]]


async def _told(service: TestService, subject: UUID) -> Told:
    query = "select kind, person_id, detail from notices where subject_id = $1"
    return Counter(
        (row["kind"], row["person_id"], row["detail"])
        for row in await service.database.pool.fetch(query, subject)
    )


@pytest.fixture(scope="module")
async def review(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(REVIEW, clock=MovableClock()) as service:
        yield service


@pytest.fixture(scope="module")
async def payout(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(PAYOUT) as service:
        yield service


@pytest.fixture
async def intake(open_service: ServiceOpener, tmp_path: Any) -> AsyncIterator[IntakeCase]:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as service:
        yield IntakeCase(service, clock)


async def test_a_stage_tells_its_members_of_their_marks_and_who_decides_when_all_are_there(
    review: TestService,
) -> None:
    case = ReviewCase(review)
    await case.open()
    await case.open()
    assert await _told(review, case.dossier) == Counter(
        ("TASK_OPENED", member, "MARK") for member in case.members
    )
    before = await _told(review, case.dossier)
    await case.mark_all()
    assert await _told(review, case.dossier) - before == Counter([("TASK_OPENED", case.chair, "DECIDE")])
    before = await _told(review, case.dossier)
    assert (await case.decide()).status_code == 201
    assert await _told(review, case.dossier) - before == Counter(
        [("STAGE_DECIDED", case.author, "RECOGNISED")]
    )
    reference = await review.database.pool.fetchval(
        "select reference from notices where subject_id = $1 and kind = 'STAGE_DECIDED'", case.dossier
    )
    assert "/QĐ-" in reference


async def test_a_decision_sent_twice_tells_the_author_once(review: TestService) -> None:
    case = ReviewCase(review)
    await case.open()
    await case.mark_all()
    for _ in range(2):
        assert (await case.decide(key="one-key-for-both")).status_code == 201
    assert (await _told(review, case.dossier))["STAGE_DECIDED", case.author, "RECOGNISED"] == 1


async def test_rungs_of_a_stage_tell_the_silent_their_superior_and_the_replaced(review: TestService) -> None:
    case = ReviewCase(review)
    await case.open()
    await case.mark_all(case.members[:-1])
    before = await _told(review, case.dossier)
    for action in (
        RungAction.REMIND,
        RungAction.REMIND,
        RungAction.TELL_SUPERIOR,
        RungAction.REPLACE_SILENT,
        RungAction.HAND_UP,
    ):
        await case.climb(action)
    silent, head, substitute = case.members[-1], case.superiors[0].person_id, case.substitutes[0].person_id
    told = [
        ("REMINDED", silent, None),
        ("SUPERIOR_TOLD", head, None),
        ("TASK_OPENED", substitute, "MARK"),
        ("MEMBER_REPLACED", silent, None),
        ("TASK_OPENED", head, "DECIDE"),
        ("DECISION_HANDED_UP", case.chair, None),
    ]
    assert await _told(review, case.dossier) - before == Counter(told)


async def _with_secretary(review: TestService, *ladder: RungRule) -> ReviewCase:
    """A stage whose second seat is the secretary's."""
    chair, _, *members = level_plan(uuid4()).seats
    secretary = SeatRule(role=SeatRole.SECRETARY, post=PostKind.COUNCIL_DEPUTY_CHAIR, count=1)
    case = ReviewCase(review, ladder=ladder or LADDER, rules={"seats": (chair, secretary, *members)})
    await case.open()
    return case


async def test_a_digest_tells_the_secretary(review: TestService) -> None:
    case = await _with_secretary(review)
    before = await _told(review, case.dossier)
    await case.climb(RungAction.DIGEST)
    assert await _told(review, case.dossier) - before == Counter([("SECRETARY_TOLD", case.members[1], None)])


@pytest.mark.parametrize("sheets_in", [2, 3])
async def test_a_lowered_quorum_tells_the_secretary_and_who_decides_unless_the_task_does(
    review: TestService, sheets_in: int
) -> None:
    half = Share(numerator=1, denominator=2, basis=basis("ladder.lower_quorum"))
    lower = RungRule(
        id="lower_quorum",
        action=RungAction.LOWER_QUORUM,
        anchor=RungAnchor.START,
        offset=1,
        unit=BudgetUnit.CALENDAR_DAYS,
        basis=half.basis,
        quorum=half,
    )
    case = await _with_secretary(review, lower)
    await case.mark_all(case.members[:sheets_in])
    before = await _told(review, case.dossier)
    await case.climb(RungAction.LOWER_QUORUM)
    chair = ("TASK_OPENED", case.chair, "DECIDE") if sheets_in == 3 else ("QUORUM_LOWERED", case.chair, "1/2")
    assert await _told(review, case.dossier) - before == Counter(
        [chair, ("QUORUM_LOWERED", case.members[1], "1/2")]
    )


async def test_the_check_tells_the_officer_and_the_authors(intake: IntakeCase) -> None:
    await intake.awaiting_supplement()
    due_at = await intake.service.database.pool.fetchval(
        "select due_at from notices where kind = 'SUPPLEMENT_REQUESTED'"
    )
    assert due_at is not None
    asked = await _told(intake.service, intake.id)
    authors = (intake.author, intake.co_author)
    assert asked == Counter(
        [
            ("SHARE_TO_CONFIRM", intake.co_author, None),
            ("TASK_OPENED", intake.officer, "FORMAL_CHECK"),
            *(("SUPPLEMENT_REQUESTED", author, None) for author in authors),
        ]
    )
    assert (await intake.act("supplement", intake.author)).status_code == 200
    assert (await intake.act("acceptance", intake.officer)).status_code == 200
    back = [
        ("TASK_OPENED", intake.officer, "FORMAL_CHECK"),
        *(("REQUEST_ACCEPTED", author, None) for author in authors),
    ]
    assert await _told(intake.service, intake.id) - asked == Counter(back)


async def test_a_rejection_tells_the_authors(intake: IntakeCase) -> None:
    await intake.file()
    assert (
        await intake.act("rejection", intake.officer, {"ground": "INCOMPLETE", "reason": "Thiếu minh chứng"})
    ).status_code == 200
    assert (await _told(intake.service, intake.id))["REQUEST_REJECTED", intake.author, None] == 1


async def test_an_award_tells_its_signers_in_turn_and_its_payees_twice(payout: TestService) -> None:
    case = PayoutCase(payout)
    await case.paid()
    payees = [author.person_id for author in case.authors]
    signers = [
        ("TASK_OPENED", case.verifier, "VERIFY_AWARD"),
        ("TASK_OPENED", case.approver, "APPROVE_AWARD"),
    ]
    assert await _told(payout, case.dossier) == Counter(
        [*signers, *((kind, payee, None) for payee in payees for kind in ("AWARD_APPROVED", "AWARD_PAID"))]
    )


async def test_notices_hold_no_names_and_nothing_of_what_somebody_wrote(intake: IntakeCase) -> None:
    await intake.awaiting_supplement()
    rows = await intake.service.database.pool.fetch("select to_jsonb(n)::text as row from notices n")
    assert rows
    for row in rows:
        assert "Thiếu" not in row["row"]
        assert "Nguyễn" not in row["row"]
