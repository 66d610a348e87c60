"""A dossier's content with every statutory field (decree 13/2012, charter, article 5.3; circular 18/2013,
article 5), and when it may be filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from language.authors import who_can_be_told
from language.deadline.arithmetic import add_months, last_day
from language.deadline.clock import OfficeCalendar
from language.messages.journey import LevelResult
from language.plan.review_plan import Budget, BudgetUnit, CheckRule
from language.plan.rule_kinds import DayOffEnd
from language.posts.kinds import PostKind
from language.words.base import Coded
from language.words.content import AUTHOR_FIELDS, CONTENT
from language.written import require_birth
from services.intake.domain.refusals import (
    AuthorTwice,
    DossierIncomplete,
    FiledLate,
    FirstApplicationAhead,
    NotAnAuthor,
    SharesNotHundred,
)

_WHOLE = Decimal(100)
_FILING_LIMIT_MONTHS = 12
_CHECK_MONTHS = 1
_EXAMINATION_MONTHS = 3


class DossierState(StrEnum):
    """The life of a dossier in intake. ACCEPTED lasts while councils examine it, also when a refusal is
    examined again. RECOGNITION_CANCELLED: no level's recognition stands any more."""

    DRAFT = "DRAFT"
    FILED = "FILED"
    SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED"
    ACCEPTED = "ACCEPTED"
    REQUEST_REJECTED = "REQUEST_REJECTED"
    RECOGNISED = "RECOGNISED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    RECOGNITION_CANCELLED = "RECOGNITION_CANCELLED"


EDITABLE = frozenset({DossierState.DRAFT, DossierState.SUPPLEMENT_REQUESTED})
UNDER_CHECK = frozenset({DossierState.FILED, DossierState.SUPPLEMENT_REQUESTED})


