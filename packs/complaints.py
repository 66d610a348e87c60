"""What a policy pack says of complaints, first and second ones."""

from collections.abc import Callable
from typing import Self

from pydantic import Field, model_validator

from language.plan.act_rules import SAMPLE_AGAIN, SAMPLE_COMPLAINT
from language.plan.review_plan import Budget, ComplaintRule
from language.posts.kinds import PostKind
from packs.form import BasisIn, BudgetIn, ExtensionIn, RungIn, Strict, require_ladder


def _budget(budget: Budget) -> BudgetIn:
    return BudgetIn(amount=budget.amount, unit=budget.unit)


def _extension(rule: ComplaintRule) -> Callable[[], ExtensionIn | None]:
    extension = rule.extension
    return lambda: (
        ExtensionIn(most=_budget(extension.most), basis=BasisIn(sample=True)) if extension else None
    )


def _ladder(rule: ComplaintRule) -> Callable[[], list[RungIn]]:
    return lambda: [
        RungIn(
            id=rung.id,
            action=rung.action,
            anchor=rung.anchor,
            offset=rung.offset,
            unit=rung.unit,
            basis=BasisIn(sample=True),
        )
        for rung in rule.ladder
    ]


class ComplaintAgainIn(Strict):
    """A second complaint, when the first was dismissed: for how long after that answer (`within`), who
    settles it (holders of `post` in the unit above the one that gave the answer, else the head above), and
    within what time."""

    post: PostKind = SAMPLE_AGAIN.post
    within: BudgetIn = Field(default_factory=lambda: _budget(SAMPLE_AGAIN.within))
    settling: BudgetIn = Field(default_factory=lambda: _budget(SAMPLE_AGAIN.settling))
    ladder: list[RungIn] = Field(default_factory=_ladder(SAMPLE_AGAIN))
    basis: BasisIn = BasisIn(sample=True)
    extension: ExtensionIn | None = Field(default_factory=_extension(SAMPLE_AGAIN))

    @model_validator(mode="after")
    def _ladder_fits(self) -> Self:
        require_ladder(self.ladder)
        return self


class ComplaintIn(Strict):
    """Complaints about refusals, or about rejected requests: for how long after it an author may complain
    (`within`), who settles that (holders of `post` in the unit, else the head above), and within what time;
    whoever decided only where it is `by_decider`."""

    post: PostKind = SAMPLE_COMPLAINT.post
    within: BudgetIn = Field(default_factory=lambda: _budget(SAMPLE_COMPLAINT.within))
    settling: BudgetIn = Field(default_factory=lambda: _budget(SAMPLE_COMPLAINT.settling))
    ladder: list[RungIn] = Field(default_factory=_ladder(SAMPLE_COMPLAINT))
    basis: BasisIn = BasisIn(sample=True)
    extension: ExtensionIn | None = Field(default_factory=_extension(SAMPLE_COMPLAINT))
    by_decider: bool = SAMPLE_COMPLAINT.by_decider

    @model_validator(mode="after")
    def _ladder_fits(self) -> Self:
        require_ladder(self.ladder)
        return self
