"""The form of policy packs: every rule with its basis, and how the rules of a part fit together. The whole
pack is in `levels`."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from kit.http.models import Lines, as_written
from language.plan.ladder import ladder_faults
from language.plan.review_plan import BudgetUnit, RungAction
from language.plan.rule_kinds import (
    AggregationMethod,
    CheckRuleKind,
    CountedOver,
    DecisionActKind,
    DeviationAction,
    RoundingMode,
    RungAnchor,
    SeatRole,
    VotingMethod,
)
from language.posts.kinds import PostKind
from packs.faults import FieldFault, require_unique

Text = Annotated[str, StringConstraints(max_length=1_000), Lines]
NAME = r"^[a-z0-9][a-z0-9-]{1,62}$"
Name = Annotated[str, Field(pattern=NAME)]
CriterionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
LevelName = Annotated[str, Field(pattern=r"^[A-Z][A-Z_]{1,30}$")]
Dong = Annotated[int, Field(ge=0, le=10**12)]
Mark = Annotated[Decimal, Field(ge=0, le=100_000, max_digits=9, decimal_places=4)]


class Strict(BaseModel):
    """Unknown keys are refused; nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    _as_written = field_validator("*", mode="before")(classmethod(as_written))


class BasisIn(Strict):
    """Where a rule comes from: a document with an article, or `sample: true` where no law gives the
    number."""

    document: Text = "mẫu, không phải quy định"
    article: Text = ""
    confidence: Literal["V", "V2", "L", "U"] = "U"
    sample: bool = False

    @model_validator(mode="after")
    def _has_source(self) -> Self:
        if not self.sample and not self.article:
            raise FieldFault(
                "a rule names document and article, or says sample: true",
                "quy định phải có căn cứ, hoặc ghi sample: true",
                "article",
            )
        return self


class BudgetIn(Strict):
    """A span of time."""

    amount: int = Field(ge=1, le=1_000)
    unit: BudgetUnit


class ExtensionIn(Strict):
    """How much longer a clock may be made, all extensions together."""

    most: BudgetIn
    basis: BasisIn


class BandIn(Strict):
    """A stretch of marks with a meaning, both ends included."""

    id: CriterionId
    title_vi: Text
    title_en: Text
    lowest: Mark
    highest: Mark
    basis: BasisIn


class RemarkIn(Strict):
    """A mark below `below` needs a remark; with `below: null` every mark does."""

    below: Mark | None
    basis: BasisIn


class CriterionIn(Strict):
    """A line of the score sheet."""

    id: CriterionId
    title_vi: Text
    title_en: Text
    max_score: Decimal = Field(gt=0, le=1_000, max_digits=8, decimal_places=4)
    floor: Decimal = Field(ge=0, max_digits=8, decimal_places=4)
    step: Decimal = Field(gt=0, max_digits=8, decimal_places=4)
    basis: BasisIn
    bands: list[BandIn] = Field(default_factory=list, max_length=20)
    remark: RemarkIn | None = None

    @model_validator(mode="after")
    def _numbers_fit(self) -> Self:
        if self.floor > self.max_score:
            raise FieldFault("floor is above max_score", "điểm sàn cao hơn điểm tối đa", "floor")
        if self.max_score % self.step:
            raise FieldFault(
                "max_score is no multiple of step", "điểm tối đa không chia hết cho bước điểm", "step"
            )
        if self.remark and (self.remark.below or 0) > self.max_score:
            raise FieldFault(
                "remark.below is above max_score", "mức phải nhận xét cao hơn điểm tối đa", "remark", "below"
            )
        return self

    @model_validator(mode="after")
    def _bands_cover_every_mark_once(self) -> Self:
        require_unique(
            (band.id for band in self.bands),
            "two bands of a criterion have the same id",
            "hai khung điểm trùng mã",
            "bands",
        )
        bands = sorted(enumerate(self.bands), key=lambda numbered: numbered[1].lowest)
        if not bands:
            return self
        for number, band in bands:
            if band.lowest > band.highest or band.lowest % self.step or band.highest % self.step:
                raise FieldFault(
                    "a band does not run upward from step to step",
                    "khung điểm phải từ thấp đến cao, theo bước điểm",
                    "bands",
                    number,
                )
        (first, lowest), (last, highest) = bands[0], bands[-1]
        if lowest.lowest != 0 or highest.highest != self.max_score:
            wrong = (first, "lowest") if lowest.lowest != 0 else (last, "highest")
            raise FieldFault(
                "the bands do not run from 0 to max_score",
                "các khung điểm phải đi từ 0 đến điểm tối đa",
                "bands",
                *wrong,
            )
        for (_, lower), (number, upper) in pairwise(bands):
            if upper.lowest <= lower.highest:
                raise FieldFault(
                    f"bands {lower.id} and {upper.id} overlap",
                    f"hai khung điểm {lower.id} và {upper.id} chồng nhau",
                    "bands",
                    number,
                    "lowest",
                )
            if upper.lowest != lower.highest + self.step:
                raise FieldFault(
                    f"no band holds the marks between {lower.id} and {upper.id}",
                    f"có khoảng điểm giữa {lower.id} và {upper.id} không thuộc khung nào",
                    "bands",
                    number,
                    "lowest",
                )
        return self


