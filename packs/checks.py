"""The formal check in a policy pack."""

from typing import Self

from pydantic import Field, model_validator

from language.posts.kinds import PostKind
from packs.complaints import ComplaintAgainIn, ComplaintIn
from packs.faults import require_unique
from packs.form import BasisIn, BudgetIn, CheckRuleIn, ExtensionIn, RungIn, Strict, require_ladder


class CheckIn(Strict):
    """The formal check of the request."""

    officers: PostKind
    officers_basis: BasisIn
    check: BudgetIn
    check_basis: BasisIn
    supplement: BudgetIn
    supplement_basis: BasisIn
    ladder: list[RungIn]
    rules: list[CheckRuleIn] = Field(default_factory=list, max_length=20)
    extension: ExtensionIn | None = None
    complaint: ComplaintIn = Field(default_factory=ComplaintIn)
    complaint_again: ComplaintAgainIn = Field(default_factory=ComplaintAgainIn)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        require_ladder(self.ladder)
        require_unique(
            (rule.id for rule in self.rules),
            "two rules of the check have the same id",
            "hai điều kiện trùng mã",
            "rules",
        )
        require_unique(
            (rule.kind for rule in self.rules),
            "two rules of the check measure the same",
            "hai điều kiện cùng loại",
            "rules",
            field="kind",
        )
        return self
