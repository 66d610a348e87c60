"""What is shown of a level's frozen rules: each with the name it has in the pack."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Self

from pydantic import AliasPath, BeforeValidator, Field

from casework.routes.forecast import LadderRungOut
from kit.http.models import Out
from language.cases import CaseType
from language.plan.review_plan import GradeFloor, LevelPlan
from language.plan.rule_kinds import (
    AggregationMethod,
    CountedOver,
    DeviationAction,
    RoundingMode,
    StageInSuccessor,
    VotingMethod,
)


def _by_criterion(floors: Sequence[GradeFloor]) -> dict[str, Decimal]:
    return {floor.criterion: floor.least for floor in floors}


class RuleOut(Out):
    """A rule of the plan; `rule` is the path it has in the pack."""

    rule: str = Field(validation_alias=AliasPath("basis", "rule"))


class BandOut(RuleOut):
    """A stretch of marks with a meaning, both ends included."""

    id: str
    title_vi: str
    title_en: str
    lowest: Decimal
    highest: Decimal


class RemarkRuleOut(RuleOut):
    """Marks below `below` need a remark; all do where it is null."""

    below: Decimal | None


class CriterionOut(RuleOut):
    """A line of the score sheet."""

    id: str
    title_vi: str
    title_en: str
    max_score: Decimal
    floor: Decimal
    step: Decimal
    bands: list[BandOut]
    remark: RemarkRuleOut | None


class GradeOut(RuleOut):
    """A grade: averages from `lowest` to below `below`, and the least average of each criterion in
    `floors`."""

    id: str
    title_vi: str
    title_en: str
    lowest: Decimal
    below: Decimal | None
    floors: Annotated[dict[str, Decimal], BeforeValidator(_by_criterion)]


class AggregationOut(RuleOut):
    """How sheets become one figure."""

    method: AggregationMethod
    from_sheets: int | None


class RoundingOut(RuleOut):
    """How figures are rounded before they are compared."""

    places: int
    mode: RoundingMode


class DeviationRuleOut(RuleOut):
    """How far totals may lie apart, and what follows when they do by more."""

    most: Decimal
    action: DeviationAction


class QuotaOut(RuleOut):
    """How many dossiers of a season the unit may propose upward."""

    most: int


class RulesOut(Out):
    """The frozen rules of the level, with the names they have in the pack."""

    criteria: list[CriterionOut]
    aggregation: AggregationOut
    rounding: RoundingOut
    deviation: DeviationRuleOut | None
    pass_threshold: Decimal
    pass_rule: str
    grades: list[GradeOut]
    quorum: str
    quorum_rule: str
    approval: str
    approval_counted_over: CountedOver
    approval_rule: str
    voting_method: VotingMethod
    voting_rule: str
    examination_rule: str
    promotion_average: Decimal | None
    promotion_rule: str
    promotion_quota: QuotaOut | None
    early_sight_rule: str | None
    in_successor: StageInSuccessor
    ladder: list[LadderRungOut]

    @classmethod
    def of(cls, value: LevelPlan) -> Self:
        """The rules that members and deciders work by."""
        return cls(
            criteria=[CriterionOut.of(line) for line in value.criteria],
            aggregation=AggregationOut.of(value.aggregation),
            rounding=RoundingOut.of(value.rounding),
            deviation=DeviationRuleOut.of(value.deviation) if value.deviation else None,
            pass_threshold=value.pass_threshold,
            pass_rule=value.pass_basis.rule,
            grades=[GradeOut.of(grade) for grade in value.grades],
            quorum=f"{value.quorum.numerator}/{value.quorum.denominator}",
            quorum_rule=value.quorum.basis.rule,
            approval=f"{value.approval.numerator}/{value.approval.denominator}",
            approval_counted_over=value.approval.counted_over,
            approval_rule=value.approval.basis.rule,
            voting_method=value.voting.method,
            voting_rule=value.voting.basis.rule,
            examination_rule=value.examination_basis.rule,
            promotion_average=value.promotion_average,
            promotion_rule=value.promotion_basis.rule,
            promotion_quota=QuotaOut.of(value.promotion_quota) if value.promotion_quota else None,
            early_sight_rule=value.early_sight.rule if value.early_sight else None,
            in_successor=value.in_successor,
            ladder=[LadderRungOut.of_rule(rule, CaseType.EXAMINATION) for rule in value.ladder],
        )
