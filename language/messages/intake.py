"""What the journey asks of intake, and what intake tells the journey."""

from dataclasses import dataclass

from temporalio import activity

from language.ids import DossierId, EventId
from language.messages.clock import CaseClock, ClimbRung, RungFinding
from language.messages.journey import FormalCheckMoved, JourneyOutcome, LevelResult, Route
from language.messages.transition import ChangeRules


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRequested:
    """The signal that an author withdraws an accepted dossier; whether it came before the decision, review
    says under its lock."""

    event_id: EventId
    dossier_id: DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRungClimbed:
    """What the rung found, where the check stands, and its clock where that changed."""

    finding: RungFinding
    check: FormalCheckMoved
    clock: CaseClock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseSupplement:
    """The time to supplement is over: reject the request unless the supplement came. Decree 13/2012, article
    6."""

    dossier_id: DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDossier:
    """The journey seems to be over."""

    dossier_id: DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierClosed:
    """Intake's answer, by its own check and by what review has published. `outcome` None: it is not over, and
    what the journey was told of it is not so."""

    outcome: JourneyOutcome | None
    levels: tuple[LevelResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesKept:
    """The way the dossier goes from now on."""

    route: Route


class IntakeActivities:
    """What the journey asks of intake."""

    @activity.defn(name="intake.climb_rung")
    async def climb_rung(self, command: ClimbRung) -> CheckRungClimbed:
        """Fire the rung of the check once, unless the officer has acted or the clock says that it is not yet
        time."""
        raise NotImplementedError

    @activity.defn(name="intake.lapse_supplement")
    async def lapse_supplement(self, command: LapseSupplement) -> FormalCheckMoved:
        """Reject with ground NOT_SUPPLEMENTED if a supplement is still awaited and its time is over."""
        raise NotImplementedError

    @activity.defn(name="intake.change_rules")
    async def change_rules(self, command: ChangeRules) -> RulesKept:
        """Keep what a change of rules made of the dossier, with the plan that holds from now on, once."""
        raise NotImplementedError

    @activity.defn(name="intake.close_dossier")
    async def close_dossier(self, command: CloseDossier) -> DossierClosed:
        """Write the final state, if it is one; repeat-safe."""
        raise NotImplementedError
