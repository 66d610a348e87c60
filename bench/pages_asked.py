"""What `bench pages` opens: the main pages of each kind of reader, as the people of the seeded province open
them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.lists_asked import own_id
from bench.lists_seed import Size
from cli.province import ADMIN, WATCHER

_SCHOOLS = 6
"""So many schools take turns."""
_HEAD, _OFFICER, _SECRETARY, _MEMBER, _ACCOUNTANT, _TEACHER = 0, 2, 3, 4, 6, 9
_STAGE, _DOSSIER, _AWARD, _UNIT = 6, 5, 13, 1
_RECOGNISED: Final = 8
"""Every twentieth dossier from this one on is recognised at two levels, and paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One kind of page: who opens it, and which addresses in turn."""

    name: str
    turns: Sequence[tuple[str, str]]


def all_opened(size: Size) -> list[Opened]:
    """Every main kind."""
    schools = [1002 + turn % (size.schools - 1) for turn in range(_SCHOOLS)]
    step = max(20, size.closed // _SCHOOLS // 20 * 20)
    numbers = [turn * step + _RECOGNISED for turn in range(_SCHOOLS)]

    def of(post: int, path: str) -> list[tuple[str, str]]:
        return [(f"d.{school}.{post}", path.format(unit=own_id(_UNIT, school))) for school in schools]

    def about(path: str, who: str = WATCHER) -> list[tuple[str, str]]:
        return [
            (
                who,
                path.format(
                    dossier=own_id(_DOSSIER, number),
                    stage=own_id(_STAGE, number * 2),
                    award=own_id(_AWARD, number),
                    unit=own_id(_UNIT, school),
                ),
            )
            for number, school in zip(numbers, schools, strict=True)
        ]

    return [*_of_offices(of), *_from_above(about)]


def _of_offices(of: Callable[[int, str], list[tuple[str, str]]]) -> list[Opened]:
    asked = (
        ("my work, author", _TEACHER, "/"),
        ("my work, officer", _OFFICER, "/"),
        ("my work, head", _HEAD, "/"),
        ("my office's work, head", _HEAD, "/?scope=office"),
        ("dossiers, author", _TEACHER, "/dossiers"),
        ("dossiers, head", _HEAD, "/dossiers?scope=unit"),
        ("formal check", _OFFICER, "/checking"),
        ("register", _OFFICER, "/register"),
        ("lists in Excel", _OFFICER, "/lists"),
        ("marking", _MEMBER, "/marking"),
        ("own marks", _MEMBER, "/marking/table"),
        ("stages, secretary", _SECRETARY, "/stages"),
        ("deciding", _HEAD, "/stages/deciding"),
        ("decisions", _HEAD, "/decisions"),
        ("awards", _ACCOUNTANT, "/money"),
        ("signing", _ACCOUNTANT, "/money/signing"),
        ("payment lists", _ACCOUNTANT, "/money/lists"),
        ("ledger", _ACCOUNTANT, "/money/ledger?unit_id={unit}"),
        ("notices", _OFFICER, "/notices"),
        ("account", _TEACHER, "/account"),
        ("help", _TEACHER, "/help"),
        ("search", _HEAD, "/search?q=bien+phap"),
    )
    return [Opened(name=name, turns=of(post, path)) for name, post, path in asked]


def _from_above(about: Callable[..., list[tuple[str, str]]]) -> list[Opened]:
    asked = (
        ("dossier", WATCHER, "/dossiers/{dossier}"),
        ("history of a dossier", WATCHER, "/dossiers/{dossier}/history"),
        ("stage", WATCHER, "/stages/{stage}"),
        ("decision", WATCHER, "/decisions/{stage}"),
        ("award", WATCHER, "/money/awards/{award}"),
        ("dossiers of the province", WATCHER, "/dossiers?scope=all"),
        ("stages of the province", WATCHER, "/stages"),
        ("search in the province", WATCHER, "/search?q=bien+phap"),
        ("alarms", ADMIN, "/administration"),
        ("people", ADMIN, "/administration/people"),
        ("unit", ADMIN, "/administration/units/{unit}"),
        ("forecast", ADMIN, "/administration/forecast"),
        ("system", ADMIN, "/administration/system"),
    )
    return [Opened(name=name, turns=about(path, who)) for name, who, path in asked]
