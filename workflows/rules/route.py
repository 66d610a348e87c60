"""Where a dossier goes after a level has spoken."""

from workflows.contracts.journey import JourneyOutcome, StageOutcome
from workflows.contracts.plan import LevelPlan, ReviewPlan
from workflows.contracts.review import StageDecided


def next_level(plan: ReviewPlan, current: LevelPlan, decision: StageDecided) -> LevelPlan | None:
    """The level above, if the decision recognises the initiative and proposes it; None when the journey ends here."""
    if decision.outcome is not StageOutcome.RECOGNISED or not decision.proposed:
        return None
    position = plan.levels.index(current) + 1
    return plan.levels[position] if position < len(plan.levels) else None


def brings_money(level: LevelPlan, decision: StageDecided) -> bool:
    """A recognition at a level whose frozen rate is above zero."""
    return decision.outcome is StageOutcome.RECOGNISED and level.award_dong > 0


def journey_outcome(decisions: tuple[StageDecided, ...]) -> JourneyOutcome:
    """Recognised if any level recognised it (a later 'no' above takes nothing back); else what the only level said."""
    outcomes = {decision.outcome for decision in decisions}
    if StageOutcome.RECOGNISED in outcomes:
        return JourneyOutcome.RECOGNISED
    return JourneyOutcome.WITHDRAWN if StageOutcome.WITHDRAWN in outcomes else JourneyOutcome.REFUSED
