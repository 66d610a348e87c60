"""Who sees the marks and figures of a stage, and when: marking is independent, the decision is not blind."""

from collections.abc import Sequence
from dataclasses import dataclass

from language.ids import PersonId
from language.plan.rule_kinds import SeatRole, VotingMethod
from services.review.domain.stage import (
    AnyStage,
    DecidedStage,
    OpenStage,
    ScoreSheet,
    SeatState,
    SheetState,
    in_draft,
    submitted,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody sees of a stage besides the own sheet: the others' sheets, the averages, the votes."""

    sheets: bool = False
    figures: bool = False
    votes: bool = False


_NOTHING = Sight()
_ALL = Sight(sheets=True, figures=True, votes=True)


def sight_of(stage: AnyStage, sheets: Sequence[ScoreSheet], person_id: PersonId) -> Sight:
    """What this person sees, who may see the stage. After the decision everything; authors only the figures,
    for marks stay between council and office.

    Before it, once no sheet is owed, the decider, the secretary and the members see everything: they decide
    with open eyes. While one is owed nobody does; only the secretary, where the rules say so, and not before
    the own sheet is in."""
    if isinstance(stage, DecidedStage):
        return _ALL if person_id not in stage.author_ids else Sight(figures=True, votes=True)
    if not isinstance(stage, OpenStage) or person_id in stage.author_ids:
        return _NOTHING
    if submitted(sheets) and not in_draft(sheets):
        return _ALL if person_id == stage.decider_id or _own(sheets, person_id) else _NOTHING
    own = _own(sheets, person_id)
    if stage.plan.early_sight is None or own is None or own.seat.role is not SeatRole.SECRETARY:
        return _NOTHING
    is_secret = stage.plan.voting.method is VotingMethod.SECRET_BALLOT
    return Sight(sheets=True, figures=True, votes=not is_secret) if _is_in(own) else _NOTHING


def _own(sheets: Sequence[ScoreSheet], person_id: PersonId) -> ScoreSheet | None:
    """The sheet of whoever sits in the council now."""
    return next(
        (sheet for sheet in sheets if sheet.person_id == person_id and sheet.seat.state is SeatState.ACTIVE),
        None,
    )


def _is_in(sheet: ScoreSheet) -> bool:
    return sheet.state is SheetState.SUBMITTED
