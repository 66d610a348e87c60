"""The source files of the project, parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = (
    "language",
    "kit",
    "casework",
    "packs",
    "sheets",
    "workflows",
    "services",
    "processes",
    "cli",
    "embedded",
    "rehearsal",
    "bench",
)
TESTS = "tests"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(*folders: str) -> tuple[Path, ...]:
    """Every Python file below these folders."""
    return tuple(sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py")))


@cache
def parsed(file: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def place(file: Path, node: ast.AST) -> str:
    """Where a finding is, as editors understand it."""
    return f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def below(file: Path, *folders: str) -> bool:
    """The file lies in or under one of these folders, or is one of them."""
    relative = file.relative_to(ROOT)
    return any(relative.is_relative_to(folder) for folder in folders)


def imported(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Each import with the full name of its module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node, node.module or ""
        elif isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)


def texts(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Each string that is not documentation."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | Function)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node, node.value
