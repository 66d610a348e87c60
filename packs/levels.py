"""A level of a policy pack: council, score sheet, grades, votes and deadlines, and how they fit together."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from language.plan.act_rules import SAMPLE_ACTS
from language.plan.rule_kinds import SeatRole
from language.posts.kinds import PostKind
from language.words.values import say_number
from packs.complaints import ComplaintAgainIn, ComplaintIn
from packs.faults import FieldFault, require_unique
from packs.form import (
    ActIn,
    AggregationIn,
    BasisIn,
    BudgetIn,
    CriterionIn,
    DeviationIn,
    Dong,
    ExtensionIn,
    GradeIn,
    LevelName,
    QuorumIn,
    QuotaIn,
    RoundingIn,
    RungIn,
    SeatIn,
    ShareIn,
    Strict,
    Text,
    VotingIn,
    require_ladder,
    require_quorum,
)


def _sample_acts() -> list[ActIn]:
    return [
        ActIn(
            id=rule.id,
            post=rule.post,
            within=BudgetIn(amount=rule.within.amount, unit=rule.within.unit),
            basis=BasisIn(sample=True),
        )
        for rule in SAMPLE_ACTS
    ]


class LevelIn(Strict):
    """One level, held by units of `unit_level`."""

    level: LevelName
    unit_level: LevelName
    title_vi: Text
    title_en: Text
    seats: list[SeatIn] = Field(min_length=1)
    seats_basis: BasisIn
    substitutes: PostKind
    criteria: list[CriterionIn] = Field(min_length=1)
    aggregation: AggregationIn
    rounding: RoundingIn
    deviation: DeviationIn | None = None
    pass_threshold: Decimal = Field(ge=0, max_digits=8, decimal_places=4)
    pass_basis: BasisIn
    grades: list[GradeIn] = Field(default_factory=list, max_length=20)
    quorum: QuorumIn
    approval: ShareIn
    voting: VotingIn
    examination: BudgetIn
    examination_basis: BasisIn
    ladder: list[RungIn]
    promotion_average: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=4)] | None
    promotion_basis: BasisIn
    promotion_quota: QuotaIn | None = None
    award_dong: Dong
    award_basis: BasisIn
    extension: ExtensionIn | None = None
    early_sight: BasisIn | None = None
    acts: list[ActIn] = Field(default_factory=_sample_acts, max_length=10)
    complaint: ComplaintIn = Field(default_factory=ComplaintIn)
    complaint_again: ComplaintAgainIn = Field(default_factory=ComplaintAgainIn)

    @property
    def highest_total(self) -> Decimal:
        """What a perfect dossier gets."""
        return sum((criterion.max_score for criterion in self.criteria), Decimal())

    @model_validator(mode="after")
    def _rules_fit_together(self) -> Self:
        require_ladder(self.ladder, self.quorum)
        require_unique(
            (criterion.id for criterion in self.criteria),
            "two criteria have the same id",
            "hai tiêu chí trùng mã",
            "criteria",
        )
        most = self.highest_total
        for name, threshold in (
            ("pass_threshold", self.pass_threshold),
            ("promotion_average", self.promotion_average),
        ):
            if (threshold or 0) > most:
                raise FieldFault(
                    f"a threshold is above the highest total of {most}",
                    f"ngưỡng cao hơn tổng điểm tối đa là {say_number(most).vi}",
                    name,
                )
        if sum(seat.count for seat in self.seats if seat.role is SeatRole.CHAIR) != 1:
            raise FieldFault("a council has exactly one chair", "hội đồng phải có đúng một Chủ tịch", "seats")
        require_quorum(self.quorum, "quorum")
        for number, rung in enumerate(self.ladder):
            if rung.quorum and rung.quorum.counted_over is not self.quorum.counted_over:
                raise FieldFault(
                    "a lowered quorum counts whom the level's own counts: seats or members",
                    "túc số hạ xuống phải tính trên cùng tổng số với túc số của cấp",
                    "ladder",
                    number,
                    "quorum",
                )
        require_unique(
            (rule.id for rule in self.acts),
            "two rules for the same act",
            "hai quy định cho cùng một việc",
            "acts",
        )
        if self.promotion_quota and self.promotion_average is None:
            raise FieldFault(
                "a quota needs a level above", "hạn mức đề nghị chỉ dùng khi còn cấp trên", "promotion_quota"
            )
        return self

    @model_validator(mode="after")
    def _grades_cover_every_passing_total_once(self) -> Self:
        require_unique(
            (grade.id for grade in self.grades),
            "two grades have the same id",
            "hai mức xếp loại trùng mã",
            "grades",
        )
        grades = sorted(enumerate(self.grades), key=lambda numbered: numbered[1].lowest)
        if not grades:
            return self
        (first, lowest), (last, highest) = grades[0], grades[-1]
        if lowest.lowest != self.pass_threshold:
            raise FieldFault(
                "the lowest grade does not begin at pass_threshold",
                "mức xếp loại thấp nhất phải bắt đầu từ ngưỡng đạt",
                "grades",
                first,
                "lowest",
            )
        for (number, lower), (_, upper) in pairwise(grades):
            self._grades_touch(number, lower, upper)
        if highest.below is not None or highest.lowest > self.highest_total:
            raise FieldFault(
                "the highest grade runs to the highest total: below: null",
                "mức xếp loại cao nhất phải đến tổng điểm tối đa",
                "grades",
                last,
                "below" if highest.below is not None else "lowest",
            )
        self._floors_can_be_reached()
        return self

    def _grades_touch(self, number: int, lower: GradeIn, upper: GradeIn) -> None:
        place = ("grades", number, "below")
        if lower.below is None or lower.below > upper.lowest:
            raise FieldFault(
                f"grades {lower.id} and {upper.id} overlap",
                f"hai mức xếp loại {lower.id} và {upper.id} chồng nhau",
                *place,
            )
        if lower.below < upper.lowest:
            raise FieldFault(
                f"no grade holds the totals between {lower.id} and {upper.id}",
                f"có khoảng điểm giữa {lower.id} và {upper.id} không thuộc mức xếp loại nào",
                *place,
            )

    def _floors_can_be_reached(self) -> None:
        most = {criterion.id: criterion.max_score for criterion in self.criteria}
        for number, grade in enumerate(self.grades):
            require_unique(
                (floor.criterion for floor in grade.floors),
                f"grade {grade.id} has two floors of a criterion",
                f"mức xếp loại {grade.id} có hai điểm sàn cùng tiêu chí",
                "grades",
                number,
                "floors",
                field="criterion",
            )
            for place, floor in enumerate(grade.floors):
                if floor.criterion not in most:
                    raise FieldFault(
                        f"grade {grade.id} has a floor of no criterion: {floor.criterion}",
                        f"mức xếp loại {grade.id} có điểm sàn của tiêu chí không có: {floor.criterion}",
                        "grades",
                        number,
                        "floors",
                        place,
                        "criterion",
                    )
                if floor.least > most[floor.criterion]:
                    raise FieldFault(
                        f"a floor of grade {grade.id} is above max_score",
                        f"điểm sàn của mức xếp loại {grade.id} cao hơn điểm tối đa",
                        "grades",
                        number,
                        "floors",
                        place,
                        "least",
                    )
