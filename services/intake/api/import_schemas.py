"""Bodies and answers of imports of lists."""

from base64 import b64encode
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Base64Bytes, Field, StringConstraints

from kit.http.models import In, Lines, OneLine, Out
from services.intake.domain.dossier import InitiativeKind
from services.intake.domain.matching import KnownPerson, KnownUnit
from services.intake.operations.importing import Listed
from services.intake.operations.list_matching import Matched, MatchedAuthor
from sheets.initiatives import Remark
from sheets.left_out import LeftOut
from sheets.words import DoubtKind, LeftOutKind
from sheets.writing import mark_doubts

MOST_FILE_BYTES = 5_000_000
_MOST_ANSWERS = 5_000
Cell = Annotated[str, StringConstraints(min_length=1, max_length=100), OneLine]
Answer = Annotated[str, StringConstraints(max_length=2_000), Lines]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class FilingListIn(In):
    """An Excel file (base64) and what is answered about it. `answers` says cells anew (`{"Danh sách!C7":
    "18/04/1988"}`), `people` who is meant by the name in a cell, `units` which unit. `confirmed` is the
    `digest` of the preview. `leave_doubtful` leaves out the initiatives about which something is not
    answered."""

    unit_id: UUID
    season_id: UUID
    file: Base64Bytes = Field(max_length=MOST_FILE_BYTES)
    answers: dict[Cell, Answer] = Field(default_factory=dict, max_length=_MOST_ANSWERS)
    people: dict[Cell, UUID] = Field(default_factory=dict, max_length=_MOST_ANSWERS)
    units: dict[Cell, UUID] = Field(default_factory=dict, max_length=_MOST_ANSWERS)
    confirmed: Digest | None = None
    leave_doubtful: bool = False
    marked: bool = False


class Standing(StrEnum):
    """What becomes of an initiative of the list."""

    READY = "READY"
    ASKS = "ASKS"
    BEGUN_BEFORE = "BEGUN_BEFORE"
    MADE = "MADE"


class PersonCandidateOut(Out):
    """Somebody who could be meant. The birth date is of people in the units of who asks."""

    person_id: UUID
    code: str
    full_name: str
    date_of_birth: date | None
    unit_ids: list[UUID]

    @classmethod
    def of(cls, value: KnownPerson) -> Self:
        """By the id that an answer gives."""
        return cls(
            person_id=value.id,
            code=value.code,
            full_name=value.full_name,
            date_of_birth=value.date_of_birth,
            unit_ids=list(value.unit_ids),
        )


class UnitCandidateOut(Out):
    """A unit that could be meant."""

    unit_id: UUID
    code: str
    name: str
    parent_name: str | None

    @classmethod
    def of(cls, value: KnownUnit) -> Self:
        """By the id that an answer gives."""
        return cls(unit_id=value.id, code=value.code, name=value.name, parent_name=value.parent_name)


class RemarkOut(Out):
    """A cell that is read in some way, or has to be answered (`asks`)."""

    cell: str
    kind: DoubtKind
    asks: bool
    value: str
    read: str
    detail: str
    detail_en: str

    @classmethod
    def of(cls, value: Remark) -> Self:
        """The doubt at its cell."""
        doubt = value.doubt
        return cls(
            cell=value.cell,
            kind=doubt.kind,
            asks=doubt.asks,
            value=doubt.value,
            read=doubt.read,
            detail=doubt.vi,
            detail_en=doubt.en,
        )


class ListedAuthorOut(Out):
    """An author as the list names them, and who that is or could be."""

    cell: str
    full_name: str
    percent: Decimal | None
    person_id: UUID | None
    code: str | None
    candidates: list[PersonCandidateOut]

    @classmethod
    def of(cls, value: MatchedAuthor) -> Self:
        """With the person, when it is certain."""
        person = value.person
        return cls(
            cell=value.row.cell,
            full_name=value.row.full_name,
            percent=value.row.percent,
            person_id=person.id if person else None,
            code=person.code if person else None,
            candidates=[] if person else [PersonCandidateOut.of(one) for one in value.candidates],
        )


class ListedDossierOut(Out):
    """An initiative of the list as it would be begun."""

    cell: str
    number: int
    standing: Standing
    dossier_id: UUID | None
    title: str
    unit_id: UUID | None
    unit_name: str
    unit_cell: str
    unit_candidates: list[UnitCandidateOut]
    kind: InitiativeKind | None
    application_field: str
    first_applied_on: date | None
    monetary_benefit_dong: int | None
    authors: list[ListedAuthorOut]
    remarks: list[RemarkOut]

    @classmethod
    def of_matched(cls, value: Matched, dossier_id: UUID | None) -> Self:
        """As it stands."""
        standing = Standing.READY if value.is_ready else Standing.ASKS
        if dossier_id is not None:
            standing = Standing.MADE
        elif value.was_begun:
            standing = Standing.BEGUN_BEFORE
        content, unit = value.content, value.unit
        return cls(
            cell=value.row.cell,
            number=value.row.number,
            standing=standing,
            dossier_id=dossier_id,
            title=content.title,
            unit_id=unit.id if unit else None,
            unit_name=unit.name if unit else value.row.school,
            unit_cell=value.row.school_cell,
            unit_candidates=[UnitCandidateOut.of(one) for one in value.unit_candidates],
            kind=content.kind,
            application_field=content.application_field,
            first_applied_on=content.first_applied_on,
            monetary_benefit_dong=content.monetary_benefit_dong,
            authors=[ListedAuthorOut.of(author) for author in value.authors],
            remarks=[RemarkOut.of(remark) for remark in value.remarks],
        )


class LeftOutOut(Out):
    """A row, column or sheet from which nothing was read, and why. `is_hidden`: it is hidden in the
    workbook."""

    where: str
    text: str
    kind: LeftOutKind
    is_hidden: bool
    detail: str
    detail_en: str

    @classmethod
    def of(cls, value: LeftOut) -> Self:
        """With the reason in words."""
        return cls(
            where=value.where,
            text=value.text,
            kind=value.kind,
            is_hidden=value.is_hidden,
            detail=value.vi,
            detail_en=value.en,
        )


class FilingListOut(Out):
    """A list as it is read: every reading, every doubt, and what was made. `marked` is the list as a workbook
    (base64) with the doubtful cells marked, when it was asked for."""

    digest: str
    counts: dict[Standing, int]
    dossiers: list[ListedDossierOut]
    left_out: list[LeftOutOut]
    marked: str | None = None
    dry_run: bool = False

    @classmethod
    def of_listed(cls, listed: Listed, marked: bytes | None, *, dry_run: bool) -> Self:
        """The list as it was read, matched and written, and as `marked_workbook` gives it back."""
        dossiers = [ListedDossierOut.of_matched(one, listed.made.get(one.row.cell)) for one in listed.matched]
        counts = {each: sum(one.standing is each for one in dossiers) for each in Standing}
        return cls(
            digest=listed.digest,
            counts=counts,
            dossiers=dossiers,
            left_out=[LeftOutOut.of(one) for one in listed.found.left_out],
            marked=b64encode(marked).decode() if marked else None,
            dry_run=dry_run,
        )


def marked_workbook(listed: Listed) -> bytes:
    """What the organisation does not know is doubted as well as what cannot be read. Takes as long as the
    list is large: away from the event loop."""
    read = {id(remark) for remark in listed.found.remarks}
    further = [
        (remark.cell, remark.doubt.vi, remark.doubt.asks)
        for one in listed.matched
        for remark in one.remarks
        if id(remark) not in read
    ]
    return mark_doubts(listed.found, further)
