"""Where a dossier goes after a level has spoken."""

from language.messages.journey import JourneyOutcome, StageOutcome
from language.messages.review import StageDecided
from language.plan.review_plan import LevelPlan, ReviewPlan


def next_level(plan: ReviewPlan, current: LevelPlan, decision: StageDecided) -> LevelPlan | None:
    """The level above, if the decision recognises the initiative and proposes it; None when the journey ends
    here."""
    if decision.outcome is not StageOutcome.RECOGNISED or not decision.proposed:
        return None
    # By name: a stage that was kept when the rules changed is examined under a level of the earlier plan.
    return level_after(plan, current.level)


def level_after(plan: ReviewPlan, level: str) -> LevelPlan | None:
    """The level above this one, if there is one."""
    names = [known.level for known in plan.levels]
    above = names.index(level) + 1
    return plan.levels[above] if above < len(names) else None


def level_named(plan: ReviewPlan, level: str | None) -> LevelPlan | None:
    """The level of this name; None for none."""
    return next((known for known in plan.levels if known.level == level), None)


def brings_money(level: LevelPlan, decision: StageDecided) -> bool:
    """A recognition at a level whose frozen rate is above zero."""
    return decision.outcome is StageOutcome.RECOGNISED and level.award_dong > 0


def journey_outcome(decisions: tuple[StageDecided, ...]) -> JourneyOutcome:
    """Recognised if any level recognised it (a later 'no' above takes nothing back); else what the only level
    said."""
    outcomes = {decision.outcome for decision in decisions}
    if StageOutcome.RECOGNISED in outcomes:
        return JourneyOutcome.RECOGNISED
    return JourneyOutcome.WITHDRAWN if StageOutcome.WITHDRAWN in outcomes else JourneyOutcome.REFUSED
