"""What intake knows of a change of rules: which dossiers are open to one, and what their journeys
answered."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from language.ids import DossierId, TransitionId, UnitId
from language.messages.transition import (
    ChangeRules,
    DossierStep,
    LevelStop,
    ListOpenDossiers,
    OpenDossier,
    Passage,
    ReadAnswers,
    RulesAnswer,
    TransitionClass,
    TransitionReason,
)
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener
from tests.intake_cases import RULES, Case

PACK = RULES.partition("@")[0]
ROUTE = (LevelStop(level="UNIT", unit_id=UnitId(UUID(int=1))),)


@pytest.fixture
async def case(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[Case]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock, blob_dir=tmp_path) as service:
        yield Case(service, clock)


async def open_dossiers(
    case: Case, *, gives_back: int | None = None, after: UUID | None = None
) -> list[OpenDossier]:
    """A page of two."""
    asked = ListOpenDossiers(
        replaces=PACK, gives_back=gives_back, after=DossierId(after) if after else None, limit=2
    )
    return list((await case.service.activities["list_open_dossiers"](asked)).dossiers)


async def change(case: Case, kind: TransitionClass = TransitionClass.MOVED, revision: int = 1) -> None:
    """The journey's answer."""
    answer = ChangeRules(
        dossier_id=DossierId(case.id),
        transition_id=TransitionId(UUID(int=9)),
        revision=revision,
        from_level="UNIT",
        rule_version="new@1",
        passage=Passage(kind=kind, reason=TransitionReason.LEVEL_GOES_ON, to_level="UNIT"),
        route_before=ROUTE,
    )
    for _ in range(2):
        await case.service.activities["change_rules"](answer)


async def answers(case: Case, revision: int = 1) -> list[RulesAnswer]:
    """What the transition hears."""
    asked = ReadAnswers(revision=revision, dossier_ids=(DossierId(case.id), DossierId(uuid4())))
    return list((await case.service.activities["read_answers"](asked)).answers)


async def test_a_dossier_is_open_from_its_filing_and_a_draft_is_not(case: Case) -> None:
    await case.draft()
    assert await open_dossiers(case) == []
    await case.act("filing", case.author)
    [waiting] = await open_dossiers(case)
    assert (waiting.dossier_id, waiting.step) == (case.id, DossierStep.WAITS_FOR_RULES)
    await case.open_check()
    assert [found.step for found in await open_dossiers(case)] == [DossierStep.FORMAL_CHECK]
    await case.act("acceptance", case.officer)
    assert [found.step for found in await open_dossiers(case)] == [DossierStep.BETWEEN_LEVELS]
    assert await open_dossiers(case, after=case.id) == []


async def test_a_moved_dossier_bears_its_new_rules_and_says_why_once(case: Case) -> None:
    await case.in_check()
    await change(case)
    assert (await case.kinds()).count("RulesChanged") == 1
    assert (
        await case.service.database.pool.fetchval("select rule_version from dossiers where id = $1", case.id)
        == "new@1"
    )
    assert await open_dossiers(case) == []
    [moved] = await open_dossiers(case, gives_back=1)
    assert moved.route_before == ROUTE
    assert moved.moved_at
    assert await open_dossiers(case, gives_back=2) == []


async def test_a_dossier_whose_check_is_not_open_yet_gets_its_rules_with_the_check(case: Case) -> None:
    await case.file()
    await change(case)
    assert (
        await case.service.database.pool.fetchval("select rule_version from dossiers where id = $1", case.id)
        is None
    )
    await case.open_check()
    assert (
        await case.service.database.pool.fetchval("select rule_version from dossiers where id = $1", case.id)
        == RULES
    )


async def test_a_dossier_that_declines_keeps_its_rules(case: Case) -> None:
    await case.in_check()
    await change(case, TransitionClass.BLOCKED)
    assert (
        await case.service.database.pool.fetchval("select rule_version from dossiers where id = $1", case.id)
        == RULES
    )
    assert [found.passage.kind for found in await answers(case) if found.passage] == [TransitionClass.BLOCKED]
    assert "RulesChangeDeclined" in await case.kinds()


async def test_only_who_has_answered_or_is_closed_is_told(case: Case) -> None:
    await case.in_check()
    assert await answers(case) == []
    await change(case, revision=3)
    assert await answers(case, revision=2) == []
    [found] = await answers(case, revision=3)
    assert found.passage
    await case.service.database.pool.execute("update dossiers set closed_at = now() where id = $1", case.id)
    [closed] = await answers(case, revision=2)
    assert closed.passage is None
