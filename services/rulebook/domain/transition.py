"""A change of rules over open dossiers as the rulebook keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from language.ids import UnitId
from language.messages.transition import (
    DossierStep,
    LevelMove,
    LevelStop,
    Marks,
    OpenDossier,
    Passage,
    StageFate,
    StageStanding,
    Standing,
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
    """From every version of `from_pack` to one of `to_pack`. `planned_at` is set when every open dossier is
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
    standing: Standing
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


def route_in(levels: Sequence[tuple[str, str]], holders: dict[str, UUID]) -> tuple[LevelStop, ...]:
    """The levels (name, level of the unit that holds it) of a pack for a unit below these."""
    return tuple(
        LevelStop(level=level, unit_id=UnitId(holders[unit_level]))
        for level, unit_level in levels
        if unit_level in holders
    )


def standing_of(dossier: OpenDossier, stages: Mapping[UUID, StageStanding]) -> Standing:
    """Review's word, or intake's while councils do not have the dossier."""
    found = stages.get(dossier.dossier_id)
    return found.standing if found else Standing(step=dossier.step)


def was_touched(dossier: OpenDossier, stages: Mapping[UUID, StageStanding]) -> bool:
    """Somebody acted after the dossier took the rules that would be taken back."""
    if dossier.moved_at is None:
        return False
    found = stages.get(dossier.dossier_id)
    acts = [dossier.acted_at, *([found.acted_at] if found and found.acted_at else [])]
    return max(acts) > dossier.moved_at
