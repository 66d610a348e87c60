"""A workbook, or a table as text, opened within bounds: nothing of it is ever run, and a process of its own
reads it."""

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from kit.http.refusals import ServiceBusy
from sheets.apart import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Outcome
from sheets.cells import Sheet
from sheets.refusals import TextCodingUnknown, WorkbookTooLarge, WorkbookUnreadable
from sheets.values import tidy

_READER: Final = (sys.executable, "-P", "-s", "-m", "sheets.apart")
_ROOT: Final = str(Path(__file__).parent.parent)
_ENVIRONMENT: Final = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
"""What an interpreter may need to begin; nothing else of ours is the reader's business."""
_MOST_SECONDS: Final = 60
_LONGEST_NAME: Final = 60
"""Spreadsheets take no more than 31 letters."""


class ReaderFailed(RuntimeError):
    """The process that reads workbooks ended by a fault of ours: no fault of the file."""


def open_workbook(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .xlsx, .xlsm (its macros are not looked at), .xlsb, .ods or .xls, or of a .csv;
    refused when it is none or too large. Takes as long as its size: away from the event loop."""
    # A few kilobytes can ask for any memory, and the reader then ends its process: it has one of its own.
    places = os.pathsep.join((_ROOT, *filter(None, sys.path)))
    try:
        ended = subprocess.run(
            _READER,
            input=content,
            capture_output=True,
            check=False,
            timeout=_MOST_SECONDS,
            env={"PYTHONPATH": places, **_ENVIRONMENT},
        )
    except subprocess.TimeoutExpired:
        # Its own time is bounded: what is over is the patience with a machine that has none for it.
        raise ServiceBusy from None
    if ended.returncode == Outcome.READ:
        return _named(cast(tuple[Sheet, ...], pickle.loads(ended.stdout)))
    if ended.returncode == Outcome.UNREADABLE:
        raise WorkbookUnreadable
    if ended.returncode == Outcome.CODING_UNKNOWN:
        raise TextCodingUnknown
    if ended.returncode == Outcome.TOO_LARGE or ended.returncode < 0:
        raise _too_large()
    raise ReaderFailed(ended.stderr.decode(errors="replace").strip().rpartition("\n")[2])


def _named(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Sheets by names as texts are kept: what is answered about a cell comes back so."""
    named: dict[str, Sheet] = {}
    for number, sheet in enumerate(sheets, start=1):
        name = tidy(sheet.name)[:_LONGEST_NAME].strip() or f"Trang {number}"
        if name in named:
            name = f"{name} ({number})"
        named[name] = replace(sheet, name=name)
    return tuple(named.values())


def _too_large() -> WorkbookTooLarge:
    return WorkbookTooLarge(rows=MOST_ROWS, columns=MOST_COLUMNS, megabytes=MOST_BYTES // 1_048_576)
