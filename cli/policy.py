"""`sangkien policy`: check a pack, print the schema."""

import json
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.directory.policy_packs import PackInvalid, json_schema, read_pack

_console = Console()


def check(file: Path) -> None:
    """Say that the pack is good, or line, path and reason of every fault; exit code 1 then, 2 when the file cannot be read."""
    try:
        pack = read_pack(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        _console.print(f"[red]✗[/] {file}: không đọc được tệp (cannot be read): {error}")
        raise typer.Exit(2) from None
    except PackInvalid as invalid:
        table = Table("Dòng (line)", "Mục (path)", "Lý do (reason)", title=f"{file}: chưa đạt (not valid)")
        for fault in invalid.faults:
            table.add_row(str(fault.line), fault.path, escape(fault.reason))
        _console.print(table)
        raise typer.Exit(1) from None
    levels = " → ".join(level.level for level in pack.levels)
    _console.print(f"[green]✓[/] {pack.name}@{pack.version}: {levels}, {pack.effective_from} – {pack.effective_to or '…'}")


def print_schema() -> None:
    """The schema as JSON."""
    print(json.dumps(json_schema(), ensure_ascii=False, indent=1))
