"""The rows of a list of units, people and posts: which are faulty, and what each would be: new, changed, the
same."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from unicodedata import normalize
from uuid import UUID

from language.posts.kinds import PostKind
from services.organisation.domain.import_faults import FaultKind, Part, RowFault
from services.organisation.domain.levels import may_lie_below
from services.organisation.domain.person import Person
from services.organisation.domain.unit import Unit

_OLDEST = date(1900, 1, 1)
PostKey = tuple[str, PostKind, str]
"""What tells posts apart in a list: the code of the unit, kind and title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit under another of the list or of those that are there."""

    code: str
    parent_code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person, with the account to sign in with and the address to be mailed at, if any."""

    code: str
    full_name: str
    date_of_birth: date | None
    username: str | None
    password_hash: str | None
    mail_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """A post and who holds it from a day on."""

    unit_code: str
    kind: PostKind
    title: str
    person_code: str | None
    held_from: date


class KnownRows(StrEnum):
    """What becomes of a row whose code is known and that says something else: the list is refused, the row is
    left as it is known, or what is known is corrected."""

    REFUSE = "REFUSE"
    KEEP = "KEEP"
    CHANGE = "CHANGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRows:
    """Everything to import. `valid_from` is the first day of new units."""

    valid_from: date
    units: Sequence[UnitRow]
    people: Sequence[PersonRow]
    posts: Sequence[PostRow]
    known: KnownRows = KnownRows.REFUSE


class Verdict(StrEnum):
    """What a row would be."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    SAME = "SAME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field in which a row says something else than what is known."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVerdict:
    """What a row would be, and in which fields it differs from what is known."""

    part: Part
    row: int
    code: str
    verdict: Verdict
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Somebody whose code is known; `kept`: by an administrator of the caller's units, who may know and
    correct the birth date. `joined_to_code` is that of the record which stands for this one."""

    person: Person
    kept: bool
    joined_to_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the organisation knows of the codes of a list, and on which day it is asked: `parents` are the
    codes of the units above, `held` the last days on which people of the list hold its posts."""

    units: Mapping[str, Unit]
    parents: Mapping[UUID, str]
    levels: Mapping[UUID, str]
    people: Mapping[str, KnownPerson]
    posts: Collection[PostKey]
    held: Mapping[tuple[PostKey, str], date]
    today: date


@dataclass(slots=True, kw_only=True)
class Preview:
    """What was found in a list."""

    faults: list[RowFault] = field(default_factory=list)
    verdicts: list[RowVerdict] = field(default_factory=list)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows of each part would be what."""
        counted = {part.value: dict.fromkeys(Verdict, 0) for part in Part}
        for row in self.verdicts:
            counted[row.part][row.verdict] += 1
        return {
            part: {verdict.value: number for verdict, number in of.items()} for part, of in counted.items()
        }


def look_through(rows: ImportRows, known: Known) -> Preview:
    """Every row, with all that is wrong."""
    preview = Preview()
    _look_at_units(rows, known, preview)
    _look_at_people(rows, known, preview)
    _look_at_posts(rows, known, preview)
    return preview


def _look_at_units(rows: ImportRows, known: Known, preview: Preview) -> None:
    above = {
        code: tuple(known.levels[unit_id] for unit_id in unit.path) for code, unit in known.units.items()
    }
    first: dict[str, tuple[int, UnitRow]] = {}
    for number, row in enumerate(rows.units, start=1):
        before = first.setdefault(row.code, (number, row))
        verdict, found = Verdict.NEW, tuple[Difference, ...]()
        unit = known.units.get(row.code)
        if unit or before[0] != number:
            found = tuple(_unit_differences(unit, row, known.parents)) if unit else ()
            verdict = Verdict.CHANGED if found else Verdict.SAME
        preview.faults += [
            RowFault(part=Part.UNITS, row=number, code=row.code, kind=kind, other=other)
            for kind, other in _unit_faults(row, number, before, above, unit is not None)
        ]
        if found and rows.known is not KnownRows.KEEP:
            differs = FaultKind.UNIT_DIFFERS
            fault = RowFault(part=Part.UNITS, row=number, code=row.code, kind=differs, other=_said(found))
            preview.faults.append(fault)
        # A row that is wrong for another reason does not make those below it wrong.
        above.setdefault(row.code, (*above.get(row.parent_code, ()), row.level))
        preview.verdicts.append(
            RowVerdict(part=Part.UNITS, row=number, code=row.code, verdict=verdict, differences=found)
        )


def _unit_differences(unit: Unit, row: UnitRow, parents: Mapping[UUID, str]) -> Iterator[Difference]:
    pairs: dict[str, tuple[object, object]] = {
        "name": (unit.name, row.name),
        "level": (unit.level, row.level),
    }
    if unit.parent_id is not None:
        pairs["parent_code"] = (parents.get(unit.parent_id), row.parent_code)
    return _differences(pairs)


def _unit_faults(
    row: UnitRow,
    number: int,
    before: tuple[int, UnitRow],
    above: Mapping[str, Sequence[str]],
    is_known: bool,
) -> Iterator[tuple[FaultKind, str]]:
    if before[1] != row:
        yield FaultKind.UNIT_TWICE, str(before[0])
    elif before[0] != number or is_known:
        return
    elif row.parent_code not in above:
        yield FaultKind.PARENT_UNKNOWN, row.parent_code
    elif not may_lie_below(row.level, above[row.parent_code]):
        yield FaultKind.LEVEL_OUT_OF_ORDER, row.level


