"""How the suite is run: which parts side by side, what a failure is, and what is told at the end."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cli.tally import Ran, Tally, read_tally
from cli.testing import (
    BEFORE_A_COMMIT,
    GOALS,
    PARTS,
    ROOT,
    Call,
    _meanwhile,
    _run,
    choose,
    exit_code,
    plan,
    stops_early,
    table,
    verdict,
)
from embedded.errors import CommandFailed
from tests.conftest import LONGEST_FIRST

TESTS = """
import pytest

def test_good(): pass
def test_skipped(): pytest.skip("not here")
def test_bad(): assert {bad} == 0
"""


def test_every_folder_of_tests_is_a_part() -> None:
    folders = {file.parent.name for file in (ROOT / "tests").glob("*/test_*.py")}
    assert folders == set(PARTS)


def test_what_comes_first_because_it_is_long_is_there() -> None:
    assert [name for name in LONGEST_FIRST if not (ROOT / "tests" / name).exists()] == []


def test_the_budgets_that_are_written_down_are_those_that_hold() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (\d+) \|$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {name: int(budget) for name, budget in rows} == {name: part.budget for name, part in PARTS.items()}


def test_the_budgets_fit_into_what_all_may_take_on_two_cores() -> None:
    for names, goal in GOALS.items():
        calls = plan([name for name in PARTS if name in names], [], 2)
        took = [sum(PARTS[name].budget for name in call.parts) / max(call.workers, 1) for call in calls]
        assert sum(took) <= goal
        for call, seconds in zip(calls, took, strict=True):
            meanwhile = call.meanwhile.parts if call.meanwhile else ()
            assert sum(PARTS[name].budget for name in meanwhile) <= seconds


@pytest.mark.parametrize(
    ("words", "chosen", "extra"),
    [
        ([], list(PARTS), []),
        (["unit"], ["unit"], []),
        (["api", "-k", "unit", "-x"], ["api"], ["-k", "unit", "-x"]),
        (["replay", "unit", "architecture"], ["architecture", "unit", "replay"], []),
        (["-x"], list(PARTS), ["-x"]),
    ],
)
def test_parts_come_first_and_the_rest_is_for_pytest(
    words: list[str], chosen: list[str], extra: list[str]
) -> None:
    assert choose(words) == (chosen, extra)


def test_a_part_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(CommandFailed, match="Không có phần units; các phần là: architecture, unit"):
        choose(["units"])


def test_what_needs_a_system_of_its_own_runs_by_file_and_what_kills_runs_alone_and_last() -> None:
    beside, *rest = plan(list(PARTS), [], 2)
    assert rest == [
        Call(("pages",), 2, by_file=True),
        Call(("e2e", "upgrade"), 3, by_file=True),
        Call(("durability", "cluster", "containers"), 0, meanwhile=Call(("architecture", "unit"), workers=2)),
    ]
    assert beside.workers == 3
    told = {"architecture", "unit", "pages", "e2e", "durability", "cluster", "upgrade", "containers"}
    assert {*beside.parts, *told} == set(PARTS)


@pytest.mark.parametrize(
    ("chosen", "extra", "cores", "workers"),
    [
        (["api"], [], 2, 3),
        (["api"], ["-k", "decision"], 2, 0),
        (["architecture", "unit", "replay"], ["-x"], 2, 2),
        (["api", "unit"], ["--pdb"], 2, 0),
        (["replay"], [], 2, 0),
        (["durability"], [], 2, 0),
        (["api"], [], 1, 0),
        (["api"], [], 64, 8),
        (["unit", "replay"], [], 2, 2),
    ],
)
def test_workers_are_started_where_they_pay(
    chosen: list[str], extra: list[str], cores: int, workers: int
) -> None:
    [call] = plan(chosen, extra, cores)
    assert call == Call(tuple(chosen), workers)


def test_nothing_runs_behind_a_debugger() -> None:
    beside, alone = plan(["unit", "cluster"], ["--pdb"], 2)
    assert (beside.parts, alone.parts) == (("unit",), ("cluster",))
    assert beside.meanwhile is alone.meanwhile is None


def test_the_first_failure_ends_it_only_if_that_is_wanted() -> None:
    assert not stops_early(["-k", "x"])
    assert all(stops_early([word]) for word in ("-x", "--exitfirst", "--maxfail=3"))


@pytest.mark.parametrize(
    ("code", "told", "expected"),
    [
        (0, Tally(0, {}), 0),
        (1, Tally(1, {}), 1),
        (1, Tally(0, {}), 1),
        (-signal.SIGABRT, Tally(0, {}), 0),
        (-signal.SIGABRT, Tally(1, {}), 1),
        (-signal.SIGABRT, None, 134),
        (-signal.SIGKILL, Tally(0, {}), 137),
        (-signal.SIGSEGV, None, 139),
    ],
)
def test_only_an_abort_after_pytests_end_is_forgiven_and_no_failure_ever(
    code: int, told: Tally | None, expected: int
) -> None:
    assert exit_code(code, told) == expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([0, 0], 0),
        ([1, 0], 1),
        ([0, 1], 1),
        ([0, 5], 0),
        ([5, 0], 0),
        ([5, 5], 5),
        ([5, 1], 1),
        ([134, 0], 134),
    ],
)
def test_one_failure_fails_the_whole(codes: list[int], expected: int) -> None:
    assert verdict(codes) == expected


def test_the_table_says_what_each_part_took_and_what_is_over_its_budget() -> None:
    ran = {
        "architecture": Ran(tests=3, skipped=1, seconds=12.4),
        "unit": Ran(tests=600, seconds=PARTS["unit"].budget + 1.0),
    }
    told = table(["architecture", "unit", "replay"], ran, 80.0).splitlines()
    assert told[2].split() == ["architecture", "3", "1", "12", str(PARTS["architecture"].budget)]
    assert told[3].endswith("  over the budget")
    assert told[4].split() == ["replay", "0", "0", "0", str(PARTS["replay"].budget)]
    assert told[5].split() == ["on", "the", "clock", "603", "1", "80", str(GOALS[BEFORE_A_COMMIT])]
    meanwhile = table(["unit", "cluster"], ran, 1.0).splitlines()
    assert meanwhile[2].split() == ["unit", "600", "0", str(PARTS["unit"].budget + 1)]
    assert table(["unit"], ran, 1.0).splitlines()[-1].split() == ["on", "the", "clock", "600", "0", "1"]


@pytest.mark.parametrize(
    ("workers", "bad"),
    [([], 0), (["-p", "xdist", "-n", "2"], 0), (["-p", "xdist", "-n", "2"], 1)],
    ids=["one process", "workers", "a failure"],
)
def test_tests_are_counted_once_with_and_without_workers(
    tmp_path: Path, workers: list[str], bad: int
) -> None:
    (tmp_path / "tests" / "unit").mkdir(parents=True)
    (tmp_path / "tests" / "unit" / "test_some.py").write_text(TESTS.format(bad=bad), encoding="utf-8")
    # A part with fixtures of its own: for the tests of the others pytest then leaves some plugins out.
    (tmp_path / "tests" / "pages").mkdir()
    (tmp_path / "tests" / "pages" / "conftest.py").touch()
    (tmp_path / "tests" / "pages" / "test_one.py").write_text("def test_one(): pass\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.pytest]\n", encoding="utf-8")
    tally = tmp_path / "tally.json"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "cli.tally",
        f"--tally={tally}",
        *workers,
        "tests",
    ]
    bare = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # most plugins are slow to load
    ended = subprocess.run(
        command, cwd=tmp_path, env=bare, check=False, capture_output=True, text=True, timeout=120
    )
    told = read_tally(tally)
    assert told, ended.stdout + ended.stderr
    assert (ended.returncode, told.status, told.parts["unit"].tests) == (bad, bad, 3)
    assert told.parts["unit"].skipped == 1
    assert told.parts["unit"].seconds >= 0


@dataclass(frozen=True)
class Little(Call):
    """A call that is no pytest."""

    does: str = ""

    def command(self, tally: Path, extra: Sequence[str]) -> list[str]:
        told = json.dumps({"status": 0, "parts": {}})
        written = f"import pathlib; pathlib.Path({str(tally)!r}).write_text({told!r})"
        return [sys.executable, "-c", f"{self.does}; {written}"]


def test_what_runs_meanwhile_has_the_least_right_to_the_machine_and_is_told_last(
    capfd: pytest.CaptureFixture[str],
) -> None:
    meanwhile = Little((), 0, does="import os; print('meanwhile', os.nice(0))")
    does = "import time, os; time.sleep(1); print('main', os.nice(0))"
    main = Little((), 0, does=does, meanwhile=meanwhile)
    assert _run(main, []) == [(0, Tally(0, {})), (0, Tally(0, {}))]
    assert capfd.readouterr().out == f"main {os.nice(0)}\nmeanwhile 19\n"
    failing = replace(main, does="pass", meanwhile=replace(meanwhile, does="raise SystemExit(1)"))
    assert _run(failing, []) == [(0, Tally(0, {})), (1, None)]


def test_what_runs_meanwhile_ends_with_whoever_breaks_off(tmp_path: Path) -> None:
    began = tmp_path / "began"
    waits = f"import pathlib, time; pathlib.Path({str(began)!r}).touch(); time.sleep(60)"

    def break_off() -> None:
        with _meanwhile(Little((), 0, does=waits), tmp_path, []) as others:
            assert others is not None
            while not began.exists():
                time.sleep(0.05)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert subprocess.run(["pgrep", "-f", str(began)], check=False, capture_output=True).stdout == b""


def test_a_pytest_that_died_told_nothing(tmp_path: Path) -> None:
    assert read_tally(tmp_path / "tally.json") is None
