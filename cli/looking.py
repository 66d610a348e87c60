"""`sangkien status`, `logs` and `doctor`."""

import asyncio
import contextlib
import json
import time
from collections.abc import Mapping

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.answering import show_answers
from cli.diagnosis import examine
from cli.finding import Finding
from cli.outside_found import examine_outside
from cli.reach import server
from embedded.errors import CommandFailed, NotRunning
from embedded.health import backlog, unhealthy
from embedded.instance import WORKER, process_of
from embedded.layout import default_data
from embedded.state import State, running_state
from kit.release import RELEASE
from language.names import PORTAL, SERVICES

_FOLLOW_EVERY = 0.2
_console = Console(soft_wrap=True, highlight=False)


def show_status(*, as_json: bool) -> None:
    """Each part with its process, its address and its health; exit code 1 when one is not well, 3 when
    nothing runs. Of another installation, what is seen from outside."""
    if address := server():
        show_answers(address, as_json=as_json)
    data = default_data()
    state = running_state(data)
    parts = _parts(state) if state else {}
    is_well = state is not None and state.ready and all(part["healthy"] for part in parts.values())
    if as_json:
        told = {"running": state is not None, "healthy": is_well, "data": str(data), "version": RELEASE}
        waiting = asyncio.run(backlog(state.ports, SERVICES)) if state else {}
        print(json.dumps({**told, "parts": parts, "backlog": waiting}))
    elif state is not None:
        _print_parts(parts, ready=state.ready)
    if state is None:
        raise typer.Exit(NotRunning.exit_code) if as_json else NotRunning(data)
    raise typer.Exit(0 if is_well else 1)


def _parts(state: State) -> dict[str, dict[str, object]]:
    asked = (PORTAL, *SERVICES, WORKER)
    late = asyncio.run(unhealthy(state.ports, asked))
    well = {name: name not in late for name in asked}
    ours = {process_of(name, state.processes) for name in asked}
    well |= {name: not state.ports.is_free(name) for name in state.processes if name not in ours}
    addresses = {name: state.ports.url(name) for name in asked} | {
        "postgres": f"127.0.0.1:{state.ports['postgres']}",
        "temporal": state.ports.url("temporal-ui"),
    }
    return {
        str(name): {
            "pid": state.processes.get(process_of(name, state.processes)),
            "address": addresses[name],
            "healthy": well[name],
            "restarts": state.restarts.get(process_of(name, state.restarts), 0),
        }
        for name in well
    }


def _print_parts(parts: Mapping[str, Mapping[str, object]], *, ready: bool) -> None:
    table = Table("Phần", "Tiến trình", "Địa chỉ", "Tình trạng", box=None, padding=(0, 2, 0, 0))
    for name, part in parts.items():
        table.add_row(
            name,
            str(part["pid"] or "–"),
            str(part["address"]),
            "[green]ổn (well)[/]" if part["healthy"] else "[red]chưa ổn (not well)[/]",
        )
    _console.print(table)
    if not ready:
        _console.print("Đang khởi động (still starting).")


def show_log(name: str, *, follow: bool, lines: int) -> None:
    """The end of a part's log, and with `follow` what is added, until Ctrl-C."""
    folder = default_data() / "logs"
    newest_first = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    known = [path.stem for path in newest_first]
    file = folder / f"{process_of(name, known)}.log"
    if file.stem not in known:
        raise CommandFailed(
            f"Không có nhật ký {name}; hiện có: {', '.join(sorted(known)) or 'chưa có nhật ký nào'} "
            "(no such log)."
        )
    with (
        file.open(encoding="utf-8", errors="replace") as log,
        contextlib.suppress(KeyboardInterrupt, BrokenPipeError),
    ):
        print(*log.readlines()[-lines:], sep="", end="", flush=True)
        while follow:
            time.sleep(_FOLLOW_EVERY)
            if file.stat().st_size < log.tell():
                log.seek(0)  # what was written was put aside
            print(log.read(), end="", flush=True)


def show_doctor(*, as_json: bool) -> None:
    """What was found, one line each; exit code 1 when something is wrong. Of another installation, what is
    seen from outside."""
    address = server()
    findings = examine_outside(address) if address else examine(default_data())
    if as_json:
        print(
            json.dumps(
                {finding.name: {"ok": finding.is_fine, "detail": finding.detail} for finding in findings}
            )
        )
    else:
        for finding in findings:
            _print_finding(finding)
    raise typer.Exit(0 if all(finding.is_fine for finding in findings) else 1)


def _print_finding(finding: Finding) -> None:
    mark = "[green]✓[/]" if finding.is_fine else "[bold red]✗[/]"
    _console.print(f"{mark} {finding.title or finding.name}: {escape(finding.detail)}")
