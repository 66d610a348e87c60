"""The form of what a pack says about money: who signs an award, and what a role is paid."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from language.plan.review_plan import SAMPLE_LIST_LADDER, BudgetUnit
from language.plan.rule_kinds import PaidRole, RateBasis
from language.posts.kinds import PostKind
from packs.faults import FieldFault
from packs.form import BasisIn, BudgetIn, Dong, ExtensionIn, LevelName, Name, RungIn, Strict, require_ladder


def _sample_ladder() -> list[RungIn]:
    return [
        RungIn(
            id=rung.id,
            action=rung.action,
            anchor=rung.anchor,
            offset=rung.offset,
            unit=rung.unit,
            basis=BasisIn(sample=True),
        )
        for rung in SAMPLE_LIST_LADDER
    ]


class PayoutIn(Strict):
    """Approval of awards, and payment lists: `payment` runs from the making of a list until the treasury has
    paid it, and before it from the first approved award that waits until a list is made. `payment_people`: so
    many different people send a list and confirm it."""

    verifier: PostKind
    approver: PostKind
    signers_basis: BasisIn
    approval: BudgetIn
    approval_basis: BasisIn
    ladder: list[RungIn]
    extension: ExtensionIn | None = None
    payment: BudgetIn = Field(default_factory=lambda: BudgetIn(amount=10, unit=BudgetUnit.WORKING_DAYS))
    payment_basis: BasisIn = Field(default_factory=lambda: BasisIn(sample=True))
    list_ladder: list[RungIn] = Field(default_factory=_sample_ladder)
    payment_people: Literal[1, 2] = 2
    payment_people_basis: BasisIn = BasisIn(sample=True)

    @model_validator(mode="after")
    def _ladders_fit(self) -> Self:
        require_ladder(self.ladder)
        require_ladder(self.list_ladder, place="list_ladder")
        return self


class RateIn(Strict):
    """What a role is paid, from day to day inclusive; `cap_dong` is the most that law allows."""

    id: Name
    level: LevelName | None
    role: PaidRole
    per: RateBasis
    amount_dong: Dong
    basis: BasisIn
    cap_dong: Dong | None = None
    cap_basis: BasisIn | None = None
    valid_from: date
    valid_to: date | None

    @model_validator(mode="after")
    def _numbers_fit(self) -> Self:
        if self.valid_to and self.valid_to < self.valid_from:
            raise FieldFault(
                "valid_to lies before valid_from", "ngày hết hiệu lực trước ngày có hiệu lực", "valid_to"
            )
        if (self.cap_dong is None) != (self.cap_basis is None):
            raise FieldFault("a cap has its own basis", "mức tối đa phải có căn cứ riêng", "cap_basis")
        if self.cap_dong is not None and self.amount_dong > self.cap_dong:
            raise FieldFault("the rate is above its cap", "mức chi vượt mức tối đa", "amount_dong")
        return self

    def clashes_with(self, other: "RateIn") -> bool:
        """Both would hold on some day for the same work."""
        if (self.level, self.role, self.per) != (other.level, other.role, other.per):
            return False
        return self.valid_from <= (other.valid_to or date.max) and other.valid_from <= (
            self.valid_to or date.max
        )