class AggregationIn(Strict):
    """How sheets become one figure; MEAN_WITHOUT_EXTREMES says from how many sheets on a highest and a lowest
    value are left out."""

    method: AggregationMethod
    from_sheets: int | None = Field(default=None, ge=3, le=100)
    basis: BasisIn

    @model_validator(mode="after")
    def _number_belongs_to_method(self) -> Self:
        if (self.method is AggregationMethod.MEAN_WITHOUT_EXTREMES) != (self.from_sheets is not None):
            raise FieldFault(
                "from_sheets goes with MEAN_WITHOUT_EXTREMES and only with it",
                "from_sheets chỉ, và phải, đi với MEAN_WITHOUT_EXTREMES",
                "from_sheets",
            )
        return self


class RoundingIn(Strict):
    """How averages are rounded before they are compared."""

    places: int = Field(ge=0, le=4)
    mode: RoundingMode
    basis: BasisIn


class DeviationIn(Strict):
    """How far the highest total may lie above the lowest, and what follows when it lies further."""

    most: Mark
    action: DeviationAction
    basis: BasisIn


class VotingIn(Strict):
    """How the council votes."""

    method: VotingMethod
    basis: BasisIn


class ActIn(Strict):
    """Who may act on a decision that was made (holders of `post` in its unit or above), and for how long
    after it."""

    id: DecisionActKind
    post: PostKind
    within: BudgetIn
    basis: BasisIn


class SeatIn(Strict):
    """Seats of one role."""

    role: SeatRole
    post: PostKind
    count: int = Field(ge=1, le=30)


class ShareIn(Strict):
    """A fraction of the council's members, or of those present."""

    numerator: int = Field(ge=1, le=100)
    denominator: int = Field(ge=1, le=100)
    counted_over: CountedOver = CountedOver.MEMBERS
    basis: BasisIn

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        if self.numerator > self.denominator:
            raise FieldFault(
                "the share is more than all members", "tỷ lệ lớn hơn tổng số thành viên", "numerator"
            )
        return self


class QuorumIn(ShareIn):
    """How many must have marked: of all seats, unless the rules say that only the members that were found
    count."""

    counted_over: CountedOver = CountedOver.SEATS


class RungIn(Strict):
    """A rung of a ladder; `offset` counts from the anchor. `quorum` is the lower share that a LOWER_QUORUM
    rung brings."""

    id: Name
    action: RungAction
    anchor: RungAnchor
    offset: int = Field(ge=-1_000, le=1_000)
    unit: BudgetUnit
    basis: BasisIn
    quorum: QuorumIn | None = None

    @model_validator(mode="after")
    def _quorum_counts_all(self) -> Self:
        if self.quorum:
            require_quorum(self.quorum, "quorum")
        return self


def require_quorum(share: ShareIn, *place: str) -> None:
    """A quorum is a share of all seats, or of all members that were found; `place` leads to it."""
    if share.counted_over is CountedOver.PRESENT:
        raise FieldFault(
            "a quorum counts all members: those present always are all of those present",
            "túc số tính trên tổng số thành viên",
            *place,
            "counted_over",
        )


def require_ladder(ladder: list[RungIn], quorum: ShareIn | None = None, *, place: str = "ladder") -> None:
    """The ladder makes sense; `quorum` is the council's, None where there is no council."""
    faults = list(ladder_faults(ladder, quorum))
    if faults:
        raise FieldFault("; ".join(one.en for one in faults), "; ".join(one.vi for one in faults), place)


class GradeFloorIn(Strict):
    """The least average of a criterion for a grade."""

    criterion: CriterionId
    least: Mark


class GradeIn(Strict):
    """A grade: averages from `lowest` to below `below`; the highest grade has `below: null`."""

    id: str = Field(pattern=r"^[A-Z][A-Z0-9_]{0,30}$")
    title_vi: Text
    title_en: Text
    lowest: Mark
    below: Mark | None
    floors: list[GradeFloorIn] = Field(default_factory=list, max_length=50)
    basis: BasisIn


class QuotaIn(Strict):
    """How many dossiers of a season a unit may propose upward."""

    most: int = Field(ge=0, le=1_000_000)
    basis: BasisIn


class CheckRuleIn(Strict):
    """What a request must fulfil to be accepted."""

    id: Name
    kind: CheckRuleKind
    limit: Decimal = Field(ge=0, le=1_000, max_digits=7, decimal_places=2)
    basis: BasisIn

    @model_validator(mode="after")
    def _limit_fits_kind(self) -> Self:
        if self.kind is CheckRuleKind.MIN_CONTRIBUTION_PERCENT and not 0 < self.limit <= 100:
            raise FieldFault(
                "a share lies above 0 and is at most 100 percent",
                "tỷ lệ phải lớn hơn 0 và không quá 100 %",
                "limit",
            )
        if self.kind is not CheckRuleKind.MIN_CONTRIBUTION_PERCENT and (self.limit % 1 or self.limit < 1):
            raise FieldFault(
                "a number of authors or files is whole and at least 1",
                "số tác giả, số tệp phải là số nguyên từ 1",
                "limit",
            )
        return self
