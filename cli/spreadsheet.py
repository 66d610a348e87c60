"""A list of dossiers in Excel for rehearsals and the first start, read as strictly as one that is filed."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from embedded.errors import CommandFailed
from kit.clock import Clock
from language.deadline.arithmetic import local_day
from language.refusals import Refusal
from sheets.initiatives import AuthorRow, DossierRow, read_initiatives

_MOST_NAMED = 20


class ListUnreadable(CommandFailed):
    """The Excel file holds no list of dossiers, or cells that nobody can be sure of."""

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


def _author(row: AuthorRow) -> ListedAuthor:
    return ListedAuthor(
        full_name=row.full_name,
        date_of_birth=row.born.exact if row.born else None,
        job_title=row.job_title,
        qualification=row.qualification,
        percent=row.percent or Decimal(),
    )


def _dossier(row: DossierRow) -> ListedDossier:
    if row.first_applied is None or row.kind is None:
        raise ListUnreadable(
            f"{row.cell}: thiếu ngày áp dụng lần đầu hoặc loại giải pháp (day of first application or kind "
            "missing)."
        )
    return ListedDossier(
        number=row.number,
        school=row.school,
        district=row.district,
        title=row.title,
        kind=row.kind,
        application_field=row.application_field,
        first_applied_on=row.first_applied.first,
        description=row.description,
        benefit=row.benefit,
        money_dong=row.money_dong,
        confidential=row.confidential,
        authors=[_author(author) for author in row.authors],
    )


def read_list(path: Path, most: int | None = None) -> list[ListedDossier]:
    """The dossiers of the list in its order, at most `most`; `ListUnreadable` says which cells are wrong."""
    try:
        found = read_initiatives(path.read_bytes(), local_day(Clock().now()))
    except OSError as error:
        raise ListUnreadable(f"{path}: không đọc được tệp (cannot be read): {error.strerror}") from None
    except Refusal as refusal:
        raise ListUnreadable(f"{path}: {refusal.detail_vi} ({refusal.detail_en})") from None
    asked = [f"{remark.cell}: {remark.doubt.vi}" for remark in found.remarks if remark.doubt.asks]
    if asked:
        more = f"\n… và {len(asked) - _MOST_NAMED} ô khác." if len(asked) > _MOST_NAMED else ""
        raise ListUnreadable(f"{path}: cần sửa các ô sau\n" + "\n".join(asked[:_MOST_NAMED]) + more)
    return [_dossier(row) for row in found.dossiers][:most]
