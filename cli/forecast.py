"""`sangkien forecast`: which rung of which dossier fires when and what it would do; and how a new ladder
would have worked."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli import words
from cli.reader import Reader, ReadRefused
from embedded.errors import CommandFailed
from language.deadline.arithmetic import LOCAL_ZONE
from language.plan.review_plan import RungAction
from language.words.said import say
from packs.freezing import PackInvalid, read_yaml

_SERVICES = ("intake", "review", "payout")
_MOST_ROWS = 200
_DOES = {
    "NOT_YET": "đang tạm dừng tính hạn: chờ đến khi tính lại",
    "NOTHING_TO_DO": "theo hiện trạng: không có gì để làm",
}


class LadderUnreadable(CommandFailed):
    """The file holds no ladder."""

    exit_code = 24


def show_forecast(days: int, account: str, *, as_json: bool) -> None:
    """Everything ahead in all services that the account may watch, by time."""
    reader = Reader(account)
    seen = [
        found
        for service in _SERVICES
        if (found := reader.items(service, "/v1/forecast", days=days)) is not None
    ]
    if not seen:
        raise ReadRefused(
            f"{reader.who} không giữ vị trí nào được xem dự báo: hãy dùng tài khoản khác, --as "
            "(watches no unit)."
        )
    ahead = sorted(
        (item for found in seen for item in found), key=lambda item: datetime.fromisoformat(item["fires_at"])
    )
    if as_json:
        print(json.dumps(ahead, ensure_ascii=False))
        return
    console = Console()
    if not ahead:
        console.print(
            f"Không có bậc nhắc việc nào trong {days} ngày tới; xem xa hơn bằng --days (nothing is ahead).",
            soft_wrap=True,
        )
        return
    shown = ahead[:_MOST_ROWS]
    names = reader.names(person for item in shown for person in item["told"])
    table = Table(
        "Thời điểm", "Hồ sơ", "Bậc", "Sẽ làm gì", title=f"Bậc nhắc việc trong {days} ngày tới: {len(ahead)}"
    )
    for fixed in table.columns[:2]:
        fixed.no_wrap = True
    for item in shown:
        table.add_row(*map(escape, _row(item, names)))
    console.print(table)
    if len(ahead) > _MOST_ROWS:
        console.print(f"Chỉ hiện {_MOST_ROWS} dòng đầu; xem đủ bằng --json.")


def _row(item: dict[str, Any], names: dict[str, str]) -> tuple[str, ...]:
    when = datetime.fromisoformat(item["fires_at"]).astimezone(LOCAL_ZONE).strftime("%d/%m/%Y %H:%M")
    rung = item["rung"]
    told = ", ".join(names.get(person, person) for person in item["told"])
    does = _DOES.get(item["finding"], rung["does_vi"])
    basis = "mẫu" if rung["sample"] else f"{rung['document']} {rung['article']}".strip()
    return (
        f"{when}\n(quá giờ)" if item["overdue"] else when,
        f"{item['subject_code']}\n{words.clock_of(item['kind'], item['level'])}",
        f"{rung['when_vi']} ({basis})",
        f"{does}: {told}" if told else does,
    )


def try_ladder(file: Path, level: str, back: int, account: str, *, as_json: bool) -> None:
    """What this ladder would have done at this level in the last days."""
    content = _as_json(file, {"level": level, "days": back, "ladder": read_ladder(file, level)})
    found = Reader(account).post("review", "/v1/forecast/backtest", content)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    table = Table("Bậc", "Việc", title=f"Thang nhắc việc mới, cấp {words.level_of(level)}, {back} ngày qua")
    for column in ("Đã làm", "Không có gì để làm", "Lượt người"):
        table.add_column(column, justify="right")
    for rung in found["rungs"]:
        action = say(RungAction(rung["action"])).vi
        table.add_row(
            escape(rung["id"]), action, str(rung["fired"]), str(rung["nothing_to_do"]), str(rung["people"])
        )
    console = Console()
    console.print(table)
    console.print(found["sentence_vi"], soft_wrap=True, markup=False)


def read_ladder(file: Path, level: str) -> list[Any]:
    """The ladder in this file: a list of rungs, a mapping with `ladder`, or a whole pack, of which the
    level's ladder is taken."""
    try:
        found = read_yaml(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise LadderUnreadable(f"{file}: không đọc được tệp (cannot be read): {error}") from error
    except PackInvalid as invalid:
        fault = invalid.faults[0]
        raise LadderUnreadable(f"{file}, dòng (line) {fault.line}: {fault.reason}") from invalid
    levels = found.get("levels") if isinstance(found, dict) else None
    if isinstance(levels, list):
        found = next((item for item in levels if isinstance(item, dict) and item.get("level") == level), {})
    ladder = found.get("ladder") if isinstance(found, dict) else found
    if not isinstance(ladder, list):
        raise LadderUnreadable(
            f"{file} không có thang nhắc việc của cấp {level} (holds no ladder of that level)."
        )
    return ladder


def _as_json(file: Path, body: dict[str, Any]) -> bytes:
    try:
        return json.dumps(body, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise LadderUnreadable(
            f"{file}: có giá trị không dùng được trong thang nhắc việc (holds a value no ladder "
            f"can have): {error}"
        ) from error
