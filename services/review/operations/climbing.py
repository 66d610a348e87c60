"""Climbing a rung of a stage's ladder, as the journey asks for it."""

from casework.ladder import climb
from kit.db import Tx
from language.messages.clock import ClimbRung, RungFinding
from language.messages.review import StageRungClimbed
from services.review.domain.stage import decision_of
from services.review.operations.examination import EXAMINATION


async def climb_rung(tx: Tx, command: ClimbRung) -> StageRungClimbed:
    """Fire the rung once. A decision that was found is the answer, also when its signal was lost."""
    climbed = await climb(tx, EXAMINATION, command.about_id, command.rung_id)
    is_over = climbed.finding in {RungFinding.ALREADY_FIRED, RungFinding.TOO_LATE}
    decision = decision_of(climbed.case) if is_over else None
    return StageRungClimbed(finding=climbed.finding, decision=decision, clock=climbed.clock)
