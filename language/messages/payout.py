"""What the journey asks of payout, and what payout tells the journey."""

from dataclasses import dataclass
from enum import StrEnum

from temporalio import activity

from language.ids import AwardId, DossierId, EventId
from language.messages.clock import CaseClock, ClimbRung, Revision, RungFinding


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
class AssessAward:
    """A recognition with money: split what the rules of its stage give by the authors' shares, and give it to
    those who sign."""

    dossier_id: DossierId
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardMoved:
    """The signal that an award was approved, rejected or reversed, and part of payout's answers."""

    event_id: EventId
    award_id: AwardId
    state: AwardState
    revision: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardAssessed:
    """Payout's answer. `award` None: review has not published a recognition of this level, so nothing was
    made."""

    award: AwardMoved | None
    clock: CaseClock | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRungClimbed:
    """What the rung found, where the award stands, and its clock where that changed."""

    finding: RungFinding
    award: AwardMoved
    clock: CaseClock | None = None


class PayoutActivities:
    """What the journey asks of payout."""

    @activity.defn(name="payout.assess_award")
    async def assess_award(self, command: AssessAward) -> AwardAssessed:
        """One award per dossier and level; repeat-safe."""
        raise NotImplementedError

    @activity.defn(name="payout.climb_rung")
    async def climb_rung(self, command: ClimbRung) -> PayoutRungClimbed:
        """Fire the rung once, unless the award is approved or rejected, or the clock says that it is not yet
        time."""
        raise NotImplementedError
