"""What a pack that is right in itself still means for this province: what keeps it from being published, and
what to think of before."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from language.units.levels import ORDER
from language.words.values import say_level
from packs.freezing import PolicyPack


class Weight(StrEnum):
    """BLOCKS keeps the pack from being published; WARNS is for the publisher to weigh."""

    BLOCKS = "BLOCKS"
    WARNS = "WARNS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found, with the path of the rule in the pack."""

    weight: Weight
    path: str
    vi: str
    en: str


class Published(Protocol):
    """A published version, and the days on which it may be in force."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def effective_from(self) -> date: ...
    @property
    def effective_to(self) -> date | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """What a pack is held against: what is published, the levels of each name's newest version, the levels of
    units, the day."""

    published: Sequence[Published]
    levels: Mapping[str, Set[str]]
    unit_levels: Set[str]
    today: date


def find_in(pack: PolicyPack, province: Province) -> list[Finding]:
    """Everything to be said, what blocks first."""
    found = [
        *_about_version(pack, province),
        *_about_levels(pack, province),
        *_about_transition(pack, province),
        *_about_days(pack, province),
        *_about_others(pack, province),
    ]
    return sorted(found, key=lambda finding: finding.weight)


def blockers(findings: list[Finding]) -> list[Finding]:
    """Those that keep it from being published."""
    return [finding for finding in findings if finding.weight is Weight.BLOCKS]


def _about_version(pack: PolicyPack, province: Province) -> list[Finding]:
    published = {one.version for one in province.published if one.name == pack.name}
    if pack.version in published:
        return [
            _blocks(
                "version", f"{pack.rule_version} đã được công bố", f"{pack.rule_version} is published already"
            )
        ]
    newest = max(published, default=0)
    if pack.version < newest:
        return [
            _blocks(
                "version",
                f"đã có phiên bản {newest} mới hơn: hãy lấy số phiên bản lớn hơn",
                f"there is a newer version {newest}: take a higher number",
            )
        ]
    return []


def _about_levels(pack: PolicyPack, province: Province) -> list[Finding]:
    # A school may make a branch of any name below itself: a council of such units would be one of its own.
    unordered = [
        _blocks(
            f"levels.{number}.unit_level",
            f"đơn vị loại {level.unit_level} không thể có hội đồng: chỉ các cấp tỉnh, huyện, xã, trường",
            f"units of level {level.unit_level} hold no council: only those of {', '.join(ORDER)}",
        )
        for number, level in enumerate(pack.levels)
        if level.unit_level not in ORDER
    ]
    if unordered:
        return unordered
    missing = [
        (number, level.unit_level)
        for number, level in enumerate(pack.levels)
        if level.unit_level not in province.unit_levels
    ]
    if len(missing) == len(pack.levels):
        return [
            _blocks(
                "levels",
                "tổ chức của tỉnh không có đơn vị nào giữ các cấp này",
                "the organisation has no unit that holds any of the levels",
            )
        ]
    return [
        _warns(
            f"levels.{number}.unit_level",
            f"tổ chức của tỉnh không có đơn vị cấp {say_level(unit_level).vi}: cấp này sẽ bị bỏ qua",
            f"the organisation has no unit of level {say_level(unit_level).en}: the level is left out",
        )
        for number, unit_level in missing
    ]


def _about_transition(pack: PolicyPack, province: Province) -> list[Finding]:
    if pack.transition is None:
        return []
    replaced = pack.transition.replaces
    known = province.levels.get(replaced)
    if known is None:
        return [
            _blocks(
                "transition.replaces",
                f"chưa có bộ quy định “{replaced}” nào được công bố",
                f"no pack {replaced} is published",
            )
        ]
    return [
        _blocks(
            f"transition.level_moves.{number}.from_level",
            f"bộ quy định “{replaced}” không có cấp {say_level(move.from_level).vi}",
            f"the pack “{replaced}” has no level {say_level(move.from_level).en}",
        )
        for number, move in enumerate(pack.transition.level_moves)
        if move.from_level not in known
    ]


def _about_days(pack: PolicyPack, province: Province) -> list[Finding]:
    if pack.effective_to and pack.effective_to < province.today:
        return [_warns("effective_to", "bộ quy định đã hết hiệu lực", "the pack is out of force already")]
    if pack.effective_from < province.today:
        return [
            _warns(
                "effective_from",
                f"ngày có hiệu lực {pack.effective_from:%d/%m/%Y} đã qua: hồ sơ nộp trước khi "
                "công bố giữ quy định cũ",
                f"the day of effect {pack.effective_from:%d/%m/%Y} has passed: dossiers filed "
                "before publication keep their rules",
            )
        ]
    return []


def _about_others(pack: PolicyPack, province: Province) -> list[Finding]:
    """The packs that hold from the same day as this one, and those that come into force while it holds."""
    told = []
    for other in province.published:
        name, begins = f"{other.name}@{other.version}", other.effective_from
        if begins == pack.effective_from:
            told.append(
                _warns(
                    "effective_from",
                    f"{name} cũng có hiệu lực từ ngày {begins:%d/%m/%Y}: hồ sơ nộp sau khi công bố theo bộ "
                    "công bố sau, tức bộ này",
                    f"{name} holds from {begins:%d/%m/%Y}, too: what is filed after publication is under "
                    "this one, which is published later",
                )
            )
        elif pack.effective_from < begins <= (pack.effective_to or date.max):
            told.append(
                _warns(
                    "effective_to",
                    f"từ ngày {begins:%d/%m/%Y} áp dụng {name}, không còn áp dụng bộ này",
                    f"from {begins:%d/%m/%Y} on {name} is in force, and this one no longer",
                )
            )
    return told


def _blocks(path: str, vi: str, en: str) -> Finding:
    return Finding(weight=Weight.BLOCKS, path=path, vi=vi, en=en)


def _warns(path: str, vi: str, en: str) -> Finding:
    return Finding(weight=Weight.WARNS, path=path, vi=vi, en=en)
