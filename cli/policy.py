"""`sangkien policy`: check a pack, explain it, tell two apart, print the schema."""

import json
import re
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.reader import Reader
from embedded.errors import CommandFailed
from language.words.values import say_day
from packs.explanation import difference, explain
from packs.freezing import PackInvalid, PolicyPack, json_schema, read_pack

_console = Console()
_PUBLISHED = re.compile(r"([a-z0-9][a-z0-9-]{1,62})@([0-9]{1,9})")


class PackUnknown(CommandFailed):
    """The running instance has published no such version."""

    exit_code = 23


def _read(file: Path) -> PolicyPack:
    """The pack in the file; else the table of its faults and exit code 1, or 2 when it cannot be read."""
    try:
        return read_pack(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        _console.print(
            f"[red]✗[/] {escape(str(file))}: không đọc được tệp (cannot be read): {escape(str(error))}",
            soft_wrap=True,
        )
        raise typer.Exit(2) from None
    except PackInvalid as invalid:
        table = Table(
            "Dòng (line)", "Mục (path)", "Lý do (reason)", title=escape(f"{file}: chưa đạt (not valid)")
        )
        for fault in invalid.faults:
            table.add_row(str(fault.line), escape(fault.path), escape(fault.reason))
        _console.print(table)
        raise typer.Exit(1) from None


def find_pack(pack: str) -> PolicyPack:
    """A file, or name@version as the running instance has published it."""
    published = _PUBLISHED.fullmatch(pack)
    if published is None or Path(pack).exists():
        return _read(Path(pack))
    name, version = published.groups()
    content = Reader().get("rulebook", f"/v1/policy-packs/{name}/{version}")
    if content is None:
        raise PackUnknown(f"Chưa công bố bộ quy định {pack} (not published on the running instance).")
    return PolicyPack.model_validate(content)


def check(file: Path) -> None:
    """Say that the pack is good, or line, path and reason of every fault; exit code 1 then, 2 when the file
    cannot be read."""
    pack = _read(file)
    levels = " → ".join(level.title_vi for level in pack.levels)
    until = f"đến {say_day(pack.effective_to)}" if pack.effective_to else "không thời hạn"
    _console.print(f"[green]✓[/] {pack.rule_version}: {levels}; từ {say_day(pack.effective_from)}, {until}")


def explain_pack(pack: str, *, english: bool) -> None:
    """Every rule as a sentence with its basis."""
    for line in explain(find_pack(pack)):
        print(line.sentence.en if english else line.sentence.vi)


def tell_difference(old: str, new: str, *, english: bool) -> None:
    """What changes from one pack to the other, a sentence each."""
    changes = difference(find_pack(old), find_pack(new))
    for change in changes:
        print(change.sentence.en if english else change.sentence.vi)
    if not changes:
        print("Both say the same." if english else "Hai bộ quy định nói như nhau.")


def print_schema() -> None:
    """The schema as JSON."""
    print(json.dumps(json_schema(), ensure_ascii=False, indent=1))
