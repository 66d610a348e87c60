"""Who may act on a decision that was made, where a pack says nothing: samples, for no law gives these numbers
but the ninety days of a complaint (Luật Khiếu nại 2011)."""

from typing import Final

from language.plan.review_plan import ActRule, Basis, Budget, BudgetUnit, LevelPlan
from language.plan.rule_kinds import DecisionActKind
from language.posts.kinds import PostKind


def _sample(kind: DecisionActKind, post: PostKind, amount: int, unit: BudgetUnit) -> ActRule:
    return ActRule(
        id=kind,
        post=post,
        within=Budget(amount=amount, unit=unit),
        basis=Basis(rule=f"acts.{kind}", document="", sample=True),
    )


SAMPLE_ACTS: Final = (
    _sample(DecisionActKind.PAPER, PostKind.INTAKE_OFFICER, 12, BudgetUnit.CALENDAR_MONTHS),
    _sample(DecisionActKind.CORRECTION, PostKind.UNIT_HEAD, 12, BudgetUnit.CALENDAR_MONTHS),
    _sample(DecisionActKind.CANCELLATION, PostKind.UNIT_HEAD, 36, BudgetUnit.CALENDAR_MONTHS),
    _sample(DecisionActKind.REOPENING, PostKind.UNIT_HEAD, 90, BudgetUnit.CALENDAR_DAYS),
)


def act_rule(plan: LevelPlan, kind: DecisionActKind) -> ActRule:
    """The plan's rule for this act, or the sample."""
    return next(rule for rule in (*plan.acts, *SAMPLE_ACTS) if rule.id is kind)
