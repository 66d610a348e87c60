"""Every message of the pages, where it stands in templates and in code. `python -m tests.portal_messages`
writes those that have no Vietnamese yet."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2.ext import babel_extract

from language.telling import Language
from services.portal.showing.languages import catalogues

PORTAL = Path(__file__).resolve().parents[1] / "services" / "portal"
_CALLS = frozenset({"say", "N_"})


_OPTIONS = {"encoding": "utf-8", "trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do"}
_KEYWORDS = ("_", "gettext", "ngettext")


def messages() -> Iterator[tuple[str, str]]:
    """Each message, and the file that it stands in."""
    for file in sorted((PORTAL / "templates").rglob("*.html")):
        yield from ((one, file.name) for one in _of_template(file))
    for file in sorted(PORTAL.rglob("*.py")):
        yield from ((one, file.name) for one in _of_code(file))


def _of_template(file: Path) -> Iterator[str]:
    with file.open("rb") as opened:
        for _, _, found, _ in babel_extract(opened, _KEYWORDS, [], _OPTIONS):
            yield from (one for one in (found if isinstance(found, tuple) else (found,)) if one)


def _of_code(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) in _CALLS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def vietnamese() -> dict[str, str]:
    """What the catalogues say."""
    return {
        str(one.id): str(one.string) for catalogue in catalogues(Language.VI) for one in catalogue if one.id
    }


def main() -> None:
    """A line for each message that has no Vietnamese."""
    known, told = vietnamese(), set()
    for message, file in messages():
        if not known.get(message) and message not in told:
            told.add(message)
            sys.stdout.write(f"{file}\t{message}\n")


if __name__ == "__main__":
    main()
