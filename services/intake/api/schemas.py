"""Bodies and answers of intake's API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from kit.http.models import In, Line, OptionalLine, OptionalProse, Out, Prose
from kit.ids import new_id
from language.cases import RejectionGround
from language.messages.journey import StageOutcome
from services.intake.domain.dossier import (
    Author,
    Dossier,
    DossierContent,
    DossierState,
    InitiativeKind,
    Participant,
)

Percent = Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)]


class AuthorIn(In):
    """An author; the shares of all authors sum to 100 when the dossier is filed. The name of somebody whom
    the organisation knows is the organisation's. Somebody from outside (`outside`) is first named without an
    id, and gets one of the dossier's own."""

    person_id: UUID | None = None
    full_name: Line
    outside: bool = False
    date_of_birth: date | None = None
    workplace: OptionalLine = ""
    job_title: OptionalLine = ""
    qualification: OptionalLine = ""
    contribution_percent: Percent

    @model_validator(mode="after")
    def _has_an_id(self) -> Self:
        if self.person_id is None and not self.outside:
            raise ValueError(
                "an author from within has a person_id (tác giả trong hệ thống phải có mã người)"
            )
        return self

    def author(self) -> Author:
        """As the domain knows it."""
        return Author(**self.model_dump(exclude={"person_id"}), person_id=self.person_id or new_id())


class ParticipantIn(In):
    """Somebody who took part in organising the first application."""

    full_name: Line
    workplace: OptionalLine = ""
    work_done: OptionalLine = ""


class ContentIn(In):
    """What the author writes. A draft may lack anything; filing names what is missing."""

    title: OptionalLine = ""
    kind: InitiativeKind | None = None
    application_field: OptionalLine = ""
    problem_solved: OptionalProse = ""
    authors: list[AuthorIn] = Field(default_factory=list, max_length=20)
    investor: OptionalLine = ""
    first_applied_on: date | None = None
    description: OptionalProse = ""
    applicability: OptionalProse = ""
    conditions: OptionalProse = ""
    benefit_by_author: OptionalProse = ""
    benefit_by_others: OptionalProse = ""
    monetary_benefit_dong: int | None = Field(default=None, ge=0, le=10**15)
    confidential_information: OptionalProse = ""
    participants: list[ParticipantIn] = Field(default_factory=list, max_length=50)
    declaration_of_truth: bool = False

    def content(self) -> DossierContent:
        """As the domain knows it."""
        values = {
            name: getattr(self, name)
            for name in type(self).model_fields
            if name not in {"authors", "participants"}
        }
        authors = tuple(author.author() for author in self.authors)
        participants = tuple(Participant(**participant.model_dump()) for participant in self.participants)
        return DossierContent(**values, authors=authors, participants=participants)


class DraftIn(In):
    """A new draft in a unit of the caller."""

    unit_id: UUID
    season_id: UUID
    content: ContentIn = ContentIn()


class ReasonIn(In):
    """Why."""

    reason: Prose


class RejectionIn(In):
    """Why the request is not accepted."""

    ground: RejectionGround
    reason: Prose


class SupplementNoticeIn(In):
    """What must be corrected."""

    defects: list[Line] = Field(min_length=1, max_length=50)


class AuthorOut(Out):
    """An author as the request names them; `outside`: whom the organisation does not know."""

    person_id: UUID
    full_name: str
    outside: bool
    date_of_birth: date | None
    workplace: str
    job_title: str
    qualification: str
    contribution_percent: Decimal


class ParticipantOut(Out):
    """A participant of the first application."""

    full_name: str
    workplace: str
    work_done: str


class ContentOut(Out):
    """What the author wrote."""

    title: str
    kind: InitiativeKind | None
    application_field: str
    problem_solved: str
    authors: list[AuthorOut]
    investor: str
    first_applied_on: date | None
    description: str
    applicability: str
    conditions: str
    benefit_by_author: str
    benefit_by_others: str
    monetary_benefit_dong: int | None
    confidential_information: str
    participants: list[ParticipantOut]
    declaration_of_truth: bool


class LevelOut(Out):
    """What one level said."""

    level: str
    outcome: StageOutcome
    decision_number: str | None


class ReceiptOut(Out):
    """The receipt: number in the register and the day by which the result is given (circular 18/2013, article
    6.1)."""

    code: str
    register_year: int
    register_number: int
    filed_at: datetime
    answer_due_on: date


class DossierOut(Out):
    """A dossier as it stands. `rule_version` names the frozen rules once they are known."""

    id: UUID
    code: str | None
    state: DossierState
    season_id: UUID
    unit_id: UUID
    unit_path: list[UUID]
    created_by: UUID
    filer_id: UUID
    created_at: datetime
    content: ContentOut
    filed_at: datetime | None
    answer_due_on: date | None
    check_due_at: datetime | None
    supplement_due_at: datetime | None
    rule_version: str | None
    withdrawal_requested_at: datetime | None
    closed_at: datetime | None
    levels: list[LevelOut] | None
    receipt: ReceiptOut | None = None
    version: int

    @classmethod
    def of_dossier(cls, dossier: Dossier) -> Self:
        """With the receipt, once filed."""
        shown = cls.of(dossier)
        return (
            shown.model_copy(update={"receipt": ReceiptOut.of(dossier)}) if dossier.register_number else shown
        )


class DossierLineOut(Out):
    """A dossier in a list."""

    id: UUID
    code: str | None
    state: DossierState
    title: str
    season_id: UUID
    unit_id: UUID
    created_at: datetime
    filed_at: datetime | None


class RegisterLineOut(Out):
    """A line of the register of requests."""

    id: UUID
    code: str
    register_year: int
    register_number: int
    title: str
    state: DossierState
    filed_at: datetime
    answer_due_on: date


class AttachmentOut(Out):
    """A file of a dossier; `sha256` identifies its content."""

    id: UUID
    dossier_id: UUID
    sha256: str
    filename: str
    media_type: str
    size_bytes: int
    added_by: UUID
    added_at: datetime


class IdOut(Out):
    """The id of what was removed."""

    id: UUID
