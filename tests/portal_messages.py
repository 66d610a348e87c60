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
_CALLS = {"say": 0, "N_": 0}


def messages() -> Iterator[tuple[str, str]]:
    """Each message, and the file that it stands in."""
    for file in sorted((PORTAL / "templates").rglob("*.html")):
        with file.open("rb") as opened:
            options = {"encoding": "utf-8", "trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do"}
            for _, _, found, _ in babel_extract(opened, ("_", "gettext", "ngettext"), [], options):
                for one in found if isinstance(found, tuple) else (found,):
                    if one:
                        yield one, file.name
    for file in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in _CALLS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, file.name


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def vietnamese() -> dict[str, str]:
    """What the catalogues say."""
    return {
        str(one.id): str(one.string)
        for catalogue in catalogues(Language.VI)
        for one in catalogue
        if one.id
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
