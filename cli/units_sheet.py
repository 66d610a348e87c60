"""The file of a sheet of units, old → new, and what of it cannot be read, said on the screen."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from embedded.errors import CommandFailed
from language.refusals import Refusal
from sheets import succession
from sheets.separated import TextUnreadable, rows_of, text_of
from sheets.succession import SheetRow, known_units, read_steps, steps_in
from sheets.values import tidy

__all__ = ["SheetUnreadable", "known_units", "read_sheet", "steps_of"]


class SheetUnreadable(CommandFailed):
    """The file is no sheet of units, old and new."""

    exit_code = 28


def read_sheet(path: Path) -> list[SheetRow]:
    """The rows below the header; titles above it, and blank rows, are passed over."""
    try:
        if path.suffix.lower() == ".csv":
            return steps_in([[tidy(cell) for cell in row] for row in rows_of(text_of(path.read_bytes()))])
        return read_steps(path.read_bytes())
    except (OSError, TextUnreadable) as error:
        raise SheetUnreadable(f"Không đọc được {path.name} (cannot be read): {error}") from None
    except Refusal as refusal:
        raise SheetUnreadable(f"{path.name}: {refusal.detail_vi} ({refusal.detail_en})") from None


def steps_of(rows: Sequence[SheetRow], ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The steps as the API takes them; `ids` as of `known_units`."""
    try:
        return succession.steps_of(rows, ids)
    except Refusal as refusal:
        raise SheetUnreadable(f"{refusal.detail_vi} ({refusal.detail_en})") from None
