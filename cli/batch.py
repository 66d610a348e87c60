"""`sangkien batch`: many acts of one kind from a file, a hundred a request, with progress and what was
refused."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from rich.console import Console
from rich.progress import Progress

from cli.plain_json import NamedTwice, json_of
from cli.reader import Reader
from embedded.errors import CommandFailed
from sheets.separated import TextUnreadable, rows_of, text_of

ACTS: Final = {
    "accept": ("intake", "/v1/batch/dossiers/acceptance"),
    "mark": ("review", "/v1/batch/score-sheets"),
    "decide": ("review", "/v1/batch/stages/decision"),
    "verify": ("payout", "/v1/batch/awards/verification"),
    "approve": ("payout", "/v1/batch/awards/approval"),
    **{
        f"{act}-{service}": (service, f"/v1/batch/{path}")
        for act, path in (("remind", "tasks/reminder"), ("extend", "clocks/extension"))
        for service in ("intake", "review", "payout")
    },
    **{f"take-{service}": (service, "/v1/batch/tasks/taking") for service in ("intake", "payout")},
}
"""What can be done to many, by the name that the command line gives it."""
_EACH: Final = 100
"""So many a request, so that there is progress to show."""
_console = Console(soft_wrap=True, highlight=False)


class BatchUnreadable(CommandFailed):
    """The file says not what is to be done."""

    exit_code = 38


class SomeRefused(CommandFailed):
    """Not everything was done; what was not is named."""

    exit_code = 29


def run_batch(act: str, file: Path, account: str, *, dry_run: bool) -> None:
    """Do it to every item of the file, and say what was refused and why."""
    if act not in ACTS:
        raise BatchUnreadable(f"Chọn một trong: {', '.join(sorted(ACTS))} (choose one of these).")
    try:
        (service, path), items = ACTS[act], read_items(text_of(file.read_bytes()))
    except (OSError, TextUnreadable) as error:
        raise BatchUnreadable(f"Không đọc được {file.name} (cannot be read): {error}") from None
    reader, refused = Reader(account), Counter[str]()
    # The same run of the command is one key: each part of it has its own place.
    key, params = uuid4().hex, ({"dry_run": "true"} if dry_run else {})
    with Progress(console=_console, disable=len(items) <= _EACH) as progress:
        bar = progress.add_task(act, total=len(items))
        for start in range(0, len(items), _EACH):
            part = items[start : start + _EACH]
            answer = reader.command(service, path, {"items": part}, key=f"{key}-{start}", **params)
            _tell(answer["items"], refused)
            progress.advance(bar, len(part))
    done = len(items) - refused.total()
    _console.print(
        f"{done} {'sẽ làm được (could be done)' if dry_run else 'đã làm (done)'}, "
        f"{refused.total()} bị từ chối (refused)."
    )
    if refused:
        raise SomeRefused(", ".join(f"{code}: {count}" for code, count in refused.most_common()))


def _tell(items: Sequence[dict[str, Any]], refused: Counter[str]) -> None:
    for item in items:
        if item["problem"]:
            refused[item["problem"]["code"]] += 1
            _console.print(f"{item['id']}: {item['problem']['detail']}", markup=False)


def read_items(text: str) -> list[dict[str, Any]]:
    """The items of a file: JSON as the API takes it (a list), or lines with an id each, or CSV with a header
    that names `id` and other fields."""
    try:
        items = json_of(text) if text.lstrip().startswith("[") else _lines(text)
        for item in items:
            UUID(str(item["id"]))
    except NamedTwice as error:
        raise _twice(error.names) from None
    except (ValueError, TypeError, KeyError):
        raise BatchUnreadable(
            "Tệp phải là danh sách JSON, hoặc mỗi dòng một mã (id), hoặc CSV có cột id (a JSON list, an id a "
            "line, or CSV with a column id)."
        ) from None
    if not items:
        raise BatchUnreadable("Tệp không có dòng nào (the file is empty).")
    return list(items)


def _twice(names: Sequence[str]) -> BatchUnreadable:
    return BatchUnreadable(f"Mục hoặc cột ghi nhiều lần: {', '.join(names)} (named more than once).")


def _lines(text: str) -> list[dict[str, Any]]:
    rows = [(number, row) for number, row in enumerate(rows_of(text), start=1) if any(row)]
    if rows and "id" in rows[0][1]:
        header = rows[0][1]
        times = Counter(filter(None, header))
        if times.total() > len(times):
            raise _twice([name for name, count in times.items() if count > 1])
        return [_item(header, number, row) for number, row in rows[1:]]
    return [{"id": line.strip()} for line in text.splitlines() if line.strip()]


def _item(header: Sequence[str], number: int, row: Sequence[str]) -> dict[str, Any]:
    named = {name: cell for name, cell in zip(header, row, strict=False) if name and cell}
    if len(named) < sum(map(bool, row)):
        raise BatchUnreadable(
            f"Dòng {number} có ô nằm ngoài các cột có tên; nếu trong ô có dấu phân cách thì đặt ô trong dấu "
            f"nháy kép (row {number} has a cell in no named column; quote a cell that holds the separator)."
        )
    return named
