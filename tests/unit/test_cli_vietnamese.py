"""What the command line says to people is Vietnamese first, wherever it is written: refusals, what `doctor`
found, what the launcher tells, what is printed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded import errors
from language.text import MARKED

ROOT = Path(__file__).parents[2]
ROOMS = ("cli", "embedded", "processes", "rehearsal")
SAID = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
"""Words of a sentence; names, addresses and commands have none."""
FOR_READERS_OF_ENGLISH = {"Both say the same."}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text())


def _failures() -> set[str]:
    found = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and kind.__module__ == errors.__name__
    }
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for _, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    while more := {name for name, over in bases.items() if over & found} - found:
        found |= more
    return found


def _text(node: ast.expr) -> str:
    """What a sentence says itself, its facts left out."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _said(tree: ast.Module, failures: set[str]) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in failures | {"print", "say"} and not any(one.arg == "file" for one in node.keywords):
            yield from node.args
        if name == "Finding":
            yield from (one.value for one in node.keywords if one.arg in {"detail", "title"})


@pytest.mark.parametrize(
    ("place", "tree"), list(_trees()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_nobody_is_told_anything_in_english_alone(place: str, tree: ast.Module) -> None:
    failures = _failures()
    for node in _said(tree, failures):
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
        for text in map(_text, parts):
            if SAID.search(re.sub(r"\[/?[a-z ]*\]", "", text)) and text not in FOR_READERS_OF_ENGLISH:
                assert any(letter in MARKED for letter in text), f"{place}:{node.lineno}: {text}"


def test_the_script_that_starts_it_speaks_vietnamese_too() -> None:
    told = re.findall(r'(?:fail|echo) "([^"]*)"', (ROOT / "sangkien").read_text())
    assert len(told) > 5
    for text in told:
        assert any(letter in MARKED for letter in text), text
