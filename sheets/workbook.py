"""A workbook opened within bounds: nothing of it is ever run, and a process of its own reads it."""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Final, cast

from sheets.apart import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Outcome
from sheets.cells import Sheet
from sheets.refusals import WorkbookTooLarge, WorkbookUnreadable

_READER: Final = (sys.executable, "-P", "-s", "-m", "sheets.apart")
_ROOT: Final = str(Path(__file__).parent.parent)
_MOST_SECONDS: Final = 60


class ReaderFailed(RuntimeError):
    """The process that reads workbooks ended by a fault of ours: no fault of the file."""


def open_workbook(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .xlsx, .xlsm (its macros are not looked at), .xlsb, .ods or .xls; refused when it is
    none or too large. Takes as long as its size: away from the event loop."""
    # A few kilobytes can ask for any memory, and the reader then ends its process: it has one of its own.
    places = os.pathsep.join((_ROOT, *filter(None, sys.path)))
    try:
        ended = subprocess.run(
            _READER,
            input=content,
            capture_output=True,
            check=False,
            timeout=_MOST_SECONDS,
            env={"PYTHONPATH": places},
        )
    except subprocess.TimeoutExpired:
        raise _too_large() from None
    if ended.returncode == Outcome.READ:
        return cast(tuple[Sheet, ...], pickle.loads(ended.stdout))
    if ended.returncode == Outcome.UNREADABLE:
        raise WorkbookUnreadable
    if ended.returncode == Outcome.TOO_LARGE or ended.returncode < 0:
        raise _too_large()
    raise ReaderFailed(ended.stderr.decode(errors="replace").strip().rpartition("\n")[2])


def _too_large() -> WorkbookTooLarge:
    return WorkbookTooLarge(rows=MOST_ROWS, columns=MOST_COLUMNS, megabytes=MOST_BYTES // 1_048_576)
