"""`sangkien history`: one timeline of a dossier over all services, in local time, with names and the reason
of every act of the clock."""

import contextlib
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli import words
from cli.reader import Reader
from embedded.errors import CommandFailed
from language.deadline.arithmetic import LOCAL_ZONE
from language.ids import DossierId
from language.names import initiative_workflow_id

SERVICES = ("intake", "review", "payout")
HIDDEN = {
    "post_id",
    "rung",
    "action",
    "finding",
    "award_id",
    "stage_id",
    "sheet_id",
    "list_id",
    "attachment_id",
}
_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class DossierUnknown(CommandFailed):
    """No dossier of that id or code that the account may see."""

    exit_code = 21


def show_history(dossier: str, account: str) -> None:
    """Print the timeline."""
    reader = Reader(account)
    dossier_id = find_dossier(reader, dossier, account)
    events = [
        event
        for service in SERVICES
        for event in reader.items(service, f"/v1/dossiers/{dossier_id}/history") or []
    ]
    if not events:
        raise DossierUnknown(
            f"{account} không thấy gì về hồ sơ {dossier}: kiểm tra mã, hay dùng --as (no history to be seen)."
        )
    events.sort(key=lambda event: (event["occurred_at"], event["service"], event["seq"]))
    names = reader.names(_people_in(events))
    table = Table(title=f"Hồ sơ {dossier}", show_lines=True)
    for column in ("Thời điểm", "Ai", "Việc"):
        table.add_column(column, overflow="fold", vertical="top")
    for event in events:
        table.add_row(
            _when(event), escape(_who(event, names)), "\n".join(escape(line) for line in _lines(event, names))
        )
    console = Console()
    console.print(table)
    run = initiative_workflow_id(DossierId(UUID(dossier_id)))
    console.print(
        f"Temporal: {reader.ports.url('temporal-ui')}/namespaces/default/workflows/{run}", soft_wrap=True
    )


def find_dossier(reader: Reader, dossier: str, account: str) -> str:
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
        told = "Có nhiều hồ sơ khớp" if matching else f"{account} không thấy hồ sơ nào mang mã"
        raise DossierUnknown(
            f"{told} {dossier[:60]!r}: hãy ghi đủ mã hoặc id (give the whole code or the id)."
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


def local_time(text: str) -> str:
    """An instant or a day as people in Vietnam write it; other text as it is."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    if instant.tzinfo:
        return instant.astimezone(LOCAL_ZONE).strftime("%d/%m/%Y %H:%M:%S")
    return instant.strftime("%d/%m/%Y") if _A_DAY.fullmatch(text) else text


def _when(event: dict[str, Any]) -> str:
    return local_time(event["occurred_at"])


def _who(event: dict[str, Any], names: dict[str, str]) -> str:
    if event["actor_id"] is None:
        return "đồng hồ (clock)"
    actor = names.get(event["actor_id"], event["actor_id"])
    behalf = event["on_behalf_of"]
    return f"{actor} thay mặt {names.get(behalf, behalf)}" if behalf else actor


def _lines(event: dict[str, Any], names: dict[str, str]) -> list[str]:
    """What happened, in words and under its stable name; its details; the rule behind it."""
    why = " ".join(part for part in (event["rule_version"], event["rule"]) if part)
    lines = [_what(event), *_details(event["detail"], names)]
    return [*lines, f"Căn cứ: {why}"] if why else lines


def _what(event: dict[str, Any]) -> str:
    kind, detail = event["kind"], event["detail"]
    if kind != "RungFired":
        return f"{words.EVENTS[kind]} ({kind})" if kind in words.EVENTS else str(kind)
    action, finding = detail.get("action", ""), detail.get("finding", "")
    told = f"{words.ACTIONS.get(action, action)}: {words.FINDINGS.get(finding, finding)}"
    return f"{words.EVENTS[kind]} “{detail.get('rung', '')}”: {told} ({kind})"


def _details(detail: dict[str, Any], names: dict[str, str]) -> list[str]:
    shown = {key: value for key, value in detail.items() if key not in HIDDEN and value not in (None, [], {})}
    return [f"{words.DETAILS.get(key, key)}: {_plain(value, names)}" for key, value in shown.items()]


def _plain(value: Any, names: dict[str, str]) -> str:
    """A value as a person reads it: names for ids, local time, Vietnamese for states."""
    match value:
        case list():
            return "; ".join(_plain(item, names) for item in value)
        case dict():
            return ", ".join(_labelled(key, item, names) for key, item in value.items() if item is not None)
        case _:
            return names.get(str(value)) or words.VALUES.get(str(value)) or local_time(str(value))


def _labelled(key: str, value: Any, names: dict[str, str]) -> str:
    """Names, roles and results speak for themselves; all else needs its word."""
    told = _plain(value, names)
    return (
        told
        if isinstance(value, str) and (value in names or value in words.VALUES)
        else f"{words.DETAILS.get(key, key)} {told}"
    )
