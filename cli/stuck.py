"""`sangkien stuck`: everything without progress at an installation, why, and what to do."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli import words
from cli.reader import Reader, ReadRefused
from embedded.errors import ServiceSilent
from language.names import SERVICES
from language.words.details import local_time

_WITH_CASES: Final = frozenset({"intake", "review", "payout"})
_STRANDED: Final = "STRANDED"
_SILENT: Final = "DOES_NOT_ANSWER"
_MOST_ROWS: Final = 200
_console = Console(soft_wrap=True, highlight=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """One thing without progress: `kind` is that of its alarm, STRANDED where no alarm knows of it, or
    DOES_NOT_ANSWER for a service of which nothing is known now. `since` is an instant."""

    service: str
    kind: str
    code: str
    about_id: str | None
    since: str | None
    why: str
    what_to_do: str


def show_stuck(account: str, *, as_json: bool) -> None:
    """Everything that the account may see; exit code 1 when there is anything."""
    found = find_stuck(Reader(account))
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        _print(found)
    raise typer.Exit(1 if found else 0)


def find_stuck(reader: Reader) -> list[Stuck]:
    """Everything that the reader may see, the oldest first; `ReadRefused` for who may see no alarms."""
    answers = [_of_service(reader, service.value) for service in SERVICES]
    if all(answer is None for answer in answers):
        raise ReadRefused(f"{reader.who} không được xem cảnh báo nào (may see no alarms).")
    found = [one for answer in answers for one in answer or ()]
    return sorted(found, key=lambda one: (one.since or "", one.service, one.code))


def _of_service(reader: Reader, service: str) -> list[Stuck] | None:
    """None where the account may see nothing of it."""
    try:
        alarms = reader.items(service, "/v1/alarms")
        stranded = reader.get(service, "/v1/cases/stranded") if service in _WITH_CASES else None
    except ServiceSilent:
        return [_silent(service)]
    if alarms is None:
        return None
    cases = stranded["items"] if stranded else ()
    return [*map(_of_alarm, alarms), *(_of_case({**case, "service": service}) for case in cases)]


def _of_alarm(alarm: dict[str, Any]) -> Stuck:
    found = f" ({alarm['found']})" if alarm["found"] else ""
    return Stuck(
        service=alarm["service"],
        kind=alarm["kind"],
        code=alarm["subject_code"],
        about_id=alarm["about_id"],
        since=alarm["since"],
        why=f"{alarm['vi']}{found}",
        what_to_do=alarm["what_to_do_vi"]
        .replace("{id}", alarm["id"])
        .replace("{about_id}", alarm["about_id"]),
    )


def _of_case(case: dict[str, Any]) -> Stuck:
    return Stuck(
        service=case["service"],
        kind=_STRANDED,
        code=case["subject_code"],
        about_id=case["about_id"],
        since=None,
        why=f"{words.clock_of(case['kind'], case['level'])}: không có bước tiếp theo, cũng không có cảnh báo",
        what_to_do="Báo nhà phát triển kèm kết quả `./sangkien history`; thử ./sangkien restart.",
    )


def _silent(service: str) -> Stuck:
    return Stuck(
        service=service,
        kind=_SILENT,
        code="",
        about_id=None,
        since=None,
        why="dịch vụ không trả lời nên không biết việc nào đang đứng (does not answer)",
        what_to_do="Xem ./sangkien status, rồi nhật ký của dịch vụ.",
    )


def _print(found: Sequence[Stuck]) -> None:
    if not found:
        _console.print("[green]✓[/] Không có việc nào đứng (nothing is without progress).")
        return
    table = Table(
        "Từ", "Việc", "Vì sao", "Cần làm gì", show_lines=True, title=f"Đang đứng (stuck): {len(found)}"
    )
    for one in found[:_MOST_ROWS]:
        when = local_time(one.since) if one.since else ""
        table.add_row(when, escape(f"{one.code}\n{one.service}"), escape(one.why), escape(one.what_to_do))
    Console().print(table)
    if len(found) > _MOST_ROWS:
        _console.print(f"Chỉ hiện {_MOST_ROWS} dòng đầu; xem đủ bằng --json.")
