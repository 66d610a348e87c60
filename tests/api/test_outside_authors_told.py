"""An author who is named as from outside has no inbox: no service writes a notice for the id by which the
dossier knows such an author."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.payout.app import SERVICE as PAYOUT
from services.review.app import SERVICE as REVIEW
from tests.complaint_cases import complained, refuse
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case as IntakeCase
from tests.intake_cases import content
from tests.payout_cases import Case as PayoutCase
from tests.review_cases import Case as ReviewCase

SECOND = """
insert into dossier_authors (dossier_id, position, person_id, percent, outside) values ($1, 2, $2, 0, true)
"""
PAID_OUTSIDE = "update award_shares set outside = true where award_id = $1 and person_id = $2"
EXTENSION = {"amount": 1, "reason": "Nhiều hồ sơ"}


@pytest.fixture
async def review(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(REVIEW, clock=MovableClock()) as service:
        yield service


@pytest.fixture
async def payout(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(PAYOUT) as service:
        yield service


async def told(service: TestService, person: UUID) -> set[str]:
    """Of what kinds."""
    rows = await service.database.pool.fetch("select kind from notices where person_id = $1", person)
    return {row["kind"] for row in rows}


async def extend(service: TestService, about_id: UUID, *path: UUID) -> None:
    """The head above gives the clock a day more."""
    headers = service.headers(uuid4(), held(PostKind.UNIT_HEAD, *path))
    answer = await service.http.post(f"/v1/clocks/{about_id}/extension", json=EXTENSION, headers=headers)
    assert answer.status_code == 200, answer.text


async def _before_council(service: TestService) -> tuple[ReviewCase, UUID]:
    """A dossier with an author whom nobody knows."""
    case, outside = ReviewCase(service), uuid4()
    await case.facts()
    await case.file()
    intake = await service.shared.database(TaskQueue.INTAKE)
    await intake.pool.execute(SECOND, case.dossier, outside)
    await case.open()
    return case, outside


async def test_a_council_tells_those_who_have_an_inbox(review: TestService) -> None:
    case, outside = await _before_council(review)
    await extend(review, case.stage, case.root)
    await refuse(case)
    complaint = await complained(case)
    await extend(review, complaint, case.root)
    answer = await review.http.post(
        f"/v1/complaints/{complaint}/withdrawal", json={"reason": "x"}, headers=review.headers(case.author)
    )
    assert answer.status_code == 200, answer.text
    known = await told(review, case.author)
    assert {"EXAMINATION_OPENED", "DEADLINE_EXTENDED", "STAGE_DECIDED"} <= known
    assert await told(review, outside) == set()


async def test_a_withdrawal_and_an_act_on_a_decision_too(review: TestService) -> None:
    withdrawn, outside = await _before_council(review)
    await withdrawn.withdraw()
    assert await told(review, withdrawn.author)
    assert await told(review, outside) == set()


async def test_of_the_money_of_an_author_who_is_tied_to_nobody_nobody_is_told(payout: TestService) -> None:
    case = PayoutCase(payout)
    await case.assess()
    outside, known = (author.person_id for author in case.authors[:2])
    await payout.database.pool.execute(PAID_OUTSIDE, case.award, outside)
    await extend(payout, case.award, *case.path[:1])
    await case.verify()
    await case.approve()
    assert {"DEADLINE_EXTENDED", "AWARD_APPROVED"} <= await told(payout, known)
    assert await told(payout, outside) == set()


async def test_who_is_paid_for_such_an_author_is_told(payout: TestService) -> None:
    case, person = PayoutCase(payout), uuid4()
    await case.assess()
    outside = case.authors[0].person_id
    await payout.database.pool.execute(PAID_OUTSIDE, case.award, outside)
    await (await case.facts()).person(person)
    await payout.database.pool.execute(
        "update award_shares set paid_to = $3 where award_id = $1 and person_id = $2",
        case.award,
        outside,
        person,
    )
    await case.verify()
    await case.approve()
    assert "AWARD_APPROVED" in await told(payout, person)
    assert await told(payout, outside) == set()


async def test_intake_tells_those_who_have_an_inbox(open_service: ServiceOpener, tmp_path: Path) -> None:
    async with open_service(INTAKE, clock=MovableClock(), blob_dir=tmp_path) as service:
        case = IntakeCase(service, MovableClock())
        body = content(case.author, case.co_author)
        body["authors"][1] |= {"person_id": str(uuid4()), "outside": True, "full_name": "Hoàng Văn Mẫu"}
        drafted = await case.draft(body)
        outside = UUID(drafted["content"]["authors"][1]["person_id"])
        assert (await case.act("filing", case.author)).status_code == 200
        await extend(service, case.id, *case.path[:2])
        assert "DEADLINE_EXTENDED" in await told(service, case.author)
        assert await told(service, outside) == set()
