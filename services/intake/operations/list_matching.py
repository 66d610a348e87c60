"""Every initiative of a list with its unit and its authors, as the organisation knows them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.text import fold
from services.intake.domain.dossier import Author, DossierContent, InitiativeKind
from services.intake.domain.matching import (
    Described,
    KnownPerson,
    KnownUnit,
    Match,
    match_author,
    match_unit,
    name_of_school,
)
from services.intake.store import known
from services.intake.store.known import Begun
from sheets.initiatives import AuthorRow, DossierRow, InitiativeList, Remark
from sheets.refusals import require_cells
from sheets.values import Doubt, shown_day
from sheets.words import DoubtKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Who is meant by the name in a cell, and which unit."""

    people: Mapping[str, UUID]
    units: Mapping[str, UUID]


@dataclass(slots=True, kw_only=True)
class MatchedAuthor:
    """An author of the list and who that is, or could be."""

    row: AuthorRow
    person: KnownPerson | None
    candidates: tuple[KnownPerson, ...]


@dataclass(slots=True, kw_only=True)
class Matched:
    """An initiative of the list as it would be begun."""

    row: DossierRow
    list_row: int
    unit: KnownUnit | None
    unit_candidates: tuple[KnownUnit, ...]
    authors: tuple[MatchedAuthor, ...]
    remarks: list[Remark] = field(default_factory=list)

    @property
    def was_begun(self) -> bool:
        """Its author has begun it in this season already."""
        return any(remark.doubt.kind is DoubtKind.LISTED_BEFORE for remark in self.remarks)

    @property
    def is_ready(self) -> bool:
        """Nothing about it has to be answered."""
        return not any(remark.doubt.asks for remark in self.remarks)

    @property
    def content(self) -> DossierContent:
        """What the author will find written, without the authors who are not known."""
        row = self.row
        return DossierContent(
            title=row.title,
            kind=InitiativeKind(row.kind) if row.kind else None,
            application_field=row.application_field,
            problem_solved=row.problem,
            authors=tuple(
                _author(author, author.person) for author in self.authors if author.person is not None
            ),
            first_applied_on=row.first_applied.first if row.first_applied else None,
            description=row.description,
            applicability=row.applicability,
            conditions=row.conditions,
            benefit_by_author=row.benefit,
            benefit_by_others=row.benefit_by_others,
            monetary_benefit_dong=row.money_dong,
            confidential_information=row.confidential,
        )


def _author(author: MatchedAuthor, person: KnownPerson) -> Author:
    row = author.row
    return Author(
        person_id=person.id,
        full_name=person.full_name,
        date_of_birth=(row.born.exact if row.born else None) or person.date_of_birth,
        workplace=row.school,
        job_title=row.job_title,
        qualification=row.qualification,
        contribution_percent=row.percent or Decimal(),
    )


class _Matcher:
    """What is known, and the answers, for one list."""

    def __init__(
        self, units: Sequence[KnownUnit], people: Sequence[KnownPerson], chosen: Mapping[UUID, KnownPerson]
    ) -> None:
        self.units = units
        self._by_name: dict[str, list[KnownUnit]] = defaultdict(list)
        for unit in units:
            self._by_name[name_of_school(unit.name)].append(unit)
        self._people: dict[str, list[KnownPerson]] = defaultdict(list)
        self._by_code: dict[str, KnownPerson] = {}
        for person in people:
            self._people[fold(person.full_name)].append(person)
            self._by_code[person.code] = person
        self._chosen = chosen

    def match(self, row: DossierRow, answers: Answers) -> Matched:
        """The initiative with its unit and authors."""
        remarks = list(row.remarks)
        unit = self._unit(row, answers, remarks)
        authors = tuple(
            self._author(author, unit.found, answers.people.get(author.cell), remarks)
            for author in row.authors
        )
        _look_at_first(authors, unit.found, remarks)
        return Matched(
            row=row,
            list_row=_row_of(row.cell),
            unit=unit.found,
            unit_candidates=unit.candidates,
            authors=authors,
            remarks=remarks,
        )

    def _unit(self, row: DossierRow, answers: Answers, remarks: list[Remark]) -> Match[KnownUnit]:
        answer = answers.units.get(row.school_cell)
        if answer is not None:
            chosen = next((unit for unit in self.units if unit.id == answer), None)
            match = Match(found=chosen)
        elif not row.school:
            # The list of one unit needs no column that says so.
            match = Match(found=self.units[0]) if len(self.units) == 1 else Match[KnownUnit](found=None)
        else:
            match = match_unit(row.school, row.district, self._by_name)
        if match.found is None:
            several = bool(match.candidates) and name_of_school(row.school) in self._by_name
            kind = DoubtKind.SCHOOL_UNSURE if several else DoubtKind.SCHOOL_UNKNOWN
            remarks.append(Remark(cell=row.school_cell, doubt=Doubt(kind=kind, value=row.school)))
        elif row.school and fold(match.found.name) != fold(row.school):
            doubt = Doubt(kind=DoubtKind.SCHOOL_ALIKE, value=row.school, read=match.found.name)
            remarks.append(Remark(cell=row.school_cell, doubt=doubt))
        return match

    def _author(
        self, row: AuthorRow, unit: KnownUnit | None, answer: UUID | None, remarks: list[Remark]
    ) -> MatchedAuthor:
        if not row.full_name:
            return MatchedAuthor(row=row, person=None, candidates=())
        if answer is not None:
            return self._chosen_author(row, answer, remarks)
        wanted = Described(
            code=row.code,
            full_name=row.full_name,
            born=(row.born.first, row.born.last) if row.born else None,
            unit_id=unit.id if unit else None,
        )
        known_so = [*self._people[fold(row.full_name)]]
        coded = self._by_code.get(row.code)
        if coded is not None and coded not in known_so:
            known_so.append(coded)
        match = match_author(wanted, known_so)
        if match.found is None:
            kind = DoubtKind.PERSON_UNSURE if match.candidates else DoubtKind.PERSON_UNKNOWN
            remarks.append(Remark(cell=row.cell, doubt=Doubt(kind=kind, value=row.full_name)))
        elif match.by_less:
            doubt = Doubt(kind=DoubtKind.PERSON_BY_NAME, value=row.full_name, read=match.found.code)
            remarks.append(Remark(cell=row.cell, doubt=doubt))
        if match.found is not None:
            _look_at_birth(row, match.found, remarks)
        return MatchedAuthor(row=row, person=match.found, candidates=match.candidates)

    def _chosen_author(self, row: AuthorRow, answer: UUID, remarks: list[Remark]) -> MatchedAuthor:
        person = self._chosen.get(answer)
        if person is None:
            doubt = Doubt(kind=DoubtKind.PERSON_UNKNOWN, value=row.full_name)
        elif fold(person.full_name) != fold(row.full_name):
            doubt = Doubt(kind=DoubtKind.PERSON_OTHER_NAME, value=row.full_name, read=person.full_name)
        else:
            if {unit.id for unit in self.units} & set(person.unit_ids):
                _look_at_birth(row, person, remarks)
            return MatchedAuthor(row=row, person=person, candidates=())
        remarks.append(Remark(cell=row.cell, doubt=doubt))
        return MatchedAuthor(row=row, person=None, candidates=())


