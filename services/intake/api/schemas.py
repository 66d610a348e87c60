"""Bodies and answers of intake's API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from casework.naming import NamedOut
from kit.http.models import In, Line, OneLine, OptionalLine, OptionalProse, Out, Prose
from kit.ids import new_id
from language.cases import RejectionGround
from language.events.intake import Defect
from language.messages.journey import StageOutcome
from language.unfit import Unfit
from language.words.content import CONTENT
from services.intake.domain.dossier import (
    Author,
    Dossier,
    DossierContent,
    DossierState,
    InitiativeKind,
    Participant,
)
from services.intake.domain.standing import Standing

FILE_NAME = r"^[^/\\\x00-\x1f\x7f]{1,200}$"
"""What a file may be called: no path."""
Percent = Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)]


def _is_field(name: str) -> str:
    if name not in CONTENT:
        raise Unfit(
            f"the content has no field of this name: one of {', '.join(CONTENT)}",
            f"hồ sơ không có mục này; phải là một trong: {', '.join(CONTENT)}",
        )
    return name


ContentField = Annotated[str, AfterValidator(_is_field)]


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
            raise Unfit("an author from within has a person_id", "tác giả trong hệ thống phải có mã người")
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
    """A new draft in a unit of the caller; of a clerk, for this author of the unit."""

    unit_id: UUID
    season_id: UUID
    author_id: UUID | None = None
    content: ContentIn = ContentIn()


class ReasonIn(In):
    """Why."""

    reason: Prose


class RejectionIn(In):
    """Why the request is not accepted."""

    ground: RejectionGround
    reason: Prose


class DefectIn(In):
    """What must be corrected, and in which field of the content."""

    content_field: ContentField
    what: Line


class SupplementNoticeIn(In):
    """What must be corrected, each beside its field where it is of one."""

    defects: list[Line | DefectIn] = Field(min_length=1, max_length=50)

    def named(self) -> list[Defect]:
        """As the history keeps them."""
        return [
            Defect(content_field=None, what=defect)
            if isinstance(defect, str)
            else Defect(content_field=defect.content_field, what=defect.what)
            for defect in self.defects
        ]


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


class LevelDecidedOut(Out):
    """What a level has said so far."""

    level: str
    outcome: StageOutcome
    proposed: bool
    decision_number: str | None
    decided_at: datetime


class DefectOut(Out):
    """What must be corrected, in which field of the content."""

    content_field: str | None
    what: str


class StandingOut(Out):
    """Where a dossier stands, since when and until when, and what comes next; in words. `until` is null while
    the clock stands still, and where nothing is awaited; `defects` are what a supplement is asked for."""

    vi: str
    en: str
    next_vi: str
    next_en: str
    level: str | None
    unit_id: UUID | None
    since: datetime
    until: datetime | None
    is_suspended: bool
    decided: list[LevelDecidedOut]
    defects: list[DefectOut]

    @classmethod
    def of_standing(cls, standing: Standing) -> Self:
        """In words."""
        return cls(
            vi=standing.where.vi,
            en=standing.where.en,
            next_vi=standing.next_step.vi,
            next_en=standing.next_step.en,
            level=standing.level,
            unit_id=standing.unit_id,
            since=standing.since,
            until=standing.until,
            is_suspended=standing.is_suspended,
            decided=[LevelDecidedOut.of(level) for level in standing.decided],
            defects=[DefectOut.of(defect) for defect in standing.defects],
        )


class DossierOut(Out):
    """A dossier as it stands. `rule_version` names the frozen rules once they are known. `prepared_by` is the
    clerk who began it for its author, who has `agreed_at` to the draft as it stands. Whoever reads it also
    gets its `standing`, the unit's name and, of a draft, the last day of filing by the rules in force."""

    id: UUID
    code: str | None
    state: DossierState
    season_id: UUID
    unit_id: UUID
    unit_path: list[UUID]
    created_by: UUID
    filer_id: UUID
    prepared_by: UUID | None
    agreed_at: datetime | None
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
    standing: StandingOut | None = None
    file_by: date | None = None
    unit_name: str | None = None
    version: int

    @classmethod
    def of_dossier(cls, dossier: Dossier) -> Self:
        """With the receipt, once filed."""
        shown = cls.of(dossier)
        return (
            shown.model_copy(update={"receipt": ReceiptOut.of(dossier)}) if dossier.register_number else shown
        )


class StateCountOut(Out):
    """How many dossiers are in a state."""

    state: DossierState
    count: int


class DossierLineOut(NamedOut):
    """A dossier in a list. `due_at` is when its formal check is due, while that is under way; `level` the one
    at which it is being examined. `is_prepared`: an office began it for its author, who has
    `agreed_at` to its filing."""

    id: UUID
    code: str | None
    state: DossierState
    season_id: UUID
    unit_id: UUID
    level: str | None
    created_at: datetime
    filed_at: datetime | None
    due_at: datetime | None
    is_overdue: bool
    is_prepared: bool
    agreed_at: datetime | None


class RegisterLineOut(Out):
    """A line of the register of requests."""

    id: UUID
    code: str
    register_year: int
    register_number: int
    title: str
    first_author: str | None
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


class UploadIn(In):
    """A file that is going to come in pieces."""

    filename: Annotated[str, StringConstraints(pattern=FILE_NAME), OneLine]
    size_bytes: Annotated[int, Field(ge=0, le=2**53)]


class UploadOut(Out):
    """A file on its way: the next piece begins at `received_bytes`. `attachment_id` is null until it is
    completed. It goes a day after the last piece."""

    id: UUID
    dossier_id: UUID
    filename: str
    size_bytes: int
    received_bytes: int
    attachment_id: UUID | None
    begun_at: datetime


class IdOut(Out):
    """The id of what was removed."""

    id: UUID
