"""The sample province of the first `up`: units, people, posts, a season, and twenty dossiers filed through
the public API."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rich.progress import Progress

from cli.filing import Manner, file_listed, import_province
from cli.people_api import PeopleApi
from cli.province import WATCHER, build_province
from cli.spreadsheet import read_list
from embedded.instance import Instance
from kit.clock import Clock
from language.deadline.arithmetic import local_day

SAMPLE_LIST = Path(__file__).resolve().parents[1] / "samples" / "danh-sach-sang-kien-2023.xlsx"
_FIRST_DOSSIERS = 20
_RECENTLY = timedelta(days=30)
_FILING_LIMIT = timedelta(days=360)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was loaded: accounts to try (name, password, who it is), how many dossiers were filed, in which
    year."""

    accounts: tuple[tuple[str, str, str], ...]
    filed: int
    refused: int
    filed_in: int


async def load(instance: Instance) -> Summary:
    """Load the province and file the dossiers. The list is of 2022: its dates are moved so that the season
    looks like this year's."""
    today = local_day(Clock().now())
    listed = read_list(SAMPLE_LIST)
    shift = today - _RECENTLY - max(dossier.first_applied_on for dossier in listed)
    in_time = [dossier for dossier in listed if dossier.first_applied_on + shift > today - _FILING_LIMIT]
    dossiers = in_time[:_FIRST_DOSSIERS]
    middle = "COMMUNE" if today >= date(2025, 7, 1) else "DISTRICT"
    province = build_province(
        dossiers, middle_level=middle, season=(date(today.year, 1, 1), date(today.year, 12, 31))
    )
    api = PeopleApi(instance.urls, instance.secrets["cli_client_secret"])
    try:
        with Progress(transient=True) as progress:
            bar = progress.add_task("Sample province", total=len(dossiers) + 1)
            imported = await import_province(api, province)
            progress.advance(bar)
            filed = []
            for dossier in dossiers:
                filed.append(await file_listed(api, province, imported, dossier, Manner(shift=shift)))
                progress.advance(bar)
    finally:
        await api.close()
    first = dossiers[0]
    school = province.school_codes[first.district, first.school].lower()
    accounts = (
        (f"vanthu.{school}", "", f"văn thư tiếp nhận (intake officer), {first.school}"),
        (f"hieutruong.{school}", "", "hiệu trưởng, chủ tịch Hội đồng trường (principal and chair)"),
        (filed[0].filer, "", "tác giả (author)"),
        (WATCHER, "", "kiểm toán viên, xem mọi hồ sơ (auditor)"),
    )
    in_order = sum(entry.refusal is None for entry in filed)
    refused = len(filed) - in_order
    return Summary(accounts=accounts, filed=in_order, refused=refused, filed_in=today.year)
