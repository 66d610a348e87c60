"""`sangkien test` and `sangkien lock`."""

import os
import subprocess
import sys
from pathlib import Path

import typer

from embedded.errors import CommandFailed

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("architecture", "unit", "store", "api", "workflows", "replay", "e2e", "durability")


def run_tests(part: str, arguments: list[str]) -> None:
    """All parts in order of cost, or one; pytest's exit code is ours. A part without tests is a failure, not
    a success."""
    if part and part not in PARTS and not part.startswith("-"):
        raise CommandFailed(f"There is no part {part!r}; the parts are: {', '.join(PARTS)}")
    chosen = [part] if part in PARTS else list(PARTS)
    bare = [name for name in chosen if not any((ROOT / "tests" / name).rglob("test_*.py"))]
    if bare:
        raise CommandFailed(f"These parts hold no tests: {', '.join(bare)}")
    extra = ([part] if part.startswith("-") else []) + arguments
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *(f"tests/{name}" for name in chosen),
        *extra,
    ]
    raise typer.Exit(subprocess.call(command, cwd=ROOT))


def lock_requirements() -> None:
    """Resolve for every Python from 3.11 on; the file names hashes and no host."""
    uv = Path(sys.executable).parent / "uv"
    options = ["--universal", "--generate-hashes", "--no-header", "--python-version", "3.11", "--upgrade"]
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    command = [str(uv), "pip", "compile", *options, "-q", "-o", "requirements.lock", "requirements.in"]
    raise typer.Exit(subprocess.call(command, cwd=ROOT, env=environment))
