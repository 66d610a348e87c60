"""Who is told as an author is asked in one place (`language/authors.py`), for some authors have no inbox."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import ROOT, files, parsed

_TELLING = {"notify", "notify_of"}
_EVERYBODY = {"author_ids", "payee_id", "payees_of", "excluded", "left_out", "interested_ids"}
"""What names all authors or payees of a thing, also those who cannot be told."""


def _told(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TELLING:
            named = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
            named |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            yield node.lineno, named


def test_nobody_tells_all_authors() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in files("casework", "services")
        for line, named in _told(parsed(file))
        if named & _EVERYBODY
    ]
    assert found == []
