"""`sangkien history`: one timeline of a dossier over all services, in local time, with names and the reason of every act of the clock."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from rich.console import Console
from rich.table import Table

from cli.errors import CommandFailed
from cli.signing_in import fetch_token, running_ports
from workflows.contracts.ids import DossierId
from workflows.contracts.names import initiative_workflow_id
from workflows.rules.stage_clock import LOCAL_ZONE

_SERVICES = ("intake", "review", "payout")
_HIDDEN = {"rung", "action", "finding", "award_id"}
_NAMES_AT_ONCE = 200


class DossierUnknown(CommandFailed):
    """No dossier of that id or code that the account may see."""

    exit_code = 21


class _Reader:
    def __init__(self, account: str) -> None:
        self.ports = running_ports()
        self._http = httpx.Client(timeout=15, headers={"Authorization": f"Bearer {fetch_token(account)}"})

    def get(self, service: str, path: str, **params: Any) -> Any:
        answer = self._http.get(f"{self.ports.url(service)}{path}", params=params)
        return answer.json() if answer.status_code == 200 else None

    def events(self, service: str, dossier_id: str) -> list[dict[str, Any]]:
        """The service's whole history of the dossier, page by page."""
        found: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            page = self.get(service, f"/v1/dossiers/{dossier_id}/history", limit=200, **({"after": after} if after else {}))
            if page is None:
                return found
            found += [{**event, "service": service} for event in page["items"]]
            after = page["next"]
            if after is None:
                return found

    def names(self, person_ids: Iterable[str]) -> dict[str, str]:
        """The names behind the ids."""
        wanted = sorted(set(person_ids))
        shown: dict[str, str] = {}
        for start in range(0, len(wanted), _NAMES_AT_ONCE):
            for person in self.get("directory", "/v1/names", ids=wanted[start : start + _NAMES_AT_ONCE]) or []:
                shown[person["id"]] = person["full_name"]
        return shown


def show_history(dossier: str, account: str) -> None:
    """Print the timeline."""
    reader = _Reader(account)
    dossier_id = _find(reader, dossier)
    events = [event for service in _SERVICES for event in reader.events(service, dossier_id)]
    if not events:
        raise DossierUnknown(f"{account} sees no history of dossier {dossier}: check the id, or look as another account (--as).")
    events.sort(key=lambda event: (event["occurred_at"], event["service"], event["seq"]))
    names = reader.names(_people_in(events))
    table = Table(title=f"Hồ sơ {dossier}", show_lines=False)
    for column in ("Thời điểm", "Ai", "Việc", "Căn cứ", "Chi tiết"):
        table.add_column(column, overflow="fold")
    for event in events:
        table.add_row(_when(event), _who(event, names), _what(event), _why(event), _detail(event, names))
    console = Console()
    console.print(table)
    run = initiative_workflow_id(DossierId(UUID(dossier_id)))
    console.print(f"Temporal: {reader.ports.url('temporal-ui')}/namespaces/default/workflows/{run}", soft_wrap=True)


def _find(reader: _Reader, dossier: str) -> str:
    try:
        return str(UUID(dossier))
    except ValueError:
        page = reader.get("intake", "/v1/dossiers", scope="all", q=dossier, limit=2) or {"items": []}
        matching = [item["id"] for item in page["items"] if item["code"] == dossier] or [item["id"] for item in page["items"]]
        if len(matching) != 1:
            raise DossierUnknown(f"{len(matching)} dossiers fit {dossier!r}: give the whole code or the id.") from None
        return str(matching[0])


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


def _local(text: str) -> str:
    """An instant as people in Vietnam write it; other text as it is."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return instant.astimezone(LOCAL_ZONE).strftime("%d/%m/%Y %H:%M:%S") if instant.tzinfo else text


def _when(event: dict[str, Any]) -> str:
    return _local(event["occurred_at"])


def _who(event: dict[str, Any], names: dict[str, str]) -> str:
    if event["actor_id"] is None:
        return "đồng hồ (clock)"
    actor = names.get(event["actor_id"], event["actor_id"])
    behalf = event["on_behalf_of"]
    return f"{actor} thay mặt {names.get(behalf, behalf)}" if behalf else actor


def _what(event: dict[str, Any]) -> str:
    detail = event["detail"]
    if event["kind"] in {"RulesChanged", "RulesChangeDeclined", "StageMoved"}:
        way = f"{detail.get('from_level') or detail.get('level') or '–'} → {detail.get('to_level') or '–'}"
        return f"{event['kind']} {way} {detail.get('reason', '')}".rstrip()
    if event["kind"] != "RungFired":
        return f"{event['kind']}"
    return f"RungFired {detail.get('rung', '')}: {detail.get('action', '')} → {detail.get('finding', '')}"


def _why(event: dict[str, Any]) -> str:
    return " ".join(part for part in (event["rule_version"], event["rule"]) if part)


def _detail(event: dict[str, Any], names: dict[str, str]) -> str:
    def plain(value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(plain(item) for item in value)
        if isinstance(value, dict):
            return " ".join(plain(item) for item in value.values() if item is not None)
        return names.get(str(value)) or _local(str(value))

    return "; ".join(f"{key}: {plain(value)}" for key, value in event["detail"].items() if key not in _HIDDEN and value not in (None, [], {}))
