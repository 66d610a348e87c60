"""The form of what a pack says about days (terms that end on a day off, breaks of units, over how long rungs
of one instant are spread), about units that end, and about delegations."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from language.plan.rule_kinds import USUAL_SPREAD_MINUTES, DayOffEnd, StageInSuccessor
from language.posts.kinds import PostKind, PostTask
from language.posts.trusted import TRUSTED
from packs.faults import FieldFault, require_unique
from packs.form import BasisIn, Strict


class DayOffIn(Strict):
    """What becomes of every term of the pack whose last day is a day off."""

    end: DayOffEnd = DayOffEnd.NEXT_WORKING_DAY
    basis: BasisIn = BasisIn(
        document="Bộ luật Dân sự 2015 (91/2015/QH13)",
        article="Điều 148 khoản 5",
        confidence="L",
    )


class BreaksIn(Strict):
    """How many days of a year the breaks of a unit may take, its own and those above it together."""

    most_days_a_year: int = Field(default=120, ge=1, le=366)
    basis: BasisIn = BasisIn(sample=True)


class SpreadIn(Strict):
    """Over how many minutes the rungs of one instant fire, each dossier with a delay of its own."""

    minutes: int = Field(default=USUAL_SPREAD_MINUTES, ge=0, le=360)
    basis: BasisIn = BasisIn(sample=True)


class UnitsThatEndIn(Strict):
    """What becomes of stages that are open in a unit when it ends and another takes over."""

    open_stages: StageInSuccessor = StageInSuccessor.GOES_ON
    basis: BasisIn = BasisIn(sample=True)


class TrustIn(Strict):
    """The posts to whose holders this task may be delegated, in the unit of the work or above it."""

    task: PostTask
    posts: list[PostKind] = Field(min_length=1, max_length=len(PostKind))


class DelegationIn(Strict):
    """To whom judging and signing may be delegated; a task that is left out goes to the posts of the
    sample."""

    trusted: list[TrustIn] = Field(default_factory=list, max_length=len(TRUSTED))
    basis: BasisIn = BasisIn(sample=True)

    @model_validator(mode="after")
    def _each_task_once(self) -> Self:
        require_unique(
            (rule.task for rule in self.trusted),
            "two rules for the same task",
            "hai quy định cho cùng một việc",
            "trusted",
            field="task",
        )
        for number, rule in enumerate(self.trusted):
            if rule.task not in TRUSTED:
                raise FieldFault(
                    "this task may be delegated to anybody",
                    "việc này được ủy quyền cho bất kỳ ai",
                    "trusted",
                    number,
                    "task",
                )
        return self

    def rules(self) -> Mapping[PostTask, frozenset[PostKind]]:
        """The posts for every task that not everybody may be given."""
        return {**TRUSTED, **{rule.task: frozenset(rule.posts) for rule in self.trusted}}
