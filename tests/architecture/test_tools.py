"""What ruff, mypy and import-linter say of the whole code."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TOOLS = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports", "--no-cache"],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tool_finds_nothing(tool: str) -> None:
    program, *arguments = TOOLS[tool]
    beside = Path(sys.executable).parent / program
    said = subprocess.run([str(beside), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
