"""Who may act on a decision that was made, and who settles a complaint about it, where a pack says nothing:
samples, though the ninety days of a complaint and the thirty of its settling are usual (Luật Khiếu nại 2011,
L); of a second complaint nothing is known here."""

from typing import Final

from language.plan.review_plan import (
    ActRule,
    Basis,
    Budget,
    BudgetUnit,
    ComplaintRule,
    ExtensionRule,
    FormalCheckPlan,
    LevelPlan,
    RungAction,
    RungRule,
)
from language.plan.rule_kinds import DecisionActKind, RungAnchor
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


def _of_complaint(name: str) -> Basis:
    return Basis(rule=name, document="", sample=True)


def _rung(name: str, identifier: str, action: RungAction, anchor: RungAnchor, offset: int) -> RungRule:
    return RungRule(
        id=identifier,
        action=action,
        anchor=anchor,
        offset=offset,
        unit=BudgetUnit.WORKING_DAYS,
        basis=_of_complaint(f"{name}.ladder.{identifier}"),
    )


def _sample_complaint(name: str, *, within: int, settling: int, more: int) -> ComplaintRule:
    """Days to complain, to settle it, and by how many that may be extended."""
    return ComplaintRule(
        post=PostKind.UNIT_HEAD,
        within=Budget(amount=within, unit=BudgetUnit.CALENDAR_DAYS),
        settling=Budget(amount=settling, unit=BudgetUnit.CALENDAR_DAYS),
        ladder=(
            _rung(name, "remind", RungAction.REMIND, RungAnchor.START, 10),
            _rung(name, "tell-superior", RungAction.TELL_SUPERIOR, RungAnchor.DUE, 0),
            _rung(name, "hand-up", RungAction.HAND_UP, RungAnchor.DUE, 3),
        ),
        basis=_of_complaint(name),
        extension=ExtensionRule(
            most=Budget(amount=more, unit=BudgetUnit.CALENDAR_DAYS), basis=_of_complaint(f"{name}.extension")
        ),
    )


SAMPLE_COMPLAINT: Final = _sample_complaint("complaint", within=90, settling=30, more=15)
SAMPLE_AGAIN: Final = _sample_complaint("complaint_again", within=30, settling=45, more=15)
"""About the first answer, to the unit above."""


def complaint_rule(plan: LevelPlan | FormalCheckPlan, instance: int) -> ComplaintRule:
    """The plan's rule about complaints (1), or about a second one when the first was dismissed (2); else the
    sample."""
    return (plan.complaint or SAMPLE_COMPLAINT) if instance == 1 else (plan.complaint_again or SAMPLE_AGAIN)