def _look_at_birth(row: AuthorRow, person: KnownPerson, remarks: list[Remark]) -> None:
    """The list goes by its own birth date; that the organisation has another one is told. Asked of people in
    the own units only: nobody learns a birth date by guessing it in lists."""
    known = person.date_of_birth
    if row.born and known and not row.born.first <= known <= row.born.last:
        doubt = Doubt(kind=DoubtKind.BIRTH_DIFFERS, value=row.full_name, read=shown_day(known))
        remarks.append(Remark(cell=row.cell, doubt=doubt))


def _row_of(cell: str) -> int:
    return int("".join(letter for letter in cell.rpartition("!")[2] if letter.isdigit()))


def _look_at_first(authors: Sequence[MatchedAuthor], unit: KnownUnit | None, remarks: list[Remark]) -> None:
    """The first author files it in a unit of the own, and nobody is named twice."""
    first = authors[0].person
    if first is not None and unit is not None and unit.id not in first.unit_ids:
        doubt = Doubt(kind=DoubtKind.PERSON_ELSEWHERE, value=first.full_name, read=unit.name)
        remarks.append(Remark(cell=authors[0].row.cell, doubt=doubt))
    named: dict[UUID, str] = {}
    for author in authors:
        if author.person is None:
            continue
        if author.person.id in named:
            doubt = Doubt(
                kind=DoubtKind.PERSON_TWICE, value=author.row.full_name, read=named[author.person.id]
            )
            remarks.append(Remark(cell=author.row.cell, doubt=doubt))
        named.setdefault(author.person.id, author.row.cell)


async def match_list(
    tx: Tx, found: InitiativeList, unit_id: UUID, season_id: UUID, answers: Answers
) -> list[Matched]:
    """The list with everybody and every unit that the organisation knows in this unit and below."""
    day = local_day(tx.now)
    rows = [author for dossier in found.dossiers for author in dossier.authors]
    require_cells(answers.people, {row.cell for row in rows}.__contains__)
    require_cells(answers.units, {dossier.school_cell for dossier in found.dossiers}.__contains__)
    names, codes = {fold(row.full_name) for row in rows}, {row.code for row in rows if row.code}
    people = await known.people_named(tx, day, unit_id, names, codes)
    chosen = await known.people_chosen(tx, day, set(answers.people.values()))
    units = await known.units_under(tx, unit_id, day)
    matcher = _Matcher(units, people, {person.id: person for person in chosen})
    matched = [matcher.match(dossier, answers) for dossier in found.dossiers if dossier.authors]
    makers = {one.authors[0].person.id for one in matched if one.authors[0].person is not None}
    _look_at_begun(matched, await known.begun_in(tx, makers, season_id))
    return matched


def _look_at_begun(matched: Sequence[Matched], begun: Sequence[Begun]) -> None:
    """The same list twice begins nothing twice."""
    there = {(one.created_by, one.folded_title): one for one in begun}
    for one in matched:
        maker = one.authors[0].person
        before = there.get((maker.id, fold(one.row.title))) if maker else None
        if before is not None:
            doubt = Doubt(
                kind=DoubtKind.LISTED_BEFORE,
                value=one.row.title,
                read=shown_day(local_day(before.created_at)),
            )
            one.remarks.append(Remark(cell=one.row.cell, doubt=doubt))
