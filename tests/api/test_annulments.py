"""What follows from a decision that no longer stands: for the dossier in intake, for the money in payout."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.annulments import follow_one, waiting
from language.messages.journey import StageOutcome
from language.names import Signal
from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.intake.operations.following_annulments import FollowAnnulments
from services.payout.app import SERVICE as PAYOUT
from services.payout.operations.claiming_back import follow_annulment
from tests.conftest import MovableClock, ServiceOpener, SharedDatabase, TestService
from tests.intake_cases import Case
from tests.payout_cases import Case as AwardCase

RECOGNISED, REFUSED = StageOutcome.RECOGNISED, StageOutcome.REFUSED
ACT = """
insert into decision_acts (id, stage_id, ordinal, kind, event_id, decision_number, reason, new_stage_id,
  actor_id, acted_at)
values ($1, $2, 1, $3, $4, '9/QĐ-2026', 'Kê khai không đúng', $5, $6, $7)
"""
ANNUL = "update stages set annulled_at = $2, annulled_by = $3 where id = $1"


async def annul(shared: SharedDatabase, dossier: UUID, kind: str, level: str = "UNIT") -> UUID:
    """As review writes it; the stage that is opened anew, if one is."""
    review = await shared.database("review")
    stage = await review.pool.fetchval(
        "select id from stages where dossier_id = $1 and level = $2", dossier, level
    )
    anew = uuid4()
    given = anew if kind == "REOPENING" else None
    now = datetime.now(UTC)
    await review.pool.execute(ACT, uuid4(), stage, kind, uuid4(), given, uuid4(), now)
    await review.pool.execute(ANNUL, stage, now, kind)
    return anew


async def follow(service: TestService, what: Any) -> int:
    """Follow everything that waits; how much still does."""
    async with service.database.transaction() as tx:
        for annulment in await waiting(tx, None):
            await follow_one(tx, annulment, what)
    async with service.database.reading() as tx:
        return len(await waiting(tx, None))


class TestIntake:
    """The dossier."""

    @pytest.fixture
    async def case(
        self, open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
    ) -> AsyncIterator[Case]:
        blobs: Path = tmp_path_factory.mktemp("blobs")
        clock = MovableClock()
        async with open_service(INTAKE, clock=clock, blob_dir=blobs) as intake:
            yield Case(intake, clock)

    async def test_a_refusal_examined_again_reopens_the_dossier_and_its_journey(self, case: Case) -> None:
        await case.accepted()
        await case.stage("UNIT", REFUSED)
        anew = await annul(case.service.shared, case.id, "REOPENING")
        follows = FollowAnnulments(None)
        review = await case.service.shared.database("review")
        await review.pool.execute("update stages set annulled_at = null, annulled_by = null")
        assert await follow(case.service, follows) == 1
        assert (await case.close()).outcome is not None
        await review.pool.execute("update stages set annulled_at = now(), annulled_by = 'REOPENING'")
        assert await follow(case.service, follows) == 0
        dossier = (await case.read()).json()
        assert (dossier["state"], dossier["closed_at"], dossier["levels"]) == ("ACCEPTED", None, None)
        assert (await case.kinds())[-1] == "DossierReopened"
        word = (await case.words())[-1]
        assert (word["action"], word["signal"]) == ("RESUME", Signal.REOPENED)
        journey = word["payload"]
        assert (journey["anew"]["stage_id"], journey["anew"]["level"]["level"]) == (str(anew), "UNIT")
        assert (journey["decided"], journey["closed"]) == ([], None)
        assert (await case.close()).outcome is None
        before = len(await case.words())
        assert await follow(case.service, follows) == 0
        assert len(await case.words()) == before

    async def test_a_dossier_whose_last_recognition_was_cancelled_is_recognised_no_more(
        self, case: Case
    ) -> None:
        await case.accepted()
        await case.stage("UNIT", RECOGNISED)
        await case.close()
        await annul(case.service.shared, case.id, "CANCELLATION")
        assert await follow(case.service, FollowAnnulments(None)) == 0
        dossier = (await case.read()).json()
        assert (dossier["state"], bool(dossier["closed_at"])) == ("RECOGNITION_CANCELLED", True)
        assert (await case.kinds())[-1] == "RecognitionEnded"

    async def test_what_was_cancelled_below_another_recognition_leaves_the_dossier_recognised(
        self, case: Case
    ) -> None:
        await case.accepted()
        await case.stage("UNIT", RECOGNISED, proposed=True)
        await case.stage("COMMUNE", RECOGNISED)
        await case.close()
        await annul(case.service.shared, case.id, "CANCELLATION")
        assert await follow(case.service, FollowAnnulments(None)) == 0
        assert (await case.state()) == "RECOGNISED"


class TestPayout:
    """The money."""

    @pytest.fixture
    async def case(self, open_service: ServiceOpener) -> AsyncIterator[AwardCase]:
        async with open_service(PAYOUT) as payout:
            assessed = AwardCase(payout)
            await assessed.assess()
            yield assessed

    async def alarms(self, case: AwardCase) -> list[str]:
        """The alarms that stand."""
        query = "select kind from alarms where cleared_at is null"
        return [row["kind"] for row in await case.service.database.pool.fetch(query)]

    async def test_what_nobody_has_approved_is_rejected(self, case: AwardCase) -> None:
        await annul(case.service.shared, case.dossier, "CANCELLATION")
        assert await follow(case.service, follow_annulment) == 0
        assert (await case.events())[-1]["kind"] == "AwardRejected"
        assert {state for _, _, state in await case.tasks()} == {"CANCELLED"}
        assert len(await case.signals()) == 1

    async def test_what_was_taken_up_again_is_stopped_as_the_first_would_be(self, case: AwardCase) -> None:
        await case.reject(case.verifier, case.post(PostKind.ACCOUNTANT))
        assert (await case.take_up()).status_code == 200
        await annul(case.service.shared, case.dossier, "CANCELLATION")
        assert await follow(case.service, follow_annulment) == 0
        assert await case.state() == "REJECTED"
        assert {state for _, _, state in await case.tasks()} == {"CANCELLED"}

    async def test_what_was_taken_up_again_and_is_owed_is_an_alarm(self, case: AwardCase) -> None:
        await case.reject(case.verifier, case.post(PostKind.ACCOUNTANT))
        assert (await case.take_up()).status_code == 200
        assert (await case.verify()).status_code == (await case.approve()).status_code == 200
        await annul(case.service.shared, case.dossier, "CANCELLATION")
        assert await follow(case.service, follow_annulment) == 0
        assert await self.alarms(case) == ["MONEY_TO_CLAIM_BACK"]

    async def test_what_is_owed_is_an_alarm_until_it_is_reversed(self, case: AwardCase) -> None:
        await case.approved()
        await annul(case.service.shared, case.dossier, "CANCELLATION")
        assert await follow(case.service, follow_annulment) == 0
        assert await self.alarms(case) == ["MONEY_TO_CLAIM_BACK"]
        assert (await case.reverse()).status_code == 200
        assert await self.alarms(case) == []
