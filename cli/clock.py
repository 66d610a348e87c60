"""`sangkien clock`: every clock of a dossier over all services, as a sum that can be checked line by line."""

from typing import Any, Final

from rich.console import Console
from rich.table import Table

from cli import words
from cli.history import SERVICES, DossierUnknown, find_dossier
from cli.reader import Reader
from language.plan.review_plan import BudgetUnit
from language.words.details import local_time
from language.words.said import say

_NONE: Final[dict[str, list[dict[str, Any]]]] = {"items": []}


def show_clocks(dossier: str, account: str) -> None:
    """Print the sums."""
    reader = Reader(account)
    dossier_id = find_dossier(reader, dossier)
    clocks = [
        clock
        for service in SERVICES
        for clock in (reader.get(service, f"/v1/dossiers/{dossier_id}/clock") or _NONE)["items"]
    ]
    if not clocks:
        raise DossierUnknown(
            f"{reader.who} không thấy thời hạn nào của hồ sơ {dossier}: kiểm tra mã, hay dùng --as "
            "(no clock to be seen)."
        )
    clocks.sort(key=lambda clock: clock["opened_at"])
    names = reader.names(line["by"] for clock in clocks for line in clock["lines"] if line["by"])
    console = Console()
    for clock in clocks:
        console.print(_table(clock, names))


def _table(clock: dict[str, Any], names: dict[str, str]) -> Table:
    table = Table(
        title=f"{words.clock_of(clock['kind'], clock['level'])}: {_standing(clock)}",
        title_justify="left",
        show_lines=False,
    )
    for column in ("Cách tính", "Lý do", "Ai", "Căn cứ"):
        table.add_column(column, overflow="fold")
    for line in clock["lines"]:
        by = names.get(line["by"], line["by"]) if line["by"] else ""
        table.add_row(
            line["vi"],
            line["reason"] or "",
            by,
            f"{clock['rule_version']} {line['rule']}" if line["rule"] else "",
        )
    return table


def _standing(clock: dict[str, Any]) -> str:
    if clock["closed_at"]:
        return f"đã xong {local_time(clock['closed_at'])}"
    left = f"còn {clock['remaining']} {say(BudgetUnit(clock['remaining_unit'])).vi}"
    return f"đang tạm dừng, {left}" if clock["is_suspended"] else left
