"""Who is told of what: every service writes its notices in the transaction of the fact."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.plan.review_plan import BudgetUnit, RungAction, RungRule, SeatRule, Share
from language.plan.rule_kinds import RungAnchor, SeatRole
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
        [("EXAMINATION_OPENED", case.author, None), *(("TASK_OPENED", one, "MARK") for one in case.members)]
    )
    before = await _told(review, case.dossier)
    await case.mark_all()
    assert await _told(review, case.dossier) - before == Counter([("TASK_OPENED", case.chair, "DECIDE")])
    before = await _told(review, case.dossier)
    assert (await case.decide()).status_code == 200
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
        assert (await case.decide(key="one-key-for-both")).status_code == 200
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
            *(
                (kind, author, None)
                for author in authors
                for kind in ("DOSSIER_FILED", "SUPPLEMENT_REQUESTED")
            ),
        ]
    )
    assert (await intake.act("supplement", intake.author)).status_code == 200
    assert (await intake.act("acceptance", intake.officer)).status_code == 200
    back = [
        ("TASK_OPENED", intake.officer, "FORMAL_CHECK"),
        *((kind, author, None) for author in authors for kind in ("CLOCK_RESUMED", "REQUEST_ACCEPTED")),
    ]
    assert await _told(intake.service, intake.id) - asked == Counter(back)


async def test_a_rejection_tells_the_authors(intake: IntakeCase) -> None:
    await intake.file()
    assert (
        await intake.act("rejection", intake.officer, {"ground": "INCOMPLETE", "reason": "Thiếu minh chứng"})
    ).status_code == 200
    assert (await _told(intake.service, intake.id))["REQUEST_REJECTED", intake.author, "INCOMPLETE"] == 1
    assert await _reasons(intake.service, "REQUEST_REJECTED") == {"Thiếu minh chứng"}


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
    shares = await payout.database.pool.fetch(
        "select s.person_id, s.amount_dong from award_shares s join awards a on a.id = s.award_id "
        "where a.dossier_id = $1",
        case.dossier,
    )
    told = await payout.database.pool.fetch(
        "select distinct person_id, amount_dong from notices where subject_id = $1 and kind like 'AWARD%'",
        case.dossier,
    )
    assert {tuple(row) for row in told} == {tuple(row) for row in shares}, "each their own share"


async def _reasons(service: TestService, kind: str) -> set[str | None]:
    rows = await service.database.pool.fetch("select distinct reason from notices where kind = $1", kind)
    return {row["reason"] for row in rows}


async def test_notices_hold_no_names_and_what_was_written_only_for_those_it_concerns(
    intake: IntakeCase,
) -> None:
    await intake.awaiting_supplement()
    rows = await intake.service.database.pool.fetch("select kind, to_jsonb(n)::text as row from notices n")
    assert rows
    for row in rows:
        assert ("Thiếu" in row["row"]) is (row["kind"] == "SUPPLEMENT_REQUESTED")
        assert "Nguyễn" not in row["row"]


async def test_a_decision_that_proposes_tells_its_reasons_and_that_it_goes_up(review: TestService) -> None:
    case = ReviewCase(review)
    await case.open()
    await case.mark_all()
    before = await _told(review, case.dossier)
    assert (await case.decide(propose=True)).status_code == 200
    assert await _told(review, case.dossier) - before == Counter(
        [("STAGE_DECIDED", case.author, "RECOGNISED"), ("PROPOSED_UPWARD", case.author, None)]
    )


async def test_a_withdrawal_tells_every_author(intake: IntakeCase) -> None:
    await intake.file()
    before = await _told(intake.service, intake.id)
    assert (await intake.act("withdrawal", intake.author, {"reason": "Xin rút"})).status_code == 200
    assert await _told(intake.service, intake.id) - before == Counter(
        ("DOSSIER_WITHDRAWN", author, None) for author in (intake.author, intake.co_author)
    )


async def test_an_award_that_is_rejected_or_reversed_is_told_with_its_reason(payout: TestService) -> None:
    rejected, undone = PayoutCase(payout), PayoutCase(payout)
    await rejected.assess()
    assert (await rejected.reject(rejected.verifier)).status_code == 200
    await undone.approved()
    assert (await undone.reverse()).status_code == 200
    for case, kind in ((rejected, "AWARD_REJECTED"), (undone, "AWARD_REVERSED")):
        told = await _told(payout, case.dossier)
        assert [told[kind, author.person_id, None] for author in case.authors] == [1] * len(case.authors)
        assert all(await _reasons(payout, kind))
