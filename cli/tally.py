"""A pytest plugin, `-p cli.tally --tally FILE`: writes down how many tests each part ran, how long they took,
and how pytest ended."""

import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

_TESTS = "tests"


@dataclass
class Ran:
    """What a part ran: its tests, those of them that were skipped, and the seconds of all of them, one after
    the other."""

    tests: int = 0
    skipped: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Tally:
    """How a call of pytest ended, and its parts."""

    status: int
    parts: dict[str, Ran]


def read_tally(file: Path) -> Tally | None:
    """What was written, or None where pytest died before its end."""
    if not file.exists():
        return None
    written = json.loads(file.read_text(encoding="utf-8"))
    return Tally(written["status"], {part: Ran(**ran) for part, ran in written["parts"].items()})


@dataclass(eq=False)
class _Counting:
    """Hears every report; under xdist those of all workers. One like it is another: pytest keeps plugins in
    sets."""

    file: Path
    parts: dict[str, Ran] = field(default_factory=lambda: defaultdict(Ran))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Every test has a setup; what it costs is counted with it."""
        folder, part, *_ = report.nodeid.split("/")
        if folder != _TESTS:
            return
        ran = self.parts[part]
        ran.tests += report.when == "setup"
        ran.skipped += report.skipped and not hasattr(report, "wasxfail")
        ran.seconds += report.duration

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """All tests and fixtures are done; only the interpreter has to end."""
        written = {
            "status": int(session.exitstatus),
            "parts": {part: asdict(ran) for part, ran in self.parts.items()},
        }
        self.file.write_text(json.dumps(written), encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to write."""
    parser.addoption("--tally", type=Path)


def pytest_configure(config: pytest.Config) -> None:
    """Workers of xdist count nothing: the process that started them hears all."""
    file: Path | None = config.getoption("tally")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Counting(file))
