"""Every line of a process is one JSON object on standard error, whoever says it."""

import json
import subprocess
import sys

from kit.telemetry import Repeated

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
    assert "ValueError: broken" in lines[2]["exception"]
    assert all(line["timestamp"].endswith("Z") for line in lines)


def test_what_goes_on_is_said_once_and_then_once_a_minute() -> None:
    told = Repeated()
    assert [told.is_due() for _ in range(3)] == [True, False, False]
