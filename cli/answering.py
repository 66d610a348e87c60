"""`sangkien status --server`: which services answer at an installation, and how many alarms each has."""

import json
from contextlib import closing
from typing import Any, Final, NoReturn

import httpx
import typer
from rich.console import Console
from rich.table import Table

from cli.reader import Reader, ReadRefused
from embedded.errors import ServiceSilent
from language.names import PORTAL, SERVICES

_PATIENCE_SECONDS: Final = 10
_console = Console(soft_wrap=True, highlight=False)


def show_answers(address: str, *, as_json: bool) -> NoReturn:
    """Each part of the installation as it answers whoever is signed in; exit code 1 when one does not."""
    parts = answers_at(address)
    is_well = all(part["healthy"] for part in parts.values())
    if as_json:
        print(json.dumps({"server": address, "healthy": is_well, "parts": parts}))
    else:
        _print(parts)
    raise typer.Exit(0 if is_well else 1)


def answers_at(address: str) -> dict[str, dict[str, Any]]:
    """By part: its `address`, whether it is `healthy`, and how many `alarms` it has, where this account may
    see them."""
    with closing(Reader()) as reader:
        services = {service.value: _service(reader, service.value) for service in SERVICES}
    return {PORTAL: _pages(address)} | services


def _pages(address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, timeout=_PATIENCE_SECONDS)
    except httpx.TransportError:
        return {"address": address, "healthy": False, "alarms": None}
    return {"address": address, "healthy": not answer.is_server_error, "alarms": None}


def _service(reader: Reader, service: str) -> dict[str, Any]:
    """A question that needs its database; how many alarms there are, where this account may see them."""
    found: dict[str, Any] = {"address": reader.at.url(service), "healthy": True, "alarms": None}
    try:
        page = reader.get(service, "/v1/alarms", limit=1)
    except (ServiceSilent, ReadRefused):
        return {**found, "healthy": False}
    return {**found, "alarms": page["count"] if page else None}


def _print(parts: dict[str, dict[str, Any]]) -> None:
    table = Table("Phần", "Địa chỉ", "Tình trạng", "Cảnh báo", box=None, padding=(0, 2, 0, 0))
    for name, part in parts.items():
        alarms = "" if part["alarms"] is None else str(part["alarms"])
        well = "[green]trả lời (answers)[/]" if part["healthy"] else "[red]không trả lời (does not answer)[/]"
        table.add_row(name, part["address"], well, alarms)
    _console.print(table)
