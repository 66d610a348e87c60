"""When a request may be filed: complete, declared true, shares that sum to 100, and within a year of the first application."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from services.intake.domain.dossier import Author, RecognitionRequest
from services.intake.domain.refusals import (
    AuthorTwice,
    DeclarationMissing,
    DossierIncomplete,
    FiledLate,
    FilerNotAuthor,
    FirstApplicationInFuture,
    ShareOutOfRange,
    SharesNotHundred,
)
from workflows.contracts.ids import PersonId
from workflows.rules.stage_clock import LOCAL_ZONE, add_months, end_of_local_day

FILING_LIMIT_MONTHS: Final = 12
"""From the first application; Decree 13/2012, article 5.2."""
FORMAL_CHECK_MONTHS: Final = 1
"""From receipt; Decree 13/2012, article 6.2."""
EXAMINATION_MONTHS: Final = 3
"""From acceptance; Decree 13/2012, article 7.1."""

_REQUIRED: Final = (
    "title",
    "application_field",
    "problem_solved",
    "kind",
    "first_applied_on",
    "description",
    "applicability",
    "conditions",
    "benefit_by_author",
)
_REQUIRED_OF_AUTHOR: Final = ("full_name", "date_of_birth", "workplace", "job_title", "qualification", "contribution_percent")
_HUNDRED: Final = Decimal(100)
_CENT: Final = Decimal("0.01")


def local_day(instant: datetime) -> date:
    """The day of an instant in Vietnam."""
    return instant.astimezone(LOCAL_ZONE).date()


def answer_due_on(filed_on: date) -> date:
    """The day that the receipt promises the answer by: the month of the formal check, then the three of the examination."""
    return add_months(add_months(filed_on, FORMAL_CHECK_MONTHS), EXAMINATION_MONTHS)


def last_filing_day(first_applied_on: date) -> date:
    """The last day on which a solution first applied then may be filed."""
    return add_months(first_applied_on, FILING_LIMIT_MONTHS)


def check_filing(request: RecognitionRequest, filer_id: PersonId, filed_at: datetime) -> None:
    """Refuse a request that may not be filed at this instant by this person."""
    missing = tuple(_missing(request))
    if missing:
        raise DossierIncomplete(missing=", ".join(missing))
    if not request.declaration_of_truth:
        raise DeclarationMissing
    _check_authors(request.authors, filer_id)
    if request.first_applied_on is not None:
        _check_first_application(request.first_applied_on, filed_at)


def _missing(request: RecognitionRequest) -> Iterator[str]:
    yield from (name for name in _REQUIRED if getattr(request, name) is None)
    if not request.authors:
        yield "authors"
    for position, author in enumerate(request.authors, start=1):
        yield from (f"authors[{position}].{name}" for name in _REQUIRED_OF_AUTHOR if getattr(author, name) is None)


def _check_authors(authors: tuple[Author, ...], filer_id: PersonId) -> None:
    seen: set[PersonId] = set()
    total = Decimal(0)
    for position, author in enumerate(authors, start=1):
        if author.person_id in seen:
            raise AuthorTwice(position=position)
        seen.add(author.person_id)
        share = author.contribution_percent or Decimal(0)
        if not 0 < share <= _HUNDRED or share != share.quantize(_CENT):
            raise ShareOutOfRange(position=position)
        total += share
    if total != _HUNDRED:
        raise SharesNotHundred(total=total)
    if filer_id not in seen:
        raise FilerNotAuthor


def _check_first_application(first_applied_on: date, filed_at: datetime) -> None:
    if first_applied_on > local_day(filed_at):
        raise FirstApplicationInFuture(first_applied_on=first_applied_on.isoformat())
    last_day = last_filing_day(first_applied_on)
    if filed_at > end_of_local_day(last_day):
        raise FiledLate(last_day=last_day.isoformat())
