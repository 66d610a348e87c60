"""Logs: one JSON line an event on standard error, also of the libraries, never with personal data."""

import logging
import sys
import time
from functools import cache
from typing import Final

import structlog
from structlog.typing import Processor
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from kit.settings import LogLevel

_REPEATED_AFTER: Final = 60.0
"""Seconds."""


def set_up_logging(service: str, level: LogLevel) -> None:
    """Send structlog and the libraries' logging to the same place in the same form; of libraries what is
    worth a warning."""
    said: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    written: list[Processor] = [
        structlog.processors.format_exc_info,
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


@cache
def sdk_runtime() -> Runtime:
    """Temporal's engine in this process, whose lines come as all others do."""
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    lines = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding
    )
    return Runtime(telemetry=TelemetryConfig(logging=lines))


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
