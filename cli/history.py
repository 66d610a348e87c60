"""`sangkien history`: one timeline of a dossier over all services, in local time, with names and the reason
of every act of the clock."""

import contextlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.reader import Reader
from embedded.errors import CommandFailed
from language.events.base import Fact
from language.events.catalogue import brought_up
from language.ids import DossierId
from language.names import initiative_workflow_id
from language.telling import Language
from language.words.details import Details, local_time

SERVICES = ("intake", "review", "payout")


class DossierUnknown(CommandFailed):
    """No dossier of that id or code that the account may see."""

    exit_code = 21


def show_history(dossier: str, account: str) -> None:
    """Print the timeline."""
    reader = Reader(account)
    dossier_id = find_dossier(reader, dossier)
    events = [
        event
        for service in SERVICES
        for event in reader.items(service, f"/v1/dossiers/{dossier_id}/history") or []
    ]
    if not events:
        raise DossierUnknown(
            f"{reader.who} không thấy gì về hồ sơ {dossier}: kiểm tra mã, hay dùng --as "
            "(no history to be seen)."
        )
    events.sort(key=lambda event: (event["occurred_at"], event["service"], event["seq"]))
    names = reader.names(_people_in(events))
    table = Table(title=escape(f"Hồ sơ {dossier}"), show_lines=True)
    for column in ("Thời điểm", "Ai", "Việc"):
        table.add_column(column, overflow="fold", vertical="top")
    for event in events:
        table.add_row(
            _when(event), escape(_who(event, names)), "\n".join(escape(line) for line in _lines(event, names))
        )
    console = Console()
    console.print(table)
    run = initiative_workflow_id(DossierId(UUID(dossier_id)))
    console.print(f"Temporal: {reader.at.run_address(run) or run}", soft_wrap=True)


def find_dossier(reader: Reader, dossier: str) -> str:
    """The id of the dossier of this id or code, among those the account watches and its own."""
    with contextlib.suppress(ValueError):
        return str(UUID(dossier))
    pages = (
        (reader.get("intake", "/v1/dossiers", scope=scope, q=dossier, limit=2) for scope in ("all", "mine"))
        if dossier
        else ()
    )
    found: dict[str, str] = {item["id"]: item["code"] for page in pages if page for item in page["items"]}
    matching = [key for key, code in found.items() if code == dossier] or list(found)
    if len(matching) != 1:
        shown = "Có nhiều hồ sơ khớp" if matching else f"{reader.who} không thấy hồ sơ nào mang mã"
        raise DossierUnknown(
            f"{shown} {dossier[:60]!r}: hãy ghi đủ mã hoặc id (give the whole code or the id)."
        )
    return matching[0]


def _is_id(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _leaves(value: Any) -> Iterable[str]:
    """Every plain value inside, however deep."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value is not None:
        yield str(value)


def _people_in(events: Iterable[dict[str, Any]]) -> Iterable[str]:
    for event in events:
        yield from (event[key] for key in ("actor_id", "on_behalf_of") if event[key])
        yield from (leaf for leaf in _leaves(event["detail"]) if _is_id(leaf))


def _when(event: dict[str, Any]) -> str:
    return local_time(event["occurred_at"])


def _who(event: dict[str, Any], names: dict[str, str]) -> str:
    if event["actor_id"] is None:
        return "Hệ thống (tự động)"
    actor = names.get(event["actor_id"], event["actor_id"])
    behalf = event["on_behalf_of"]
    return f"{actor} thay mặt {names.get(behalf, behalf)}{_by_what(event)}" if behalf else actor


def _by_what(event: dict[str, Any]) -> str:
    """Why it is not the holder of the post who acts."""
    through = event["through"] or {}
    if "delegation_id" in through:
        return " theo ủy quyền"
    return " đang nghỉ" if "leave_id" in through else ""


def _lines(event: dict[str, Any], names: dict[str, str]) -> list[str]:
    """What happened, in words and under its stable name; its details; the rule behind it."""
    why = " ".join(part for part in (event["rule_version"], event["rule"]) if part)
    fact = fact_of(event)
    lines = [_what(fact), *_details(fact, names)]
    return [*lines, f"Căn cứ: {why}"] if why else lines


def fact_of(event: dict[str, Any]) -> Fact:
    """The event as the fact it was."""
    kind = event["kind"]
    found, detail = brought_up(kind, event["version"], event["detail"])
    fact: Fact = TypeAdapter(found).validate_python(detail)
    return fact


def _what(fact: Fact) -> str:
    return f"{Details({}, Language.VI).headline(fact)} ({type(fact).__name__})"


def _details(fact: Fact, names: dict[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in Details(names, Language.VI).lines(fact)]
