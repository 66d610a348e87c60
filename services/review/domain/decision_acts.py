"""What becomes of a decision after it was made: the office's number, a correction, a cancellation, an
examination anew. Nothing is edited: each act is added, and names the first decision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from language.deadline.arithmetic import local_day
from language.ids import PersonId, StageId
from language.messages.journey import StageOutcome
from language.plan.review_plan import Basis
from language.plan.rule_kinds import DecisionActKind
from services.review.domain.refusals import (
    ActDoesNotFit,
    ActTooLate,
    DecisionNoLongerStands,
    NotDecidedYet,
    NothingToCorrect,
    PaperDateImpossible,
    PaperEntered,
)
from services.review.domain.stage import AnyStage, DecidedStage, Paper, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAct:
    """What somebody does about a decision. `reasons` are those of the corrected decision; `reason` says
    why. Only the office's number needs none."""

    kind: DecisionActKind
    reason: str | None = None
    paper: Paper | None = None
    reasons: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionAct:
    """An act as it was done. `decision_number` is its own; `new_stage_id`: where a refusal is examined
    again."""

    id: UUID
    stage_id: StageId
    ordinal: int
    kind: DecisionActKind
    decision_number: str | None
    paper: Paper | None
    reasons: str | None
    reason: str | None
    new_stage_id: StageId | None
    actor_id: PersonId
    acted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDone:
    """An act and the decision that it names."""

    act: DecisionAct
    first_number: str


ENDINGS: Final = {
    DecisionActKind.CANCELLATION: StageOutcome.RECOGNISED,
    DecisionActKind.REOPENING: StageOutcome.REFUSED,
}
"""The acts by which a decision no longer stands, and the outcome it must have."""


def require_actable(stage: AnyStage, known: Sequence[DecisionAct], act: NewAct, today: date) -> DecidedStage:
    """The decided stage, if this may be done about it."""
    if not isinstance(stage, DecidedStage):
        raise NotDecidedYet
    if [one for one in known if one.kind in ENDINGS]:
        raise DecisionNoLongerStands
    if act.kind in ENDINGS and stage.ruling.outcome is not ENDINGS[act.kind]:
        raise ActDoesNotFit(outcome=stage.ruling.outcome)
    if act.kind is DecisionActKind.PAPER and paper_of(known):
        raise PaperEntered
    if act.kind is DecisionActKind.CORRECTION and not (act.paper or act.reasons):
        raise NothingToCorrect
    earliest = local_day(stage.opened_at)
    if act.paper and not earliest <= act.paper.issued_on <= today:
        raise PaperDateImpossible(earliest=earliest, latest=today)
    return stage


def require_in_time(now: datetime, until: datetime, rule: Basis) -> None:
    """Acts on a decision come to an end too."""
    if now > until:
        raise ActTooLate(until=local_day(until), rule=rule)


def paper_of(acts: Sequence[DecisionAct]) -> Paper | None:
    """The first decision's paper as it was last corrected. The paper of a cancellation is its own."""
    of_the_first = (DecisionActKind.PAPER, DecisionActKind.CORRECTION)
    return next((act.paper for act in reversed(acts) if act.paper and act.kind in of_the_first), None)


def as_corrected(ruling: Ruling, acts: Sequence[DecisionAct]) -> Ruling:
    """The ruling with the reasons that the last correction gave it."""
    reasons = next((act.reasons for act in reversed(acts) if act.reasons), ruling.reasons)
    return replace(ruling, reasons=reasons)
