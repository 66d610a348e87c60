"""`./sangkien import`: a list of initiatives in Excel, shown as it is read and matched; written when it is
confirmed."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.plain_json import NamedTwice, json_of
from cli.reader import Reader
from embedded.errors import CommandFailed
from language.words.values import say_day, say_number

_STANDINGS = {
    "READY": "sẵn sàng",
    "ASKS": "phải trả lời",
    "BEGUN_BEFORE": "đã lập trước",
    "MADE": "đã lập",
}
_ANSWERS = ("answers", "people", "units")


class ListNotSent(CommandFailed):
    """The file, the answers, the unit or the season are not what they should be."""

    exit_code = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is asked. `answers`: a JSON file with `answers`, `people` and `units`; `marked`: where the
    workbook with the doubtful cells marked goes."""

    file: Path
    unit: str
    season: str
    account: str
    confirm: bool
    leave_doubtful: bool
    answers: Path | None
    marked: Path | None


def import_list(options: Options) -> None:
    """Show the list; with `confirm`, have the drafts made of exactly what was shown."""
    body = _body(options)
    reader = Reader(options.account)
    body["unit_id"] = _unit_id(reader, options.unit)
    body["season_id"] = _season_id(reader, options.season)
    shown = _send(reader, body, dry_run=True)
    if options.marked is not None:
        options.marked.write_bytes(b64decode(shown["marked"]))
    if options.confirm:
        shown = _send(reader, {**body, "confirmed": shown["digest"]}, dry_run=False)
    _tell(shown, options)


def _body(options: Options) -> dict[str, Any]:
    try:
        content = options.file.read_bytes()
        given = json_of(options.answers.read_text(encoding="utf-8")) if options.answers else {}
    except OSError as error:
        raise ListNotSent(f"{error.filename}: không đọc được (cannot be read): {error.strerror}") from None
    except NamedTwice as error:
        named = ", ".join(error.names)
        raise ListNotSent(f"{options.answers}: ghi nhiều lần (named more than once): {named}.") from None
    except ValueError:
        raise ListNotSent(f"{options.answers}: không phải JSON (is no JSON).") from None
    if not isinstance(given, dict) or not set(given) <= set(_ANSWERS):
        raise ListNotSent(f"{options.answers}: chỉ gồm (may hold only) {', '.join(_ANSWERS)}.")
    return {
        **given,
        "file": b64encode(content).decode(),
        "leave_doubtful": options.leave_doubtful,
        "marked": options.marked is not None,
    }


def _unit_id(reader: Reader, code: str) -> str:
    for unit in reader.items("organisation", "/v1/units") or []:
        if unit["code"] == code:
            return str(unit["id"])
    raise ListNotSent(f"Không có đơn vị mã {code} (there is no such unit).")


def _season_id(reader: Reader, code: str) -> str:
    for season in (reader.get("rulebook", "/v1/seasons") or {"items": []})["items"]:
        if season["code"] == code:
            return str(season["id"])
    raise ListNotSent(f"Không có đợt xét mã {code} (there is no such season).")


def _send(reader: Reader, body: dict[str, Any], *, dry_run: bool) -> dict[str, Any]:
    answer = reader.command("intake", "/v1/imports/filings", body, dry_run=str(dry_run).lower())
    if answer is None:
        raise ListNotSent("Dịch vụ tiếp nhận chưa có việc này (intake does not offer this).")
    shown: dict[str, Any] = answer
    return shown


def _tell(shown: dict[str, Any], options: Options) -> None:
    console = Console()
    table = Table("STT", "Ô", "Tên sáng kiến", "Đơn vị", "Tác giả", "Tình trạng")
    for dossier in shown["dossiers"]:
        authors = ", ".join(
            f"{author['full_name']} ({author['code'] or '?'}) {_percent(author['percent'])}"
            for author in dossier["authors"]
        )
        texts = (str(dossier["number"]), dossier["cell"], dossier["title"], dossier["unit_name"], authors)
        table.add_row(*(escape(text) for text in texts), _STANDINGS[dossier["standing"]])
    console.print(table)
    for line in (line for dossier in shown["dossiers"] for line in _doubts(dossier)):
        console.print(line)
    for row in shown["left_out"]:
        hidden = " (đang ẩn)" if row["is_hidden"] else ""
        console.print(
            f"– bỏ qua{hidden} {escape(row['where'])} {escape(row['text'])}: {escape(row['detail'])}"
        )
    counts = ", ".join(f"{number} {_STANDINGS[each]}" for each, number in shown["counts"].items() if number)
    console.print(f"{counts or 'Không có sáng kiến nào'}.")
    if options.marked is not None:
        console.print(f"Các ô cần xem được tô màu trong (doubtful cells are marked in) {options.marked}")
    if not options.confirm:
        console.print("Chưa ghi gì. Thêm --confirm để lập bản nháp (nothing written; add --confirm).")


def _doubts(dossier: dict[str, Any]) -> Iterator[str]:
    """What is doubted about an initiative, and who or what could be meant."""
    for remark in dossier["remarks"]:
        sign = "[red]?[/red]" if remark["asks"] else "[yellow]·[/yellow]"
        yield f"{sign} {escape(remark['cell'])}: {escape(remark['detail'])}"
    for author in dossier["authors"]:
        for one in author["candidates"]:
            born = say_day(date.fromisoformat(one["date_of_birth"])) if one["date_of_birth"] else "–"
            who = f"{one['full_name']}, {one['code']}, {born}: {one['person_id']}"
            yield f"    {escape(author['cell'])} → {escape(who)}"
    for one in dossier["unit_candidates"]:
        where = f"{one['name']} ({one['parent_name'] or '–'}): {one['unit_id']}"
        yield f"    {escape(dossier['unit_cell'])} → {escape(where)}"


def _percent(percent: str | None) -> str:
    return f"{say_number(Decimal(percent).normalize()).vi} %" if percent else ""
