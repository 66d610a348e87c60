"""`sangkien personal-data`: what every service holds of a person, in one file."""

import json
import os
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from cli.persons import person_id_of
from cli.reader import Reader
from embedded.errors import CommandFailed
from kit.clock import Clock
from language.names import SERVICES
from language.personal_data import PATH, whole_file

_console = Console(soft_wrap=True, highlight=False)


class NotWritten(CommandFailed):
    """The file is there already, or cannot be written."""

    exit_code = 45


class DataNotToBeRead(CommandFailed):
    """Nobody has this id, or the account may not read what is kept about the person: one answer."""

    exit_code = 46


def write_personal_data(person: str, to: Path, reason: str, account: str) -> None:
    """Ask every service, write the file, and tell how much is in it. All services or no file."""
    target = to.expanduser().resolve()
    if target.exists():
        raise NotWritten(f"{target} đã có: hãy chọn tên khác (the file is there; choose another name).")
    reader = Reader(account)
    person_id = (
        str(person_id_of(person)) if person else str(reader.get("organisation", "/v1/me")["person_id"])
    )
    asked = {"reason": reason} if reason.strip() else {}
    parts = {service.value: _part(reader, service.value, person_id, asked) for service in SERVICES}
    _write(target, whole_file(person_id, Clock().real_now(), parts))
    for service, part in parts.items():
        rows = sum(len(found) for found in part["held"].values())
        _console.print(f"{service}: {rows} dòng (rows)")
    _console.print(
        f"[green]✓[/] {escape(str(target))}: chỉ chủ tệp đọc được; hãy trao tận tay người có dữ liệu "
        "(readable by you only; hand it to the person alone)."
    )


def _part(reader: Reader, service: str, person_id: str, asked: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] | None = reader.get(service, PATH.format(person_id=person_id), **asked)
    if found is None:
        raise DataNotToBeRead(
            f"{reader.who} không được đọc dữ liệu của người này, hoặc không có ai mang id này "
            "(not to be read, or nobody has this id)."
        )
    return found


def _write(target: Path, file: dict[str, Any]) -> None:
    """Whole or not at all, and for nobody else's eyes."""
    part = target.with_name(f".{target.name}.part")
    try:
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as written:
            json.dump(file, written, ensure_ascii=False, indent=1)
            written.write("\n")
        os.link(part, target)
    except OSError as error:
        raise NotWritten(f"{target}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
