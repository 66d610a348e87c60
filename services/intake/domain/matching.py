"""Whom and which unit a list means: by name, birth date and unit; never guessed where two could be meant."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final, Generic, TypeVar
from uuid import UUID

from language.text import fold

T = TypeVar("T")
_MOST_CANDIDATES = 5
_ABBREVIATED: Final = (
    ("tieu hoc va trung hoc co so", "th&thcs"),
    ("trung hoc co so", "thcs"),
    ("trung hoc pho thong", "thpt"),
    ("tieu hoc", "th"),
    ("mau giao", "mg"),
    ("mam non", "mn"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Somebody of the organisation who could be meant, with the units in which the person holds posts."""

    id: UUID
    code: str
    full_name: str
    date_of_birth: date | None
    unit_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUnit:
    """A unit that could be meant."""

    id: UUID
    code: str
    name: str
    path: tuple[UUID, ...]
    parent_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Generic[T]):
    """Who is meant, or who could be. `by_less`: it is the only one, but the list does not say all that tells
    one from another."""

    found: T | None
    candidates: tuple[T, ...] = ()
    by_less: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A person as a list describes one: born on a day of this span, if it says so."""

    code: str
    full_name: str
    born: tuple[date, date] | None
    unit_id: UUID | None


def match_author(wanted: Described, people: Sequence[KnownPerson]) -> Match[KnownPerson]:
    """Exactly one of the name with the code, or born on the day; else the candidates, likeliest first."""
    namesakes = [person for person in people if fold(person.full_name) == fold(wanted.full_name)]
    if wanted.code:
        coded = next((person for person in people if person.code == wanted.code), None)
        is_meant = coded in namesakes
        return Match(found=coded if is_meant else None, candidates=_likeliest(wanted, namesakes, coded))
    if wanted.born is None:
        here = [person for person in namesakes if wanted.unit_id in person.unit_ids]
        found = here[0] if len(here) == 1 and len(namesakes) == 1 else None
        return Match(found=found, candidates=_likeliest(wanted, namesakes), by_less=found is not None)
    first, last = wanted.born
    born = [one for one in namesakes if one.date_of_birth and first <= one.date_of_birth <= last]
    is_exact = first == last or (len(born) == 1 and wanted.unit_id in born[0].unit_ids)
    found = born[0] if len(born) == 1 and is_exact else None
    return Match(found=found, candidates=_likeliest(wanted, born or namesakes))


def _likeliest(
    wanted: Described, people: Sequence[KnownPerson], first: KnownPerson | None = None
) -> tuple[KnownPerson, ...]:
    ordered = sorted(people, key=lambda person: (wanted.unit_id not in person.unit_ids, person.code))
    if first is not None and first not in ordered:
        ordered.insert(0, first)
    return tuple(ordered[:_MOST_CANDIDATES])


def name_of_school(name: str) -> str:
    """What is left of a school's name when it is compared: `Trường TH Quang Trung` is `Tiểu học Quang
    Trung`."""
    folded = re.sub(r"[^\w& ]", " ", fold(name))
    for long, short in _ABBREVIATED:
        folded = folded.replace(long, short)
    return " ".join(word for word in folded.split() if word not in {"truong", "ptdtbt", "cong", "lap"})


def match_unit(name: str, district: str, units: Mapping[str, Sequence[KnownUnit]]) -> Match[KnownUnit]:
    """The unit of this name; of several the one under the district. `units` are by `name_of_school`."""
    wanted = name_of_school(name)
    named = list(units.get(wanted, ()))
    if len(named) > 1 and district:
        place = fold(district)
        named = [unit for unit in named if place in fold(unit.parent_name or "")] or named
    if len(named) == 1:
        return Match(found=named[0])
    if named:
        return Match(found=None, candidates=tuple(named[:_MOST_CANDIDATES]))
    alike = get_close_matches(wanted, list(units), n=_MOST_CANDIDATES, cutoff=3 / 4) if wanted else []
    candidates = [unit for key in alike for unit in units[key]]
    return Match(found=None, candidates=tuple(candidates[:_MOST_CANDIDATES]))
