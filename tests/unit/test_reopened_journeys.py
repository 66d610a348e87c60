"""What a run makes of the word that its dossier goes on after the end."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from language.ids import DossierId, SeasonId, StageId, UnitId
from language.messages.clock import CaseClock, Revision
from language.messages.journey import AnewAt, Journey, LevelStop, OpenCheckAt, Route
from workflows.facts import JourneyFacts

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
LEVEL = LevelStop(level="UNIT", unit_id=UnitId(uuid4()), pays=False)


def _check(about_id: UUID) -> OpenCheckAt:
    clock = CaseClock(about_id=about_id, revision=Revision(epoch=0, number=1), due_at=NOON, rungs=())
    return OpenCheckAt(clock=clock)


FIRST = Journey(
    dossier_id=DossierId(uuid4()),
    dossier_code="SK-2026-00001",
    season_id=SeasonId(uuid4()),
    route=Route(plan_hash="x", rule_version="x@1", levels=(LEVEL,)),
    check=_check(uuid4()),
)
CHECKED_AGAIN = replace(FIRST, check=_check(uuid4()))
EXAMINED_AGAIN = replace(FIRST, check=None, anew=AnewAt(level=LEVEL, stage_id=StageId(uuid4())))


@pytest.mark.parametrize("anew", [CHECKED_AGAIN, EXAMINED_AGAIN])
def test_a_run_goes_on_where_the_word_says_unless_it_was_started_by_it(anew: Journey) -> None:
    ending, started = JourneyFacts(FIRST), JourneyFacts(anew)
    for facts in (ending, started):
        facts.note_reopened(anew)
    assert (ending.reopened, started.reopened) == (anew, None)
