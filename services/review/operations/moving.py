"""Rules that change while a dossier is examined: closing a stage that goes on elsewhere."""

from casework import tasks
from casework.clocks.kept import close_clock
from casework.history.record import record
from kit.db import Tx
from language.events import review as events
from language.messages.review import StageMoved
from language.messages.transition import MoveStage
from services.review.domain.stage import MovedStage, OpenStage, decision_of, submitted
from services.review.store import score_sheets, stages


async def move_stage(tx: Tx, command: MoveStage) -> StageMoved:
    """Close the stage as moved and void its sheets, which stay in the history. A decision that came first
    stands."""
    stage = await stages.lock_standing(tx, command.stage_id)
    if isinstance(stage, MovedStage):
        return StageMoved(moved=True, decision=None)
    if not isinstance(stage, OpenStage):
        return StageMoved(moved=False, decision=decision_of(stage))
    marks = len(submitted(await score_sheets.list_sheets(tx, stage.id)))
    if marks and not command.even_if_marked:
        return StageMoved(moved=False, decision=None)
    await stages.close_as_moved(tx, stage.id, command.to_level, command.transition_id)
    await score_sheets.void_all(tx, stage.id)
    await tasks.cancel_all_tasks(tx, stage.id)
    await close_clock(tx, stage.id)
    fact = events.StageMoved(
        stage_id=stage.id,
        level=stage.level,
        to_level=command.to_level,
        transition_id=command.transition_id,
        void_sheets=marks,
    )
    await record(tx, fact, about=stage.dossier_id, rule_version=stage.rule_version, rule="transition")
    return StageMoved(moved=True, decision=None)
