"""Bodies and answers of the organisation's API."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from casework.late.shown import QuestionedOut
from kit.http.models import Code, In, Line, MailAddress, NoNull, Out, in_order
from language.posts.kinds import PostKind
from services.organisation.domain.import_faults import Part
from services.organisation.domain.importing import (
    KnownRows,
    Preview,
    Verdict,
)
from services.organisation.domain.person import Leave
from services.organisation.operations.imports import Imported
from services.organisation.operations.late_papers import Changed
from services.organisation.operations.units import ChangedUnit
from services.organisation.sign_in.domain.passwords import LEAST_LENGTH, MOST_LENGTH

LevelName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z_]{1,30}$"), NoNull]
Username = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{1,62}$"), NoNull]
Password = Annotated[str, StringConstraints(min_length=LEAST_LENGTH, max_length=MOST_LENGTH), NoNull]


class UnitIn(In):
    """A new unit under `parent_id`."""

    parent_id: UUID
    code: Code
    name: Line
    level: LevelName
    valid_from: date
    valid_to: date | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        in_order(self.valid_from, self.valid_to)
        return self


class UnitPatch(In):
    """What may change about a unit."""

    name: Line
    valid_to: date | None


class UnitMove(In):
    """The unit that it shall lie under."""

    parent_id: UUID


class UnitOut(Out):
    """A unit; `path` runs from the root to the unit itself."""

    id: UUID
    parent_id: UUID | None
    path: list[UUID]
    code: str
    name: str
    level: str
    valid_from: date
    valid_to: date | None
    version: int


class UnitChangedOut(UnitOut):
    """A unit, and the acts that the change puts into question because it came late."""

    questioned: QuestionedOut

    @classmethod
    def of(cls, value: ChangedUnit) -> Self:
        """What was changed."""
        bare = UnitOut.of(value.unit)
        return cls(
            **{name: getattr(bare, name) for name in UnitOut.model_fields},
            questioned=QuestionedOut.of(value.questioned),
        )


class FormerNameOut(Out):
    """A name that the unit had until that day."""

    name: str
    last_day: date


class UnitPastOut(Out):
    """What a unit was called before, and the units that it succeeded."""

    names: list[FormerNameOut]
    inherited: list[UnitOut]


class PersonIn(In):
    """A new person."""

    code: Code
    full_name: Line
    date_of_birth: date | None = None
    mail_address: MailAddress | None = None


class PersonPatch(In):
    """What may change about a person."""

    full_name: Line
    date_of_birth: date | None
    mail_address: MailAddress | None


class PersonOut(Out):
    """A person, for administrators. `joined_into`: another record of the same person, which stands for this
    one."""

    id: UUID
    code: str
    full_name: str
    date_of_birth: date | None
    mail_address: str | None
    joined_into: UUID | None
    version: int


class NameOut(Out):
    """A person's name, for display. `joined_into`: the record of the same person that stands for this one,
    whose name it is then: histories keep the ids of their day."""

    id: UUID
    full_name: str
    joined_into: UUID | None


class ColleagueOut(Out):
    """Somebody who holds a post, by what colleagues know the person by: name, post and unit."""

    id: UUID
    full_name: str
    post_title: str
    unit_id: UUID
    unit_name: str


class PostIn(In):
    """A new post in a unit."""

    unit_id: UUID
    kind: PostKind
    title: Line


class PostOut(Out):
    """A post."""

    id: UUID
    unit_id: UUID
    kind: PostKind
    title: str


class PostHolderOut(Out):
    """A post and one of its holdings; without a holder the last six are null."""

    id: UUID
    unit_id: UUID
    kind: PostKind
    title: str
    holding_id: UUID | None
    person_id: UUID | None
    full_name: str | None = None
    held_from: date | None
    held_to: date | None
    acting: bool | None


class PersonsPostOut(Out):
    """A post that a person holds, held or will hold."""

    post_id: UUID
    kind: PostKind
    title: str
    unit_id: UUID
    unit_name: str
    holding_id: UUID
    held_from: date
    held_to: date | None
    acting: bool


class HoldingIn(In):
    """Who holds the post from when on; `acting`: only until somebody is appointed to it."""

    person_id: UUID
    held_from: date
    held_to: date | None = None
    acting: bool = False

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        in_order(self.held_from, self.held_to)
        return self


class HoldingEnd(In):
    """The last day of a holding."""

    held_to: date


class IdOut(Out):
    """The id of what was made or changed."""

    id: UUID


class HoldingOut(Out):
    """A holding of a post; `acting`: until somebody is appointed to it."""

    id: UUID
    post_id: UUID
    kind: PostKind
    person_id: UUID
    held_from: date
    held_to: date | None
    acting: bool


class HoldingChangedOut(IdOut):
    """The id of the holding, and the acts that the change puts into question because it came late."""

    questioned: QuestionedOut

    @classmethod
    def of(cls, value: Changed[UUID]) -> Self:
        """What was changed."""
        return cls(id=value.value, questioned=QuestionedOut.of(value.questioned))


class LeaveIn(In):
    """Days away, both included."""

    starts_on: date
    ends_on: date

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        in_order(self.starts_on, self.ends_on)
        return self


class LeaveOut(Out):
    """A leave that stands."""

    id: UUID
    person_id: UUID
    starts_on: date
    ends_on: date


class LeaveAddedOut(LeaveOut):
    """A leave that was written down, and the acts that it puts into question because it came late."""

    questioned: QuestionedOut

    @classmethod
    def of(cls, value: Changed[Leave]) -> Self:
        """What was changed."""
        return cls(**asdict(value.value), questioned=QuestionedOut.of(value.questioned))


class HeldPostOut(Out):
    """A post the caller holds."""

    post_id: UUID
    kind: PostKind
    unit_id: UUID
    unit_path: list[UUID]
    held_from: date
    held_to: date | None


class MeOut(Out):
    """Who the caller is, and the posts that the caller holds today."""

    person_id: UUID
    full_name: str | None
    posts: list[HeldPostOut]


class ImportUnit(In):
    """See UnitRow."""

    code: Code
    parent_code: Code
    name: Line
    level: LevelName


class ImportPerson(In):
    """A person, with an account if `username` is given."""

    code: Code
    full_name: Line
    date_of_birth: date | None = None
    username: Username | None = None
    password: Password | None = None
    mail_address: MailAddress | None = None


class ImportPost(In):
    """A post and who holds it from when on."""

    unit_code: Code
    kind: PostKind
    title: Line
    person_code: Code | None = None
    held_from: date


class ImportIn(In):
    """Everything to import; rows that exist (by code) are left as they are. `known`: what becomes of those
    that say something else than what is known."""

    valid_from: date
    known: KnownRows = KnownRows.REFUSE
    units: list[ImportUnit] = Field(default_factory=list, max_length=5_000)
    people: list[ImportPerson] = Field(default_factory=list, max_length=20_000)
    posts: list[ImportPost] = Field(default_factory=list, max_length=40_000)


class DifferenceOut(Out):
    """A field in which a row says something else than what is known."""

    field: str
    old: str
    new: str


class RowVerdictOut(Out):
    """A row that would be new or changed; `row` counts from 1 in its part."""

    part: Part
    row: int
    code: str
    verdict: Verdict
    differences: list[DifferenceOut]


class PreviewOut(Out):
    """How many rows of each part are new, changed or the same, and those that are not the same."""

    counts: dict[str, dict[str, int]]
    rows: list[RowVerdictOut]

    @classmethod
    def of(cls, value: Preview) -> Self:
        """Rows that are the same need no line."""
        told = [row for row in value.verdicts if row.verdict is not Verdict.SAME]
        return cls(counts=value.counts(), rows=[RowVerdictOut.of(row) for row in told])


class ImportOut(Out):
    """What an import made, the id of every code in it, and the acts that it puts into question because it
    came late."""

    created: dict[str, int]
    unit_ids: dict[str, UUID]
    person_ids: dict[str, UUID]
    preview: PreviewOut
    questioned: QuestionedOut
    dry_run: bool = False

    @classmethod
    def of(cls, value: Imported) -> Self:
        """What was made, with what each row is."""
        return cls(
            created=value.created,
            unit_ids=value.unit_ids,
            person_ids=value.person_ids,
            preview=PreviewOut.of(value.preview),
            questioned=QuestionedOut.of(value.questioned),
        )
