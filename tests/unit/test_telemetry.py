"""Every line of a process is one JSON object on standard error, whoever says it."""

import errno
import json
import subprocess
import sys

import asyncpg

from kit.telemetry import Repeated, faults_told

PROGRAM = """
import logging, structlog
from kit.telemetry import set_up_logging
set_up_logging("intake", "INFO")
structlog.get_logger().info("ours", dossier="x")
structlog.get_logger().debug("not said")
logging.getLogger("uvicorn.error").warning("theirs: %s", "đọc")
logging.getLogger("uvicorn.error").info("not said either")
try:
    raise ValueError("broken")
except ValueError:
    logging.getLogger("asyncpg").exception("in two\\nlines")
"""


def test_lines_of_libraries_are_as_ours() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["ours", "theirs: đọc", "in two\nlines"]
    assert [line["level"] for line in lines] == ["info", "warning", "error"]
    assert {line["service"] for line in lines} == {"intake"}
    assert lines[1]["logger"] == "uvicorn.error"
    assert lines[2]["exception"].endswith("ValueError")
    assert 'File "<string>"' in lines[2]["exception"]
    assert all(line["timestamp"].endswith("Z") for line in lines)


def _raised(error: Exception, cause: Exception | None) -> None:
    raise error from cause


def _exception(error: Exception, cause: Exception | None = None) -> str:
    try:
        _raised(error, cause)
    except Exception as raised:
        return str(faults_told(None, "error", {"event": "x", "exc_info": raised})["exception"])
    return ""


def test_of_a_fault_is_told_what_it_is_and_where_but_no_row_that_it_quotes() -> None:
    quoting = asyncpg.NotNullViolationError("DETAIL: Failing row contains (1, Nguyễn Thị Bông, 1990-02-03)")
    told = _exception(RuntimeError("Nguyễn Thị Bông"), quoting)
    assert "Bông" not in told
    assert told.index("NotNullViolationError") < told.index("RuntimeError")
    assert "_raised" in told


def test_what_the_machine_says_is_told() -> None:
    assert "No space left on device" in _exception(OSError(errno.ENOSPC, "No space left on device"))


def test_what_goes_on_is_said_once_and_then_once_a_minute() -> None:
    told = Repeated()
    assert [told.is_due() for _ in range(3)] == [True, False, False]
