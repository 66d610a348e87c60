"""The journey of a dossier: what starts it, what is carried from level to level, and what ends it.

Ids, instants and codes only: rules, posts and calendars stay with their owners, who read each other's
published views when they act."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from language.ids import DossierId, EventId, PersonId, SeasonId, StageId, TransitionId, UnitId
from language.messages.clock import CaseClock, Revision
from language.time_scale import TimeScale


class JourneyOutcome(StrEnum):
    """The final state of a dossier."""

    REQUEST_REJECTED = "REQUEST_REJECTED"
    RECOGNISED = "RECOGNISED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class StageOutcome(StrEnum):
    """How one level ended."""

    RECOGNISED = "RECOGNISED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class CheckState(StrEnum):
    """Where the formal check stands."""

    OPEN = "OPEN"
    SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormalCheckMoved:
    """The signal, and part of intake's answers: where the check stands now. An older `revision` never
    overrides a newer one. `supplement_due_at` is set while a supplement is awaited."""

    event_id: EventId
    dossier_id: DossierId
    state: CheckState
    revision: Revision
    supplement_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorShare:
    """An author and the share of the contribution in percent; all shares of a dossier sum to 100. `outside`:
    the organisation does not know the author, whose id is the dossier's own."""

    person_id: PersonId
    percent: Decimal
    outside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStop:
    """A level of the rules and the unit that holds it for this dossier. `pays`: a recognition brings
    money."""

    level: str
    unit_id: UnitId
    pays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The levels a dossier may pass, in order, by the frozen plan of this hash."""

    plan_hash: str
    rule_version: str
    levels: tuple[LevelStop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelResult:
    """What one level said, as the journey ends with it."""

    level: str
    outcome: StageOutcome
    decision_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedLevel:
    """A level that has decided, and in which stage. `pays`: by the rules of that stage its recognition brings
    money."""

    level: str
    stage_id: StageId
    outcome: StageOutcome
    proposed: bool
    decision_number: str | None
    pays: bool = False

    @property
    def brings_money(self) -> bool:
        """A recognition, at a level that pays."""
        return self.outcome is StageOutcome.RECOGNISED and self.pays

    @property
    def goes_up(self) -> bool:
        """Recognised, and proposed to the next level."""
        return self.outcome is StageOutcome.RECOGNISED and self.proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCheckAt:
    """The formal check that is open, and intake's last message about it."""

    clock: CaseClock
    climbed: tuple[str, ...] = ()
    moved: FormalCheckMoved | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStageAt:
    """The stage that is open. `is_last`: by the rules it was opened with, nothing goes up from it."""

    level: LevelStop
    clock: CaseClock
    climbed: tuple[str, ...] = ()
    is_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnewAt:
    """Where the owners' facts say that a dossier stands whose run was lost: the level that is open or to be
    opened, in this stage. Without a level it is to be closed."""

    level: LevelStop | None = None
    stage_id: StageId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAward:
    """An award that nobody has approved or rejected yet."""

    level: str
    clock: CaseClock
    climbed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesTaken:
    """The last change of rules that this journey took: how many levels had decided then, and the way it would
    have gone before."""

    revision: int = 0
    transition_id: TransitionId | None = None
    decided_before: int = 0
    route_before: Route | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyClosed:
    """The result of the workflow: one final state, and each level's decision on the way."""

    dossier_id: DossierId
    outcome: JourneyOutcome
    levels: tuple[LevelResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """The input of every run of a dossier. The first run begins with the formal check, whose clock is
    `check`; each later one with the stage that the run before has opened. One that is started anew begins
    where the owners' facts say that the dossier stands. `owed` are the levels whose award is still to be
    assessed."""

    dossier_id: DossierId
    dossier_code: str
    season_id: SeasonId
    route: Route
    check: OpenCheckAt | None = None
    stage: OpenStageAt | None = None
    closed: JourneyClosed | None = None
    decided: tuple[DecidedLevel, ...] = ()
    owed: tuple[str, ...] = ()
    awards: tuple[OpenAward, ...] = ()
    rules: RulesTaken = field(default_factory=RulesTaken)
    withdrawal_requested: bool = False
    time_scale: TimeScale | None = None
    anew: AnewAt | None = None
    version: int = 1
