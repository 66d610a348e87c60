"""What a payout asks of the payout service, and what it is told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from temporalio import activity

from language.deadline.clock import ClockMoved
from language.ids import AwardId, DossierId, EventId, UnitId
from language.messages.journey import AuthorShare
from language.messages.organisation import PostsResolved
from language.messages.rung import RungClimb, RungFinding
from language.plan.review_plan import Basis, PayoutPlan
from language.time_scale import TimeScale


class AwardState(StrEnum):
    """The life of an award. REVERSED and REJECTED are ends too; nothing is ever deleted."""

    ASSESSED = "ASSESSED"
    VERIFIED = "VERIFIED"
    APPROVED = "APPROVED"
    LISTED = "LISTED"
    SENT = "SENT"
    PAID = "PAID"
    REJECTED = "REJECTED"
    REVERSED = "REVERSED"

    @property
    def is_settled(self) -> bool:
        """No further step of the workflow depends on it."""
        return self in {AwardState.PAID, AwardState.REJECTED, AwardState.REVERSED}

    @property
    def is_approved(self) -> bool:
        """Somebody has judged it; the approval ladder has nothing left to press for."""
        return self not in {AwardState.ASSESSED, AwardState.VERIFIED}


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPayout:
    """A recognition with money: starts `PayoutWorkflow` as a child that outlives its parent."""

    dossier_id: DossierId
    dossier_code: str
    level: str
    unit_id: UnitId
    decision_number: str
    award_dong: int
    award_basis: Basis
    authors: tuple[AuthorShare, ...]
    plan: PayoutPlan
    rule_version: str
    recognised_at: datetime
    time_scale: TimeScale | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessAward:
    """Split the frozen amount by the authors' shares and give it to the accountants; the approvers are never
    authors."""

    start: StartPayout
    posts: PostsResolved


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardMoved:
    """The signal and the answer of every payout activity. `revision` grows with every move."""

    event_id: EventId
    award_id: AwardId
    dossier_id: DossierId
    level: str
    state: AwardState
    revision: int
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimbPayoutRung:
    """A rung of the approval's ladder."""

    award_id: AwardId
    climb: RungClimb


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRungClimbed:
    """What the rung found, and where the award stands. `clock` comes with NOT_YET."""

    finding: RungFinding
    award: AwardMoved
    clock: ClockMoved | None = None


class PayoutActivities:
    """What a payout asks of the payout service."""

    @activity.defn(name="payout.assess_award")
    async def assess_award(self, command: AssessAward) -> AwardMoved:
        """One award per dossier and level; repeat-safe."""
        raise NotImplementedError

    @activity.defn(name="payout.climb_rung")
    async def climb_rung(self, command: ClimbPayoutRung) -> PayoutRungClimbed:
        """Fire the rung once, unless the award is approved or rejected, or the clock says that it is not yet
        time."""
        raise NotImplementedError
