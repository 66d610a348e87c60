"""`sangkien succession`: an act about units, drafted from a sheet old → new, with what it would make of every
unit, post and open case."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from cli.reader import Reader
from cli.units_sheet import known_units, read_sheet, steps_of
from language.units.succession import Fate, ThingKind
from language.words.said import say

_MOST_SHOWN = 40
_console = Console(soft_wrap=True, highlight=False)


def draft(sheet: Path, document: str, from_day: date, account: str, *, dry_run: bool) -> None:
    """Draft the act that the sheet says, or only show what it would do; another administrator approves it."""
    rows = read_sheet(sheet)
    reader = Reader(account)
    units = reader.items("organisation", "/v1/units") or []
    steps = steps_of(rows, known_units(units))
    body = {"document": document, "from_day": str(from_day), "steps": steps}
    params = {"dry_run": "true"} if dry_run else {}
    _show(reader.command("organisation", "/v1/successions", body, **params), dry_run=dry_run)


def _show(act: dict[str, Any], *, dry_run: bool) -> None:
    verdicts = act["verdicts"]
    counts = Counter((ThingKind(one["kind"]), Fate(one["fate"])) for one in verdicts)
    day = date.fromisoformat(act["from_day"]).strftime("%d/%m/%Y")
    _console.print(f"{act['document']}, {day}:", markup=False)
    for (kind, fate), count in sorted(counts.items()):
        _console.print(f"  {count} {say(kind).vi}: {say(fate).vi} ({say(kind).en}: {say(fate).en})")
    unsettled = [one for one in verdicts if not Fate(one["fate"]).is_settled]
    for one in unsettled[:_MOST_SHOWN]:
        kind, fate = ThingKind(one["kind"]), Fate(one["fate"])
        thing = f"{say(kind).vi} {one['code']}, {one['from_name']}"
        _console.print(f"  ! {thing}: {say(fate).vi} {one['id']}", markup=False)
    if dry_run:
        _console.print("Chưa ghi gì (nothing was written).")
    elif unsettled:
        _console.print(f"Đã lập {act['id']}; chưa duyệt được (drafted; it cannot be approved like this).")
    else:
        _console.print(
            f"Đã lập {act['id']}; chờ quản trị viên khác duyệt (drafted; another administrator approves it)."
        )
