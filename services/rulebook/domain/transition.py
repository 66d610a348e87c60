"""A change of rules over open dossiers as the rulebook keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from language.ids import UnitId
from language.journey.transition import passage
from language.messages.journey import CheckState, Route, StageOutcome
from language.messages.transition import (
    DossierPosition,
    DossierStep,
    LevelMove,
    Marks,
    Passage,
    StageFate,
    TransitionChoice,
    TransitionClass,
    TransitionReason,
)


class TransitionState(StrEnum):
    """DRAFT is a dry run: nothing moves. REVERTED: a later transition gave its dossiers back."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    REVERTED = "REVERTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """From every version of `from_pack`, and every earlier one of `to_pack`, to one of `to_pack`.
    `planned_at` is set when every open dossier is
    sorted."""

    id: UUID
    revision: int
    from_pack: str
    to_pack: str
    to_version: int
    level_moves: tuple[LevelMove, ...]
    reverses: UUID | None
    state: TransitionState
    made_by: UUID
    made_at: datetime
    planned_at: datetime | None
    settled_by: UUID | None
    settled_at: datetime | None
    done_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionCount:
    """How many dossiers of a class, why and from where to where; how many of them were told, and what they
    answered."""

    kind: TransitionClass
    reason: TransitionReason
    step: DossierStep
    marks: Marks
    stage: StageFate
    from_level: str | None
    to_level: str | None
    count: int
    chosen: int
    told: int
    moved: int
    declined: int
    closed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionView:
    """A transition with its counts."""

    transition: Transition
    counts: Sequence[TransitionCount]

    @property
    def version(self) -> int:
        """For the ETag."""
        return self.transition.version

    @property
    def choices_missing(self) -> int:
        """Dossiers that nobody has chosen for."""
        return sum(one.count - one.chosen for one in self.counts if one.kind is TransitionClass.NEEDS_CHOICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedDossier:
    """A row of the plan."""

    dossier_id: UUID
    code: str
    unit_id: UUID
    season_id: UUID
    passage: Passage
    position: DossierPosition
    choice: TransitionChoice | None = None
    told_at: datetime | None = None
    answer_class: TransitionClass | None = None
    answer_reason: TransitionReason | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedChoices:
    """What a choice would make of the rows it names, and how many choices would still be missing."""

    dossiers: Sequence[SortedDossier]
    choices_missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDossier:
    """An open dossier as intake publishes it; `moved_at` and `route_before` are of the transition that moved
    it and would give it back."""

    dossier_id: UUID
    code: str
    unit_id: UUID
    season_id: UUID
    check_state: CheckState
    moved_at: datetime | None
    route_before: Route | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSeen:
    """A stage as review publishes it, with its decision; `outcome` None while it is open."""

    dossier_id: UUID
    level: str
    unit_id: UnitId
    is_last: bool
    marks: Marks
    outcome: StageOutcome | None
    proposed: bool
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesAnswer:
    """The journey's answer; `passage` None when the dossier was closed before it could answer."""

    dossier_id: UUID
    passage: Passage | None
    at: datetime


def position_of(dossier: OpenDossier, stages: Sequence[StageSeen]) -> DossierPosition:
    """By review's stages, or by the formal check while councils do not have the dossier."""
    if not stages:
        is_accepted = dossier.check_state is CheckState.ACCEPTED
        return DossierPosition(step=DossierStep.BETWEEN_LEVELS if is_accepted else DossierStep.FORMAL_CHECK)
    decided = tuple(stage.level for stage in stages if stage.outcome)
    last = stages[-1]
    if last.outcome is None:
        return DossierPosition(
            step=DossierStep.EXAMINATION,
            decided=decided,
            level=last.level,
            unit_id=last.unit_id,
            last_level=last.is_last,
            marks=last.marks,
        )
    goes_up = last.outcome is StageOutcome.RECOGNISED and last.proposed
    return DossierPosition(
        step=DossierStep.BETWEEN_LEVELS if goes_up else DossierStep.ENDING, decided=decided
    )


def judge_way_back(
    dossier: OpenDossier, stages: Sequence[StageSeen], position: DossierPosition, moves: Sequence[LevelMove]
) -> Passage:
    """What the rules of before make of a dossier. It cannot go back once a level has decided under the rules
    that would be taken back, or if marks that were given under them became void."""
    blocked = Passage(kind=TransitionClass.BLOCKED, reason=TransitionReason.ACTED_SINCE)
    if dossier.moved_at is None or dossier.route_before is None:
        return blocked
    moved_at = dossier.moved_at
    if any(stage.decided_at and stage.decided_at > moved_at for stage in stages):
        return blocked
    found = passage(position, dossier.route_before.levels, moves)
    voids_marks = found.stage is StageFate.MOVED and position.marks is not Marks.NONE
    return blocked if voids_marks else found


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTransition:
    """A plan that is to be made."""

    id: UUID
    from_pack: str
    to_pack: str
    to_version: int
    level_moves: tuple[LevelMove, ...]
    reverses: UUID | None = None
