"""`sangkien forecast`: which rung of which dossier fires when and what it would do; and how a new ladder would have worked."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import yaml
from rich.console import Console
from rich.table import Table

from cli.errors import CommandFailed
from cli.signing_in import fetch_token, running_ports
from workflows.rules.stage_clock import LOCAL_ZONE

_SERVICES = ("intake", "review", "payout")
_PAGE = 200
_MOST_ROWS = 200


class ForecastRefused(CommandFailed):
    """A service said no, or the file holds no ladder."""

    exit_code = 22


class _Reader:
    def __init__(self, account: str) -> None:
        self._ports = running_ports()
        self._http = httpx.Client(timeout=60, headers={"Authorization": f"Bearer {fetch_token(account)}"})

    def ahead(self, service: str, days: int) -> Iterator[dict[str, Any]]:
        """The service's forecast page by page; nothing where the account watches nothing."""
        after: dict[str, str] = {}
        while True:
            answer = self._http.get(f"{self._ports.url(service)}/v1/forecast", params={"days": days, "limit": _PAGE, **after})
            if answer.status_code == 403:
                return
            page = _accepted(answer)
            yield from ({**item, "service": service} for item in page["items"])
            if page["next"] is None:
                return
            after = {"after": page["next"]}

    def look_back(self, body: dict[str, Any]) -> dict[str, Any]:
        """How this ladder would have worked."""
        found: dict[str, Any] = _accepted(self._http.post(f"{self._ports.url('review')}/v1/forecast/backtest", json=body))
        return found

    def names(self, person_ids: Iterable[str]) -> dict[str, str]:
        """The names behind the ids."""
        wanted = sorted(set(person_ids))
        shown: dict[str, str] = {}
        for start in range(0, len(wanted), _PAGE):
            answer = self._http.get(f"{self._ports.url('directory')}/v1/names", params={"ids": wanted[start : start + _PAGE]})
            shown |= {person["id"]: person["full_name"] for person in _accepted(answer)}
        return shown


def _accepted(answer: httpx.Response) -> Any:
    if answer.status_code != 200:
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        raise ForecastRefused(str(problem.get("detail", f"HTTP {answer.status_code}")))
    return answer.json()


def show_forecast(days: int, account: str, *, as_json: bool) -> None:
    """Everything ahead in all services, by time."""
    reader = _Reader(account)
    ahead = sorted((item for service in _SERVICES for item in reader.ahead(service, days)), key=lambda item: datetime.fromisoformat(item["fires_at"]))
    if as_json:
        print(json.dumps(ahead, ensure_ascii=False))
        return
    shown = ahead[:_MOST_ROWS]
    names = reader.names(person for item in shown for person in item["told"])
    table = Table(title=f"Bậc nhắc việc trong {days} ngày tới: {len(ahead)}")
    for column in ("Thời điểm", "Hồ sơ", "Cấp", "Bậc", "Sẽ làm gì", "Báo ai", "Căn cứ"):
        table.add_column(column, overflow="fold")
    for item in shown:
        table.add_row(*_row(item, names))
    console = Console()
    console.print(table)
    if len(ahead) > _MOST_ROWS:
        console.print(f"Chỉ hiện {_MOST_ROWS} dòng đầu; xem đủ bằng --json.")


def _row(item: dict[str, Any], names: dict[str, str]) -> tuple[str, ...]:
    when = datetime.fromisoformat(item["fires_at"]).astimezone(LOCAL_ZONE).strftime("%d/%m/%Y %H:%M:%S")
    rung = item["rung"]
    does = {"FIRED": rung["does_vi"], "NOT_YET": "đang tạm dừng tính hạn: chờ đến khi tính lại"}.get(
        item["finding"], "theo hiện trạng: không có gì để làm"
    )
    return (
        f"{when} (quá giờ)" if item["overdue"] else when,
        item["subject_code"],
        item["level"] or item["kind"],
        f"{rung['action']} ({rung['when_vi']})",
        does,
        ", ".join(names.get(person, person) for person in item["told"]) or "–",
        "mẫu" if rung["sample"] else f"{rung['document']} {rung['article']}".strip(),
    )


def try_ladder(file: Path, level: str, back: int, account: str, *, as_json: bool) -> None:
    """What this ladder would have done at this level in the last days."""
    found = _Reader(account).look_back({"level": level, "days": back, "ladder": read_ladder(file, level)})
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    table = Table(title=f"Thang nhắc việc mới, cấp {level}, {back} ngày qua")
    for column in ("Bậc", "Việc", "Đã kích hoạt", "Không có gì để làm", "Lượt người"):
        table.add_column(column, justify="left" if column in {"Bậc", "Việc"} else "right")
    for rung in found["rungs"]:
        table.add_row(rung["id"], rung["action"], str(rung["fired"]), str(rung["nothing_to_do"]), str(rung["people"]))
    console = Console()
    console.print(table)
    console.print(found["sentence_vi"], soft_wrap=True)


def read_ladder(file: Path, level: str) -> list[Any]:
    """The ladder in this file: a list of rungs, a mapping with `ladder`, or a whole pack, of which the level's ladder is taken."""
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ForecastRefused(f"{file} không đọc được (cannot be read): {error}") from error
    if isinstance(found, dict) and "levels" in found:
        found = next((item for item in found["levels"] if isinstance(item, dict) and item.get("level") == level), {})
    ladder = found.get("ladder") if isinstance(found, dict) else found
    if not isinstance(ladder, list):
        raise ForecastRefused(f"{file} không có thang nhắc việc của cấp {level} (holds no ladder of that level).")
    return ladder