class InitiativeKind(StrEnum):
    """Kinds of solution (decree 13/2012, charter, article 3.1)."""

    TECHNICAL = "TECHNICAL"
    MANAGEMENT = "MANAGEMENT"
    OPERATIONAL = "OPERATIONAL"
    TECHNICAL_PROGRESS_APPLICATION = "TECHNICAL_PROGRESS_APPLICATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author as the request names them. `person_id` and name are the organisation's; of somebody whom it
    does not know (`outside`) the id is the dossier's own and the name as the filer wrote it."""

    person_id: UUID
    full_name: str
    outside: bool = False
    date_of_birth: date | None = None
    workplace: str = ""
    job_title: str = ""
    qualification: str = ""
    contribution_percent: Decimal = _WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who took part in organising the first application."""

    full_name: str
    workplace: str = ""
    work_done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierContent:
    """What the author writes. Empty text means not written yet; filing asks for the fields in `REQUIRED`."""

    title: str = ""
    kind: InitiativeKind | None = None
    application_field: str = ""
    problem_solved: str = ""
    authors: tuple[Author, ...] = ()
    investor: str = ""
    first_applied_on: date | None = None
    description: str = ""
    applicability: str = ""
    conditions: str = ""
    benefit_by_author: str = ""
    benefit_by_others: str = ""
    monetary_benefit_dong: int | None = None
    confidential_information: str = ""
    participants: tuple[Participant, ...] = ()
    declaration_of_truth: bool = False


REQUIRED = (
    "title",
    "kind",
    "application_field",
    "problem_solved",
    "authors",
    "first_applied_on",
    "description",
    "applicability",
    "conditions",
    "benefit_by_author",
    "declaration_of_truth",
)
REQUIRED_OF_AUTHORS = ("date_of_birth", "workplace", "job_title", "qualification")


def require_complete(content: DossierContent) -> None:
    """Every required field is there; `DossierIncomplete` names the rest."""
    missing = [_field(name) for name in REQUIRED if not getattr(content, name)]
    for number, author in enumerate(content.authors):
        missing += [
            _field_of_author(number, name) for name in REQUIRED_OF_AUTHORS if not getattr(author, name)
        ]
    if missing:
        raise DossierIncomplete(missing=missing)


def _field(name: str) -> Coded:
    return Coded(name, CONTENT[name].vi, CONTENT[name].en)


def _field_of_author(number: int, name: str) -> Coded:
    said, place = AUTHOR_FIELDS[name], number + 1
    return Coded(
        f"authors.{number}.{name}", f"{said.vi} của tác giả thứ {place}", f"{said.en} of author {place}"
    )


def require_shares(authors: Sequence[Author]) -> None:
    """Nobody twice, and together exactly 100 percent."""
    if len({author.person_id for author in authors}) < len(authors):
        raise AuthorTwice
    total = sum((author.contribution_percent for author in authors), Decimal())
    if total != _WHOLE:
        raise SharesNotHundred(total=total)


def filing_limit(first_applied_on: date, calendar: OfficeCalendar, on_day_off: DayOffEnd) -> date:
    """The last day on which it may be filed: one year from the first application (charter, article 5.2), or
    where that day is off, the next working day."""
    year = Budget(amount=_FILING_LIMIT_MONTHS, unit=BudgetUnit.CALENDAR_MONTHS, on_day_off=on_day_off)
    return last_day(add_months(first_applied_on, year.amount), year, calendar)


def answer_due(filed_on: date, calendar: OfficeCalendar, on_day_off: DayOffEnd) -> date:
    """By when the request is answered: a month for its check, three for its examination (charter, articles
    6.2 (L) and 7.1 (V))."""
    months = Budget(amount=_EXAMINATION_MONTHS, unit=BudgetUnit.CALENDAR_MONTHS, on_day_off=on_day_off)
    return last_day(add_months(add_months(filed_on, _CHECK_MONTHS), months.amount), months, calendar)


def require_in_time(
    content: DossierContent, today: date, calendar: OfficeCalendar, on_day_off: DayOffEnd
) -> None:
    """It is filed within the year. The calendar is the province's: no unit prolongs the year by a break of
    its own."""
    first = content.first_applied_on
    if first is None:
        raise DossierIncomplete(missing=_field("first_applied_on"))
    limit = filing_limit(first, calendar, on_day_off)
    if today > limit:
        raise FiledLate(first=first, limit=limit)


def require_fileable(content: DossierContent, filer: UUID | None, today: date) -> None:
    """All that must hold on the day of filing, whatever the rules in force; the year is `require_in_time`.
    Who files is an author; None for who took the dossier over and need not be one."""
    require_complete(content)
    require_shares(content.authors)
    if filer is not None and filer not in {author.person_id for author in content.authors}:
        raise NotAnAuthor
    for author in content.authors:
        require_birth(author.date_of_birth, today)
    first = content.first_applied_on
    if first is None:
        raise DossierIncomplete(missing=_field("first_applied_on"))
    if first > today:
        raise FirstApplicationAhead(first=first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A dossier as it stands. `check_revision` counts the moves of the formal check; `plan_hash` and
    `rule_version` name the rules that hold now, the check's own are those it was opened with. `check_id` is
    what its clock and its task are about: the dossier, or, where a complaint about the rejection was right,
    the check made again. `taken_over_by` supplements and withdraws since the maker left. `prepared_by` is the
    clerk who began it for its author, who has `agreed_at` to the draft as it stands; `handed_in_by` has filed
    it. `epoch` counts restores of the database."""

    id: UUID
    code: str | None
    state: DossierState
    season_id: UUID
    unit_id: UUID
    unit_path: Sequence[UUID]
    created_by: UUID
    taken_over_by: UUID | None
    prepared_by: UUID | None
    agreed_at: datetime | None
    handed_in_by: UUID | None
    created_at: datetime
    content: DossierContent
    register_number: int | None
    register_year: int | None
    filed_at: datetime | None
    answer_due_on: date | None
    check_id: UUID
    check_due_at: datetime | None
    plan_hash: str | None
    rule_version: str | None
    check_officers: PostKind | None
    supplement_budget: Budget | None
    check_rules: Sequence[CheckRule]
    supplement_due_at: datetime | None
    moved_at: datetime | None
    check_revision: int
    withdrawal_requested_at: datetime | None
    closed_at: datetime | None
    levels: tuple[LevelResult, ...] | None
    version: int
    epoch: int

    @property
    def told_ids(self) -> tuple[UUID, ...]:
        """The authors who can be told."""
        return who_can_be_told(self.content.authors)

    @property
    def author_ids(self) -> tuple[UUID, ...]:
        """The authors as the content names them."""
        return tuple(author.person_id for author in self.content.authors)

    @property
    def filer_id(self) -> UUID:
        """Who files, supplements and withdraws for all authors."""
        return self.taken_over_by or self.created_by

    @property
    def was_filed(self) -> bool:
        """Somebody but its makers has seen it; a draft stays unfiled even when it is withdrawn."""
        return self.filed_at is not None

    @property
    def is_prepared(self) -> bool:
        """A draft that the office keeps for its author: clerks of the unit go on with it."""
        return self.prepared_by is not None and self.state is DossierState.DRAFT

    @property
    def interested_ids(self) -> tuple[UUID, ...]:
        """The authors, and whoever files or filed for them: they do not check it."""
        handed_in = (self.handed_in_by,) if self.handed_in_by else ()
        return (*self.author_ids, self.filer_id, *handed_in)
