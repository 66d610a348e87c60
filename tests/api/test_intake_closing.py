"""The end of a dossier in intake: by its own check and by what review has published."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from language.messages.journey import JourneyOutcome, StageOutcome
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import Case

CLOCK = MovableClock()
REJECTION = {"ground": "INCOMPLETE", "reason": "Không mô tả giải pháp"}
RECOGNISED, REFUSED, WITHDRAWN = StageOutcome.RECOGNISED, StageOutcome.REFUSED, StageOutcome.WITHDRAWN


@pytest.fixture(scope="module")
async def service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    async with open_service(SERVICE, clock=CLOCK, blob_dir=blobs) as intake:
        yield intake


@pytest.fixture
def case(service: TestService) -> Case:
    CLOCK.offset = timedelta()
    return Case(service, CLOCK)


@pytest.mark.parametrize("outcome", [RECOGNISED, REFUSED])
async def test_closing_writes_what_review_has_decided_once(case: Case, outcome: StageOutcome) -> None:
    await case.accepted()
    await case.stage("UNIT", outcome)
    first, again = await case.close(), await case.close()
    assert (first.outcome, again) == (JourneyOutcome(outcome), first)
    dossier = (await case.read()).json()
    assert (dossier["state"], bool(dossier["closed_at"])) == (outcome, True)
    assert dossier["levels"] == [{"level": "UNIT", "outcome": outcome, "decision_number": "UNIT/QĐ-2026"}]
    assert (await case.kinds()).count("DossierClosed") == 1
    late = await case.act("withdrawal", case.author, {"reason": "Muộn"})
    assert (late.status_code, late.json()["code"]) == (409, "WrongState")


async def test_a_journey_that_is_not_over_is_not_closed(case: Case) -> None:
    await case.file()
    assert (await case.close()).outcome is None
    await case.act("acceptance", case.officer)
    assert (await case.close()).outcome is None
    await case.stage("UNIT")
    assert (await case.close()).outcome is None
    assert (await case.state(), (await case.kinds())[-1]) == ("ACCEPTED", "RequestAccepted")


async def test_a_dossier_that_goes_up_is_closed_by_the_level_above(case: Case) -> None:
    await case.accepted()
    await case.stage("UNIT", RECOGNISED, proposed=True)
    assert (await case.close()).outcome is None
    await case.stage("COMMUNE", REFUSED)
    closed = await case.close()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert [(level.level, level.outcome) for level in closed.levels] == [
        ("UNIT", RECOGNISED),
        ("COMMUNE", REFUSED),
    ]


async def test_above_the_last_level_there_is_nothing_to_wait_for(case: Case) -> None:
    await case.accepted()
    for level in ("UNIT", "COMMUNE", "PROVINCE"):
        assert (await case.close()).outcome is None
        await case.stage(level, RECOGNISED, proposed=True)
    assert (await case.close()).outcome is JourneyOutcome.RECOGNISED


@pytest.mark.parametrize(
    ("act", "who", "outcome"),
    [("rejection", "officer", "REQUEST_REJECTED"), ("withdrawal", "author", "WITHDRAWN")],
)
async def test_a_check_that_ended_the_journey_closes_it(case: Case, act: str, who: str, outcome: str) -> None:
    await case.file()
    body = REJECTION if act == "rejection" else {"reason": "Làm lại"}
    await case.act(act, getattr(case, who), body)
    closed = await case.close()
    assert (closed.outcome, closed.levels, await case.state()) == (JourneyOutcome(outcome), (), outcome)
    assert (await case.kinds())[-1] == "DossierClosed"


async def test_a_withdrawal_that_lost_the_race_is_written_down(case: Case) -> None:
    await case.accepted()
    await case.act("withdrawal", case.author, {"reason": "Chuyển trường"})
    await case.stage("UNIT", RECOGNISED)
    await case.close()
    assert (await case.kinds())[-2:] == ["WithdrawalCameTooLate", "DossierClosed"]
    assert await case.state() == "RECOGNISED"


async def test_a_withdrawal_that_won_the_race_closes_the_dossier_as_withdrawn(case: Case) -> None:
    await case.accepted()
    await case.act("withdrawal", case.author, {"reason": "Chuyển trường"})
    await case.stage("UNIT", WITHDRAWN)
    await case.close()
    assert await case.state() == "WITHDRAWN"
    assert "WithdrawalCameTooLate" not in await case.kinds()


async def test_the_history_runs_from_draft_to_close_in_order_and_in_pages(case: Case) -> None:
    await case.accepted()
    await case.stage("UNIT", RECOGNISED)
    await case.close()
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "2"} | ({"after": cursor} if cursor else {})
        page = (await case.send("GET", f"/dossiers/{case.id}/history", case.head, params=query)).json()
        seen += [event["kind"] for event in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["DraftCreated", "DossierFiled", "FormalCheckOpened", "RequestAccepted", "DossierClosed"]