def _look_at_people(rows: ImportRows, known: Known, preview: Preview) -> None:
    first: dict[str, tuple[int, PersonRow]] = {}
    for number, row in enumerate(rows.people, start=1):
        before = first.setdefault(row.code, (number, row))
        person = known.people.get(row.code)
        found = tuple(_person_differences(person, row)) if person else ()
        verdict = Verdict.NEW
        if person or before[0] != number:
            verdict = Verdict.CHANGED if found else Verdict.SAME
        preview.faults += [
            RowFault(part=Part.PEOPLE, row=number, code=row.code, kind=kind, other=other)
            for kind, other in _person_faults(row, before, found, person, rows.known, known.today)
        ]
        preview.verdicts.append(
            RowVerdict(part=Part.PEOPLE, row=number, code=row.code, verdict=verdict, differences=found)
        )


def _person_faults(
    row: PersonRow,
    before: tuple[int, PersonRow],
    found: tuple[Difference, ...],
    person: KnownPerson | None,
    choice: KnownRows,
    today: date,
) -> Iterator[tuple[FaultKind, str]]:
    if list(_differences({"name": (before[1].full_name, row.full_name)})) or (
        before[1].date_of_birth != row.date_of_birth
    ):
        yield FaultKind.TWO_PEOPLE_ONE_CODE, str(before[0])
    elif (before[1].username, before[1].mail_address) != (row.username, row.mail_address):
        yield FaultKind.PERSON_TWICE, str(before[0])
    if person and person.joined_to_code:
        yield FaultKind.PERSON_JOINED, person.joined_to_code
        return
    if row.date_of_birth and not _OLDEST <= row.date_of_birth < today:
        yield FaultKind.BIRTH_UNLIKELY, _shown(row.date_of_birth)
    if found and choice is KnownRows.REFUSE:
        yield FaultKind.PERSON_DIFFERS, _said(found)
    if found and choice is KnownRows.CHANGE and person and not person.kept:
        yield FaultKind.PERSON_NOT_YOURS, _said(found)


def _person_differences(known: KnownPerson, row: PersonRow) -> Iterator[Difference]:
    """Of people of other units the name only: nobody learns a birth date by guessing it in lists."""
    person = known.person
    pairs: dict[str, tuple[object, object]] = {"full_name": (person.full_name, row.full_name)}
    if known.kept:
        pairs["date_of_birth"] = (person.date_of_birth, row.date_of_birth or person.date_of_birth)
        pairs["mail_address"] = (person.mail_address, row.mail_address or person.mail_address)
    return _differences(pairs)


def _differences(pairs: Mapping[str, tuple[object, object]]) -> Iterator[Difference]:
    for name, (old, new) in pairs.items():
        if _compared(old) != _compared(new):
            yield Difference(field=name, old=_shown(old), new=_shown(new))


def _compared(value: object) -> object:
    """Composed and decomposed letters are the same, and so are one space and two."""
    return " ".join(normalize("NFC", value).split()) if isinstance(value, str) else value


def _shown(value: object) -> str:
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    return "" if value is None else str(value)


def _said(found: Sequence[Difference]) -> str:
    return "; ".join(f"“{one.old}” → “{one.new}”" for one in found)


def _look_at_posts(rows: ImportRows, known: Known, preview: Preview) -> None:
    units = {*known.units, *(row.code for row in rows.units)}
    people = {*known.people, *(row.code for row in rows.people)}
    joined = {code: one.joined_to_code for code, one in known.people.items()}
    there, held = set(known.posts), dict(known.held)
    for number, row in enumerate(rows.posts, start=1):
        for is_wrong, kind, other in (
            (row.unit_code not in units, FaultKind.UNIT_UNKNOWN, row.unit_code),
            (
                bool(row.person_code) and row.person_code not in people,
                FaultKind.PERSON_UNKNOWN,
                row.person_code,
            ),
            (bool(into := joined.get(row.person_code or "")), FaultKind.PERSON_JOINED, into),
        ):
            if is_wrong:
                preview.faults.append(
                    RowFault(part=Part.POSTS, row=number, code=row.title, kind=kind, other=other or "")
                )
        key = (row.unit_code, row.kind, row.title)
        found = tuple(_newly_held(key, row, held)) if key in there else ()
        verdict = Verdict.CHANGED if found else Verdict.SAME if key in there else Verdict.NEW
        there.add(key)
        held |= {(key, row.person_code): date.max} if row.person_code else {}
        preview.verdicts.append(
            RowVerdict(part=Part.POSTS, row=number, code=row.title, verdict=verdict, differences=found)
        )


def _newly_held(key: PostKey, row: PostRow, held: Mapping[tuple[PostKey, str], date]) -> Iterator[Difference]:
    """A post that is there gets one more holder, who takes it over from whoever only acts in it."""
    if row.person_code and held.get((key, row.person_code), date.min) < row.held_from:
        yield Difference(field="person_code", old="", new=row.person_code)
