"""Policy packs at the edge: the form of the YAML, its checks, and the plan that a pack freezes to. The JSON Schema comes from here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails

from services.kit.http.models import NoNull
from workflows.contracts.plan import BudgetUnit, PostKind, ReviewPlan, RungAction, RungAnchor, SeatRole

_Text = Annotated[str, StringConstraints(max_length=1_000), NoNull]
_NAME = r"^[a-z0-9][a-z0-9-]{1,62}$"
_PLAN = TypeAdapter(ReviewPlan)
_IN_VIETNAMESE = {"missing": "thiếu mục này", "extra_forbidden": "mục này không có trong mẫu"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BasisIn(_Strict):
    """Where a rule comes from: a document with an article, or `sample: true` where no law gives the number."""

    document: _Text = "mẫu, không phải quy định"
    article: _Text = ""
    confidence: Literal["V", "V2", "L", "U"] = "U"
    sample: bool = False

    @model_validator(mode="after")
    def _has_source(self) -> Self:
        if not self.sample and not self.article:
            raise ValueError("a rule names document and article, or says sample: true (quy định phải có căn cứ, hoặc ghi sample: true)")
        return self


class BudgetIn(_Strict):
    """A span of time."""

    amount: int = Field(ge=1, le=1_000)
    unit: BudgetUnit


class ExtensionIn(_Strict):
    """How much longer a clock may be made, all extensions together."""

    most: BudgetIn
    basis: BasisIn


class RungIn(_Strict):
    """A rung of a ladder; `offset` counts from the anchor."""

    id: str = Field(pattern=_NAME)
    action: RungAction
    anchor: RungAnchor
    offset: int = Field(ge=-1_000, le=1_000)
    unit: BudgetUnit
    basis: BasisIn


class CriterionIn(_Strict):
    """A line of the score sheet."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")
    title_vi: _Text
    title_en: _Text
    max_score: Decimal = Field(gt=0, le=1_000, max_digits=8, decimal_places=4)
    floor: Decimal = Field(ge=0, max_digits=8, decimal_places=4)
    step: Decimal = Field(gt=0, max_digits=8, decimal_places=4)
    basis: BasisIn

    @model_validator(mode="after")
    def _floor_and_step_fit(self) -> Self:
        if self.floor > self.max_score:
            raise ValueError("floor is above max_score (điểm sàn cao hơn điểm tối đa)")
        if self.max_score % self.step:
            raise ValueError("max_score is no multiple of step (điểm tối đa không chia hết cho bước điểm)")
        return self


class SeatIn(_Strict):
    """Seats of one role."""

    role: SeatRole
    post: PostKind
    count: int = Field(ge=1, le=30)


class ShareIn(_Strict):
    """A fraction of the council's members."""

    numerator: int = Field(ge=1, le=100)
    denominator: int = Field(ge=1, le=100)
    basis: BasisIn

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        if self.numerator > self.denominator:
            raise ValueError("the share is more than all members (tỷ lệ lớn hơn tổng số thành viên)")
        return self


def _unique_rungs(ladder: list[RungIn]) -> None:
    names = [rung.id for rung in ladder]
    if len(set(names)) < len(names):
        raise ValueError("two rungs of a ladder have the same id (hai bậc nhắc việc trùng mã)")


class CheckIn(_Strict):
    """The formal check of the request."""

    officers: PostKind
    check: BudgetIn
    check_basis: BasisIn
    supplement: BudgetIn
    supplement_basis: BasisIn
    ladder: list[RungIn]
    extension: ExtensionIn | None = None

    @model_validator(mode="after")
    def _ladder_fits(self) -> Self:
        _unique_rungs(self.ladder)
        return self


class LevelIn(_Strict):
    """One level, held by units of `unit_level`."""

    level: str = Field(pattern=r"^[A-Z][A-Z_]{1,30}$")
    unit_level: str = Field(pattern=r"^[A-Z][A-Z_]{1,30}$")
    title_vi: _Text
    title_en: _Text
    seats: list[SeatIn] = Field(min_length=1)
    substitutes: PostKind
    criteria: list[CriterionIn] = Field(min_length=1)
    pass_threshold: Decimal = Field(ge=0, max_digits=8, decimal_places=4)
    pass_basis: BasisIn
    quorum: ShareIn
    approval: ShareIn
    examination: BudgetIn
    examination_basis: BasisIn
    ladder: list[RungIn]
    promotion_average: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=4)] | None
    promotion_basis: BasisIn
    award_dong: int = Field(ge=0, le=10**12)
    award_basis: BasisIn
    extension: ExtensionIn | None = None

    @model_validator(mode="after")
    def _rules_fit_together(self) -> Self:
        _unique_rungs(self.ladder)
        most = sum((criterion.max_score for criterion in self.criteria), Decimal())
        if self.pass_threshold > most or (self.promotion_average or 0) > most:
            raise ValueError(f"a threshold is above the highest total of {most} (ngưỡng cao hơn tổng điểm tối đa)")
        if sum(seat.count for seat in self.seats if seat.role is SeatRole.CHAIR) != 1:
            raise ValueError("a council has exactly one chair (hội đồng phải có đúng một Chủ tịch)")
        if len({criterion.id for criterion in self.criteria}) < len(self.criteria):
            raise ValueError("two criteria have the same id (hai tiêu chí trùng mã)")
        return self


