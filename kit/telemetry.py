"""Logs: one JSON line an event on standard error, also of the libraries, never with personal data."""

import logging
import socket
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Final

import httpx
import structlog
from structlog.typing import EventDict, Processor
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from kit.settings import LogLevel

_REPEATED_AFTER: Final = 60.0
"""Seconds."""
_MOST_CAUSES: Final = 10
_LOOPBACK: Final = "127.0.0.1"
_TRIES: Final = 5
_ANSWER_SECONDS: Final = 2.0


def faults_told(_logger: object, _level: str, event: EventDict) -> EventDict:
    """Of an exception its class and where it happened, with those it came from. What it says is said only
    where it is the machine's: PostgreSQL quotes rows in it, and whoever checks values quotes values."""
    told = event.pop("exc_info", None)
    error = told if isinstance(told, BaseException) else told[1] if isinstance(told, tuple) else None
    error = error or (sys.exc_info()[1] if told else None)
    parts: list[str] = []
    while error is not None and len(parts) < _MOST_CAUSES:
        said = f": {error}" if isinstance(error, OSError) else ""
        parts.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__ + said)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return {**event, "exception": "\n".join(reversed(parts))} if parts else event


def set_up_logging(service: str, level: LogLevel) -> None:
    """Send structlog and the libraries' logging to the same place in the same form; of libraries what is
    worth a warning."""
    said: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    written: list[Processor] = [
        faults_told,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *said, *written],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    of_others = logging.StreamHandler(sys.stderr)
    of_others.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_logger_name,
                *said,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[of_others], force=True)
    structlog.contextvars.bind_contextvars(service=service)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Engine:
    runtime: Runtime
    port: int


@cache
def _engine() -> _Engine:
    """Temporal's engine, whose lines come as all others do. What it measures it serves by itself on a port of
    the loopback, from where it is passed on (`sdk_exposition`): one address a process is scraped."""
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    lines = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding
    )
    for _ in range(_TRIES - 1):
        with suppress(ValueError):  # somebody took the port since it was seen free
            return _started(lines)
    return _started(lines)


def _started(lines: LoggingConfig) -> _Engine:
    with socket.socket() as seen:
        seen.bind((_LOOPBACK, 0))
        port = seen.getsockname()[1]
    served = PrometheusConfig(
        bind_address=f"{_LOOPBACK}:{port}",
        counters_total_suffix=True,
        unit_suffix=True,
        durations_as_seconds=True,
    )
    return _Engine(runtime=Runtime(telemetry=TelemetryConfig(logging=lines, metrics=served)), port=port)


def sdk_runtime() -> Runtime:
    """Temporal's engine in this process: one for all clients."""
    return _engine().runtime


async def sdk_exposition() -> str:
    """What it measures, in Prometheus's text format; nothing where it was never needed."""
    if not _engine.cache_info().currsize:
        return ""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=_ANSWER_SECONDS) as http:
            return (await http.get(f"http://{_LOOPBACK}:{_engine().port}/metrics")).text
    except httpx.HTTPError:
        return ""


class Repeated:
    """Whether something that goes on is worth a line: at first, and then once a minute."""

    def __init__(self) -> None:
        self._said_at: float | None = None

    def is_due(self) -> bool:
        """True for whoever says it now."""
        now = time.monotonic()
        if self._said_at is not None and now - self._said_at < _REPEATED_AFTER:
            return False
        self._said_at = now
        return True
