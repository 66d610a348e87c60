"""`sangkien test mutation`: the rules of money, marks and clocks are changed in one place after the other,
and for each change some test must fail. Which modules, and which tests: `[tool.mutmut]` in pyproject.toml."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

import typer

from embedded.errors import CommandFailed

ROOT: Final = Path(__file__).resolve().parents[1]
WANTED: Final = 0.95
"""This share of the changes must be found by a test; each of the others is explained."""
EXPLAINED: Final = ROOT / "tests" / "mutation.toml"
_KILLED: Final = frozenset({1, 3})
_TOO_SLOW: Final = frozenset({24, -24, 36, 152, 255})
"""A change by which something never ends is found too."""


@dataclass(frozen=True, kw_only=True)
class Survivor:
    """A change that no test has found: where it is, as the tool names it, and why that is no gap, if somebody
    has said so."""

    name: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What became of the changes to one module."""

    module: str
    killed: int
    survivors: Sequence[Survivor]
    unchecked: int


def run_mutation(patterns: Sequence[str]) -> None:
    """All changes, or those whose names fit; what was tried before and has not changed is not tried again.
    Fails where too few are found, unless each that is not found is explained."""
    workers = str(len(os.sched_getaffinity(0)))
    command = [sys.executable, "-P", "-m", "mutmut", "run", "--max-children", workers, *patterns]
    code = subprocess.call(command, cwd=ROOT)
    if code:
        raise CommandFailed(f"mutmut dừng với mã {code} (mutmut ended with this code).")
    tried = read_tried(ROOT / "mutants", read_reasons(EXPLAINED))
    print(table(tried))
    raise typer.Exit(0 if is_enough(tried) else 1)


def read_reasons(file: Path) -> Mapping[str, str]:
    """Why changes that no test finds are no gap: a pattern of their names → the reason."""
    return {str(name): str(reason) for name, reason in tomllib.loads(file.read_text("utf-8")).items()}


def read_tried(folder: Path, reasons: Mapping[str, str]) -> list[Tried]:
    """What the tool has written down beside each module."""
    found = sorted(folder.rglob("*.py.meta"))
    return [_tried(str(file.relative_to(folder))[: -len(".meta")], file, reasons) for file in found]


def _tried(module: str, file: Path, reasons: Mapping[str, str]) -> Tried:
    codes: Mapping[str, int | None] = json.loads(file.read_text("utf-8"))["exit_code_by_key"]
    lost = [name for name, code in codes.items() if code is not None and not _is_found(code)]
    return Tried(
        module=module,
        killed=sum(code is not None and _is_found(code) for code in codes.values()),
        survivors=[Survivor(name=name, reason=_reason(name, reasons)) for name in lost],
        unchecked=sum(code is None for code in codes.values()),
    )


def _is_found(code: int) -> bool:
    return code in _KILLED or code in _TOO_SLOW


def _reason(name: str, reasons: Mapping[str, str]) -> str | None:
    return next((reason for pattern, reason in reasons.items() if fnmatch(name, pattern)), None)


def is_enough(tried: Sequence[Tried]) -> bool:
    """Enough was found, and the rest is explained."""
    killed = sum(one.killed for one in tried)
    survivors = [survivor for one in tried for survivor in one.survivors]
    share = killed / (killed + len(survivors)) if killed or survivors else 0.0
    return share >= WANTED or (bool(killed) and all(survivor.reason for survivor in survivors))


def table(tried: Sequence[Tried]) -> str:
    """A line a module, and a line for each change that was not found and is not explained."""
    lines = [f"\n{'module':<44}{'changes':>9}{'found':>7}{'share':>8}{'explained':>11}{'not tried':>11}"]
    lines += [_line(one.module, [one]) for one in tried]
    lines.append(_line("together", tried))
    return "\n".join([*lines, *_unexplained(tried)])


def _line(name: str, tried: Sequence[Tried]) -> str:
    killed = sum(one.killed for one in tried)
    survivors = [survivor for one in tried for survivor in one.survivors]
    every = killed + len(survivors)
    share = killed / every if every else 1.0
    explained = sum(survivor.reason is not None for survivor in survivors)
    unchecked = sum(one.unchecked for one in tried)
    return f"{name:<44}{every:>9}{killed:>7}{share:>8.3f}{explained:>11}{unchecked:>11}"


def _unexplained(tried: Sequence[Tried]) -> Iterator[str]:
    for one in tried:
        for survivor in one.survivors:
            if survivor.reason is None:
                yield f"  not found by any test: {survivor.name}   (mutmut show shows it)"
