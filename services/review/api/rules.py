"""What is shown of a level's frozen rules: each with the name it has in the pack."""

from decimal import Decimal
from typing import Self

from services.kit.http.forecast import LadderRungOut
from services.kit.http.models import Out
from workflows.contracts.plan import Aggregation, Criterion, DeviationRule, Grade, LevelPlan, PromotionQuota, Rounding
from workflows.contracts.rule_kinds import AggregationMethod, CountedOver, DeviationAction, RoundingMode, VotingMethod


class BandOut(Out):
    """A stretch of marks with a meaning, both ends included."""

    id: str
    title_vi: str
    title_en: str
    lowest: Decimal
    highest: Decimal
    rule: str


class RemarkRuleOut(Out):
    """Marks below `below` need a remark; all do where it is null."""

    below: Decimal | None
    rule: str


class CriterionOut(Out):
    """A line of the score sheet; `rule` names the rule of the pack it comes from."""

    id: str
    title_vi: str
    title_en: str
    max_score: Decimal
    floor: Decimal
    step: Decimal
    bands: list[BandOut]
    remark: RemarkRuleOut | None
    rule: str

    @classmethod
    def of(cls, value: Criterion) -> Self:
        """The line with its bands."""
        return cls(
            id=value.id,
            title_vi=value.title_vi,
            title_en=value.title_en,
            max_score=value.max_score,
            floor=value.floor,
            step=value.step,
            bands=[
                BandOut(
                    id=band.id,
                    title_vi=band.title_vi,
                    title_en=band.title_en,
                    lowest=band.lowest,
                    highest=band.highest,
                    rule=band.basis.rule,
                )
                for band in value.bands
            ],
            remark=RemarkRuleOut(below=value.remark.below, rule=value.remark.basis.rule) if value.remark else None,
            rule=value.basis.rule,
        )


class GradeOut(Out):
    """A grade: averages from `lowest` to below `below`, and the least average of each criterion in `floors`."""

    id: str
    title_vi: str
    title_en: str
    lowest: Decimal
    below: Decimal | None
    floors: dict[str, Decimal]
    rule: str

    @classmethod
    def of(cls, value: Grade) -> Self:
        """The grade with its floors."""
        floors = {floor.criterion: floor.least for floor in value.floors}
        return cls(
            id=value.id,
            title_vi=value.title_vi,
            title_en=value.title_en,
            lowest=value.lowest,
            below=value.below,
            floors=floors,
            rule=value.basis.rule,
        )


class AggregationOut(Out):
    """How sheets become one figure."""

    method: AggregationMethod
    from_sheets: int | None
    rule: str

    @classmethod
    def of(cls, value: Aggregation) -> Self:
        """The method with its rule."""
        return cls(method=value.method, from_sheets=value.from_sheets, rule=value.basis.rule)


class RoundingOut(Out):
    """How figures are rounded before they are compared."""

    places: int
    mode: RoundingMode
    rule: str

    @classmethod
    def of(cls, value: Rounding) -> Self:
        """The rounding with its rule."""
        return cls(places=value.places, mode=value.mode, rule=value.basis.rule)


class DeviationRuleOut(Out):
    """How far totals may lie apart, and what follows when they do by more."""

    most: Decimal
    action: DeviationAction
    rule: str

    @classmethod
    def of(cls, value: DeviationRule) -> Self:
        """The limit with its rule."""
        return cls(most=value.most, action=value.action, rule=value.basis.rule)


class QuotaOut(Out):
    """How many dossiers of a season the unit may propose upward."""

    most: int
    rule: str

    @classmethod
    def of(cls, value: PromotionQuota) -> Self:
        """The quota with its rule."""
        return cls(most=value.most, rule=value.basis.rule)


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
            ladder=[LadderRungOut.of_rule(rule, of_council=True) for rule in value.ladder],
        )