class PayoutIn(_Strict):
    """Approval of awards."""

    verifier: PostKind
    approver: PostKind
    approval: BudgetIn
    approval_basis: BasisIn
    ladder: list[RungIn]
    extension: ExtensionIn | None = None

    @model_validator(mode="after")
    def _ladder_fits(self) -> Self:
        _unique_rungs(self.ladder)
        return self


class PolicyPack(_Strict):
    """Everything that decides how a dossier is examined and paid, from `effective_from` to `effective_to` inclusive."""

    name: str = Field(pattern=_NAME)
    version: int = Field(ge=1, le=1_000_000)
    title_vi: _Text
    title_en: _Text
    effective_from: date
    effective_to: date | None
    formal_check: CheckIn
    levels: list[LevelIn] = Field(min_length=1)
    payout: PayoutIn

    @model_validator(mode="after")
    def _levels_and_dates_fit(self) -> Self:
        if self.effective_to and self.effective_to < self.effective_from:
            raise ValueError("effective_to lies before effective_from (ngày hết hiệu lực trước ngày có hiệu lực)")
        if len({level.level for level in self.levels}) < len(self.levels):
            raise ValueError("two levels have the same name (hai cấp trùng tên)")
        if any(lower.promotion_average is None for lower, _ in pairwise(self.levels)):
            raise ValueError("only the last level may have promotion_average: null (chỉ cấp cuối không chuyển lên trên)")
        return self


class PackFault(BaseModel):
    """One thing that is wrong with a pack file: the line, the path in the document, the reason."""

    line: int
    path: str
    reason: str


class PackInvalid(Exception):
    """The file is no valid pack; `faults` says where and why."""

    def __init__(self, faults: list[PackFault]) -> None:
        super().__init__(faults)
        self.faults = faults


class _PackLoader(yaml.SafeLoader):
    """The safe loader, but dates stay text: it would fail on 30 February without saying where."""


_PackLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_pack(text: str) -> PolicyPack:
    """The pack in this YAML text; `PackInvalid` names line, path and reason of every fault."""
    try:
        tree = yaml.compose(text, Loader=_PackLoader)
        data = yaml.load(text, Loader=_PackLoader)  # noqa: S506 - a safe loader, see there
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PackInvalid([PackFault(line=mark.line + 1 if mark else 1, path="", reason=_yaml_reason(error))]) from error
    try:
        return PolicyPack.model_validate(data)
    except ValidationError as error:
        raise PackInvalid([_fault(tree, found["loc"], _reason(found)) for found in error.errors()]) from error


def _yaml_reason(error: yaml.YAMLError) -> str:
    return f"{getattr(error, 'problem', None) or error} (sai cú pháp YAML)"


def _reason(found: ErrorDetails) -> str:
    # Our own checks speak both languages already; pydantic's speak English only.
    told = found["msg"].removeprefix("Value error, ")
    return told if found["type"] == "value_error" else f"{told} ({_IN_VIETNAMESE.get(found['type'], 'giá trị không đúng mẫu')})"


def _fault(tree: yaml.Node | None, location: tuple[int | str, ...], reason: str) -> PackFault:
    line = tree.start_mark.line + 1 if tree else 1
    for node in _nodes_along(tree, location):
        line = node.start_mark.line + 1
    return PackFault(line=line, path=".".join(str(part) for part in location), reason=reason)


def _nodes_along(node: yaml.Node | None, location: tuple[int | str, ...]) -> Iterator[yaml.Node]:
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            if part not in pairs:
                return
            key, node = pairs[str(part)]
            yield key
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            yield node
        else:
            return


def json_schema() -> dict[str, Any]:
    """The JSON Schema of pack files, published as policies/schema.json."""
    return PolicyPack.model_json_schema()


def _named(value: Any, path: str) -> Any:
    """The pack's data with every basis knowing the path of the rule it belongs to."""
    if isinstance(value, list):
        return [_named(item, f"{path}.{item['id']}" if isinstance(item, dict) and "id" in item else path) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == BasisIn.model_fields.keys():
        return {**value, "rule": path}
    return {key: _named(item, path if key == "basis" else f"{path}.{key.removesuffix('_basis')}") for key, item in value.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Where and when a dossier was filed: the unit, the units above it by their level, the season."""

    unit_id: UUID
    units_by_level: dict[str, UUID]
    season_id: UUID
    at: datetime


def freeze(pack: PolicyPack, filing: Filing) -> ReviewPlan:
    """The plan of a dossier filed there; a level is kept when a unit of its kind lies on the way to the root."""
    data = pack.model_dump(mode="python")
    levels = [
        {**_named(level, level["level"]), "unit_id": filing.units_by_level[level["unit_level"]]}
        for level in data["levels"]
        if level["unit_level"] in filing.units_by_level
    ]
    for level in levels:
        del level["unit_level"]
    return _PLAN.validate_python(
        {
            "pack": pack.name,
            "pack_version": pack.version,
            "season_id": filing.season_id,
            "frozen_at": filing.at,
            "formal_check": {**_named(data["formal_check"], "formal_check"), "unit_id": filing.unit_id},
            "levels": levels,
            "payout": _named(data["payout"], "payout"),
        }
    )
