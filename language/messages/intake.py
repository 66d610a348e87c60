"""What the journey asks of intake, and what intake tells the journey."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from temporalio import activity

from language.deadline.clock import ClockMoved
from language.ids import DossierId, EventId
from language.messages.journey import AuthorShare, JourneyOutcome, LevelResult
from language.messages.organisation import PostsResolved
from language.messages.rung import RungClimb, RungFinding
from language.messages.transition import (
    ChangeRules,
    ListOpenDossiers,
    OpenDossiers,
    ReadAnswers,
    RulesAnswers,
)
from language.plan.review_plan import FormalCheckPlan


class CheckState(StrEnum):
    """Where the formal check stands."""

    OPEN = "OPEN"
    SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormalCheckMoved:
    """The signal and the answer of every intake activity: where the check stands now, and since when (domain
    time).

    `revision` grows with every move, so an older word never overrides a newer one. `supplement_due_at` is set
    while a supplement is awaited; `authors` are those of the dossier as it stands now."""

    event_id: EventId
    dossier_id: DossierId
    state: CheckState
    revision: int
    moved_at: datetime
    authors: tuple[AuthorShare, ...]
    supplement_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRequested:
    """The signal that an author withdraws an accepted dossier; whether it came before the decision, review
    says under its lock."""

    event_id: EventId
    dossier_id: DossierId
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFormalCheck:
    """Give the filed dossier to the officers; `posts.clock` says when it is due. `rule_version` names the
    frozen plan."""

    dossier_id: DossierId
    plan: FormalCheckPlan
    posts: PostsResolved
    rule_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimbCheckRung:
    """A rung of the formal check's ladder."""

    dossier_id: DossierId
    climb: RungClimb


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRungClimbed:
    """What the rung found, and where the check stands. `clock` comes with NOT_YET."""

    finding: RungFinding
    check: FormalCheckMoved
    clock: ClockMoved | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseSupplement:
    """The time to supplement is over: reject the request unless the supplement came. Decree 13/2012, article
    6."""

    dossier_id: DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDossier:
    """The journey is over. `withdrawal_too_late` is set when a withdrawal was asked for but the decision had
    come before it."""

    dossier_id: DossierId
    outcome: JourneyOutcome
    levels: tuple[LevelResult, ...]
    withdrawal_too_late: bool = False


class IntakeActivities:
    """What the journey asks of intake."""

    @activity.defn(name="intake.open_formal_check")
    async def open_formal_check(self, command: OpenFormalCheck) -> FormalCheckMoved:
        """Create the check task; repeat-safe. Withdrawn meanwhile: says so."""
        raise NotImplementedError

    @activity.defn(name="intake.climb_rung")
    async def climb_rung(self, command: ClimbCheckRung) -> CheckRungClimbed:
        """Fire the rung once, unless the officer has acted, or the clock says that it is not yet time: it was
        moved, or a supplement is awaited."""
        raise NotImplementedError

    @activity.defn(name="intake.lapse_supplement")
    async def lapse_supplement(self, command: LapseSupplement) -> FormalCheckMoved:
        """Reject with ground NOT_SUPPLEMENTED if a supplement is still awaited and its time is over."""
        raise NotImplementedError

    @activity.defn(name="intake.close_dossier")
    async def close_dossier(self, command: CloseDossier) -> None:
        """Write the final state; repeat-safe."""
        raise NotImplementedError

    @activity.defn(name="intake.change_rules")
    async def change_rules(self, command: ChangeRules) -> None:
        """Keep what a change of rules made of the dossier, once."""
        raise NotImplementedError

    @activity.defn(name="intake.list_open_dossiers")
    async def list_open_dossiers(self, command: ListOpenDossiers) -> OpenDossiers:
        """The next page of dossiers that a transition is about."""
        raise NotImplementedError

    @activity.defn(name="intake.read_answers")
    async def read_answers(self, command: ReadAnswers) -> RulesAnswers:
        """Which of these dossiers have taken or declined their rules, or were closed before."""
        raise NotImplementedError
