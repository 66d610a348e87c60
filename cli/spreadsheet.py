"""A list of dossiers in Excel, one row an author; a co-author's row leaves the dossier's columns empty."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from embedded.errors import CommandFailed

_KINDS = {
    "giải pháp kỹ thuật": "TECHNICAL",
    "giải pháp quản lý": "MANAGEMENT",
    "giải pháp tác nghiệp": "OPERATIONAL",
    "ứng dụng tiến bộ kỹ thuật": "TECHNICAL_PROGRESS_APPLICATION",
}
_NUMBER, _NAME, _BORN, _JOB, _QUALIFICATION, _SCHOOL, _DISTRICT, _TITLE = range(8)
_KIND, _FIELD, _SHARE, _FIRST, _SUMMARY, _BENEFIT, _MONEY, _SECRET = range(8, 16)


class ListUnreadable(CommandFailed):
    """The Excel file is no list of dossiers in the expected form."""

    exit_code = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAuthor:
    """An author as the list names them."""

    full_name: str
    date_of_birth: date | None
    job_title: str
    qualification: str
    percent: Decimal

    @property
    def key(self) -> tuple[str, date | None]:
        """What tells one person from another in the list."""
        return self.full_name, self.date_of_birth


@dataclass(slots=True, kw_only=True)
class ListedDossier:
    """A dossier of the list."""

    number: int
    school: str
    district: str
    title: str
    kind: str
    application_field: str
    first_applied_on: date
    description: str
    benefit: str
    money_dong: int | None
    confidential: str
    authors: list[ListedAuthor] = field(default_factory=list)


def _text(value: Any) -> str:
    return str(value).strip()


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _author(row: list[Any]) -> ListedAuthor:
    return ListedAuthor(
        full_name=_text(row[_NAME]),
        date_of_birth=_day(row[_BORN]),
        job_title=_text(row[_JOB]),
        qualification=_text(row[_QUALIFICATION]),
        percent=Decimal(str(row[_SHARE])),
    )


def _dossier(row: list[Any], line: int) -> ListedDossier:
    first = _day(row[_FIRST])
    kind = _KINDS.get(_text(row[_KIND]).lower())
    if first is None or kind is None:
        raise ListUnreadable(
            f"Line {line}: the date of first application or the kind of solution cannot be read."
        )
    return ListedDossier(
        number=int(row[_NUMBER]),
        school=_text(row[_SCHOOL]),
        district=_text(row[_DISTRICT]),
        title=_text(row[_TITLE]),
        kind=kind,
        application_field=_text(row[_FIELD]),
        first_applied_on=first,
        description=_text(row[_SUMMARY]),
        benefit=_text(row[_BENEFIT]),
        money_dong=int(row[_MONEY]) if row[_MONEY] else None,
        confidential=_text(row[_SECRET]),
    )


def read_list(path: Path, most: int | None = None) -> list[ListedDossier]:
    """The dossiers of the list in its order, at most `most`; `ListUnreadable` says which line is wrong."""
    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as error:
        raise ListUnreadable(f"{path} cannot be read as an Excel file: {error}") from None
    if not rows or [_text(cell) for cell in rows[0]][:2] != ["STT", "Họ và tên tác giả"]:
        raise ListUnreadable(
            f"{path}: the first row must be the header that begins with “STT”, “Họ và tên tác "
            "giả” (see samples/)."
        )
    found: list[ListedDossier] = []
    for line, row in enumerate(rows[1:], start=2):
        if row[_TITLE]:
            found.append(_dossier(row, line))
        if not found:
            raise ListUnreadable(f"Line {line}: a co-author's row stands before any dossier.")
        found[-1].authors.append(_author(row))
    return found[:most]
