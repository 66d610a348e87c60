"""Policy packs at the edge: the form of the YAML, its checks, and the plan that a pack freezes to. The JSON
Schema comes from here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Self
from uuid import UUID

import yaml
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails

from kit.http.faults import in_english, in_vietnamese
from language.plan.review_plan import ReviewPlan
from language.plan.rule_kinds import DayOffEnd
from packs.checks import CheckIn
from packs.faults import FieldFault, require_unique
from packs.form import (
    BasisIn,
    BudgetIn,
    Name,
    Strict,
    Text,
)
from packs.levels import LevelIn
from packs.loading import PackLoader
from packs.money import PayoutIn, RateIn
from packs.passage import DocumentIn, TransitionIn
from packs.terms import BreaksIn, DayOffIn, DelegationIn, SpreadIn, UnitsThatEndIn

_PLAN = TypeAdapter(ReviewPlan)
_RESERVED = "drafts"


class PolicyPack(Strict):
    """Everything that decides how a dossier is examined and paid, from `effective_from` to `effective_to`
    inclusive.

    `authority` is the body whose rules these are. `rates` and `documents` are data that nothing enforces yet;
    `transition` is for dossiers under way; `breaks` and `delegation` bind the units, not the dossiers."""

    name: Name
    version: int = Field(ge=1, le=1_000_000)
    title_vi: Text
    title_en: Text
    authority_vi: Text
    authority_en: Text
    effective_from: date
    effective_to: date | None
    formal_check: CheckIn
    levels: list[LevelIn] = Field(min_length=1, max_length=20)
    payout: PayoutIn
    rates: list[RateIn] = Field(default_factory=list, max_length=200)
    documents: list[DocumentIn] = Field(default_factory=list, max_length=100)
    transition: TransitionIn | None = None
    day_off: DayOffIn = DayOffIn()
    breaks: BreaksIn = BreaksIn()
    spread: SpreadIn = SpreadIn()
    units_that_end: UnitsThatEndIn = UnitsThatEndIn()
    delegation: DelegationIn = DelegationIn()

    @property
    def rule_version(self) -> str:
        """The name under which events quote it."""
        return f"{self.name}@{self.version}"

    @model_validator(mode="after")
    def _levels_and_dates_fit(self) -> Self:
        if self.name == _RESERVED:
            raise FieldFault("no pack is called drafts", "không đặt tên bộ quy định là drafts", "name")
        if self.effective_to and self.effective_to < self.effective_from:
            raise FieldFault(
                "effective_to lies before effective_from",
                "ngày hết hiệu lực trước ngày có hiệu lực",
                "effective_to",
            )
        require_unique(
            (level.level for level in self.levels),
            "two levels have the same name",
            "hai cấp trùng tên",
            "levels",
            field="level",
        )
        for number, level in enumerate(self.levels[:-1]):
            if level.promotion_average is None:
                raise FieldFault(
                    "only the last level may have promotion_average: null",
                    "chỉ cấp cuối không chuyển lên trên",
                    "levels",
                    number,
                    "promotion_average",
                )
        return self

    @model_validator(mode="after")
    def _annexes_fit(self) -> Self:
        require_unique(
            (rate.id for rate in self.rates), "two rates have the same id", "hai mức chi trùng mã", "rates"
        )
        require_unique(
            (document.id for document in self.documents),
            "two documents have the same id",
            "hai mẫu văn bản trùng mã",
            "documents",
        )
        for (_, one), (number, other) in combinations(enumerate(self.rates), 2):
            if one.clashes_with(other):
                raise FieldFault(
                    "two rates hold for the same work on the same day",
                    "hai mức chi cùng áp dụng cho một việc",
                    "rates",
                    number,
                )
        self._levels_are_there()
        return self

    def _levels_are_there(self) -> None:
        known = {None, *(level.level for level in self.levels)}
        moves = self.transition.level_moves if self.transition else []
        named: list[tuple[str | None, tuple[str | int, ...]]] = [
            *((rate.level, ("rates", number, "level")) for number, rate in enumerate(self.rates)),
            *((paper.level, ("documents", number, "level")) for number, paper in enumerate(self.documents)),
            *(
                (move.to_level, ("transition", "level_moves", number, "to_level"))
                for number, move in enumerate(moves)
            ),
        ]
        for level, place in named:
            if level not in known:
                raise FieldFault(
                    f"the pack has no level {level}", f"bộ quy định không có cấp {level}", *place
                )


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


def read_pack(text: str) -> PolicyPack:
    """The pack in this YAML text; `PackInvalid` names line, path and reason of every fault."""
    data = read_yaml(text)
    try:
        return PolicyPack.model_validate(data)
    except ValidationError as error:
        tree = yaml.compose(text, Loader=PackLoader)
        raise PackInvalid(
            [_fault(tree, _place(found), _reason(found)) for found in error.errors()]
        ) from error


def read_yaml(text: str) -> Any:
    """What this YAML text holds; `PackInvalid` when it is none."""
    try:
        return yaml.load(text, Loader=PackLoader)  # noqa: S506 - a safe loader, see there
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PackInvalid(
            [PackFault(line=mark.line + 1 if mark else 1, path="", reason=_yaml_reason(error))]
        ) from error
    except RecursionError as error:
        raise PackInvalid(
            [PackFault(line=1, path="", reason="lồng quá nhiều tầng (nested too deeply)")]
        ) from error


def _yaml_reason(error: yaml.YAMLError) -> str:
    return f"sai cú pháp YAML ({getattr(error, 'problem', None) or error})"


def _place(found: ErrorDetails) -> tuple[int | str, ...]:
    """The way to the field: pydantic knows the part that was checked, the check itself the field in it."""
    fault = found.get("ctx", {}).get("error")
    return (*found["loc"], *(fault.place if isinstance(fault, FieldFault) else ()))


def _reason(found: ErrorDetails) -> str:
    return f"{in_vietnamese(found)} ({in_english(found)})"


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
        return [
            _named(item, f"{path}.{item['id']}" if isinstance(item, dict) and "id" in item else path)
            for item in value
        ]
    if not isinstance(value, dict):
        return value
    if value.keys() == BasisIn.model_fields.keys():
        return {**value, "rule": path}
    return {
        key: _named(item, path if key == "basis" else f"{path}.{key.removesuffix('_basis')}")
        for key, item in value.items()
    }


def _ending(value: Any, end: DayOffEnd) -> Any:
    """The pack's data with every span of time knowing what becomes of a last day that is a day off."""
    if isinstance(value, list):
        return [_ending(item, end) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == BudgetIn.model_fields.keys():
        return {**value, "on_day_off": end}
    return {key: _ending(item, end) for key, item in value.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Where and when a dossier was filed: the unit, the units above it by their level, the season."""

    unit_id: UUID
    units_by_level: dict[str, UUID]
    season_id: UUID


def freeze(pack: PolicyPack, filing: Filing) -> ReviewPlan:
    """The plan of a dossier filed there; a level is kept when a unit of its kind lies on the way to the
    root."""
    data = _ending(pack.model_dump(mode="python"), pack.day_off.end)
    spread = {"spread_minutes": pack.spread.minutes}
    in_successor = {"in_successor": pack.units_that_end.open_stages}
    levels = [
        {
            **_named(level, level["level"]),
            **spread,
            **in_successor,
            "unit_id": filing.units_by_level[level["unit_level"]],
        }
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
            "formal_check": {
                **_named(data["formal_check"], "formal_check"),
                **spread,
                "unit_id": filing.unit_id,
            },
            "levels": levels,
            "payout": {**_named(data["payout"], "payout"), **spread},
            "rates": _named(data["rates"], "rates"),
            "documents": _named(data["documents"], "documents"),
            "day_off": pack.day_off.end,
        }
    )
