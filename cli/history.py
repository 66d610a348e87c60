"""`sangkien history`: one timeline of a dossier over all services, in local time, with names and the reason
of every act of the clock."""

import contextlib
import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli import words
from cli.reader import Reader
from embedded.errors import CommandFailed
from language.deadline.arithmetic import LOCAL_ZONE
from language.events.base import Change, Erased, Fact
from language.events.casework import RungFired
from language.events.catalogue import brought_up
from language.ids import DossierId
from language.journey.transition import SENTENCES
from language.messages.transition import TransitionReason
from language.names import initiative_workflow_id
from language.words.content import CONTENT
from language.words.event_fields import FIELDS, UNSAID
from language.words.events import PARTS, say_event
from language.words.said import say
from language.words.values import say_money, say_number

SERVICES = ("intake", "review", "payout")
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
        shown = "Có nhiều hồ sơ khớp" if matching else f"{account} không thấy hồ sơ nào mang mã"
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
    said, kind = say_event(type(fact)).vi, type(fact).__name__
    if not isinstance(fact, RungFired):
        return f"{said} ({kind})"
    return f"{said} “{fact.rung_id}”: {say(fact.action).vi}: {say(fact.finding).vi} ({kind})"


_IN_THE_HEADLINE = frozenset({"case", "rung_id", "action", "finding"})


def _details(fact: Fact, names: dict[str, str]) -> list[str]:
    hidden = UNSAID | (_IN_THE_HEADLINE if isinstance(fact, RungFired) else frozenset())
    shown = {field.name: getattr(fact, field.name) for field in fields(fact) if field.name not in hidden}
    return [
        f"{FIELDS[name].vi}: {_plain(value, names, name)}"
        for name, value in shown.items()
        if value not in (None, (), {}) and not _is_nameless(value, names)
    ]


def _is_nameless(value: object, names: dict[str, str]) -> bool:
    """An id of something that has no name here says nothing to people."""
    return isinstance(value, UUID) and str(value) not in names


def _plain(  # noqa: C901, PLR0911 - a flat dispatch
    value: object, names: dict[str, str], field: str = ""
) -> str:
    """A value as a person reads it: names for ids, local time, Vietnamese for states."""
    match value:
        case bool():
            return "có" if value else "không"
        case Change(old=old, new=new):
            return f"{_plain(old, names, field)} → {_plain(new, names, field)}"
        case tuple():
            return "; ".join(_plain(item, names, field) for item in value)
        case TransitionReason():
            return SENTENCES[value][0]
        case StrEnum():
            return say(value).vi
        case datetime() | date():
            return local_time(value.isoformat())
        case int() | Decimal():
            return say_money(int(value)) if field.endswith("_dong") else say_number(Decimal(value)).vi
        case _ if is_dataclass(value):
            return _compound(value, names)
        case _:
            return _text(str(value), names, field)


def _text(text: str, names: dict[str, str], field: str) -> str:
    if field.rpartition("_")[2] in {"level", "levels"}:
        return words.level_of(text)
    if field in {"content_field", "field", "fields"} and text in CONTENT:
        return CONTENT[text].vi
    return names.get(text, "–" if text == "None" or _is_id(text) else text)


def _compound(value: object, names: dict[str, str]) -> str:
    """Names, roles and results speak for themselves; all else needs its word."""
    if isinstance(value, Erased):
        return "(đã xóa theo quy định)"
    parts = {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]
    did = parts.pop("did", None)
    shown = [_labelled(name, part, names) for name, part in parts.items() if part not in (None, ())]
    return f"{PARTS[did].vi}: {', '.join(shown)}" if did else ", ".join(shown)


def _labelled(name: str, value: object, names: dict[str, str]) -> str:
    shown = _plain(value, names, name)
    speaks = isinstance(value, StrEnum) or str(value) in names
    return shown if speaks else f"{FIELDS[name].vi} {shown}"
