"""What the documents say of the tree: links, paths in backticks, and the table of questions."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from language.names import SERVICES, TaskQueue
from tests.architecture.sources import CODE, ROOT, TESTS, Function, files, parsed

SPEAKS_OF_BEFORE = ("CHANGELOG.md",)
"""It tells what was."""
ENDINGS = (".py", ".sql", ".md", ".sh", ".yaml", ".toml")
TITLE = "Where is what"

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_QUOTED = re.compile(r"`([^`]+)`")
_PLACE = re.compile(r"(?P<path>[\w./-]+)(?:: ?(?P<name>\w+)(?:\(.*\))?)?")
_ROW = re.compile(r"\| (?P<question>[^|]+\?) \| `(?P<place>[^`|]+)` \|")
_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_VIEWS_ROW = re.compile(r"\| (?P<views>`\w+\.\w+_v\d+`.*?) \| [^|]+ \| (?P<readers>[^|]+) \|")
_MODULE = re.compile(r"(?:python -m )?(?P<module>\w+(?:\.\w+)+)(?: .*)?")
_DOTTED = re.compile(r"(?P<service>[a-z]+)\.(?P<name>[a-z_]\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file or folder by its path in the project, and perhaps something that it defines."""

    path: str
    name: str | None = None


@cache
def all_documents() -> tuple[Path, ...]:
    """Every document."""
    return tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("[a-z]*/README.md")]))


@cache
def documents() -> tuple[Path, ...]:
    """Every document that speaks of the tree as it is."""
    return tuple(file for file in all_documents() if str(file.relative_to(ROOT)) not in SPEAKS_OF_BEFORE)


@cache
def paths() -> frozenset[str]:
    """Every file and folder of the project."""
    tops = [top for top in ROOT.iterdir() if not top.name.startswith(".")]
    found = [*tops, *(below for top in tops if top.is_dir() for below in top.rglob("*"))]
    return frozenset(str(path.relative_to(ROOT)) for path in found if "__pycache__" not in path.parts)


def prose(document: Path) -> str:
    """The text without what is to be typed or drawn."""
    return _BLOCK.sub("", document.read_text(encoding="utf-8"))


def links(document: Path) -> Iterator[str]:
    """Each link to something in the project, without the place in the page."""
    for target in _LINK.findall(prose(document)):
        if "://" not in target and not target.startswith("#"):
            yield target.partition("#")[0]


def quoted(document: Path) -> Iterator[str]:
    """Everything in backticks."""
    yield from _QUOTED.findall(prose(document))


def place_of(text: str) -> Place | None:
    """The place that this text is, if it is one."""
    found = _PLACE.fullmatch(text)
    if not found or text.startswith("/"):
        return None
    path, name = found["path"], found["name"]
    top, slash, _ = path.partition("/")
    is_place = path.endswith((*ENDINGS, "/")) or (slash and top in paths())
    return Place(path=path.rstrip("/"), name=name) if is_place else None


def modules(document: Path) -> Iterator[str]:
    """Each Python module in backticks."""
    for text in quoted(document):
        found = _MODULE.fullmatch(text)
        if found and found["module"].partition(".")[0] in (*CODE, TESTS) and not place_of(text):
            yield found["module"]


def is_module(name: str) -> bool:
    """The project has this module."""
    path = name.replace(".", "/")
    return path in paths() or f"{path}.py" in paths()


@cache
def defined(file: Path) -> frozenset[str]:
    """Every class, function, method and value of a Python file."""
    found = set()
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.ClassDef | Function):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return frozenset(found)


def is_there(place: Place) -> bool:
    """The project has it under this full path, and the file defines the name."""
    if place.path not in paths():
        return False
    return place.name is None or (place.path.endswith(".py") and place.name in defined(ROOT / place.path))


def is_somewhere(place: Place) -> bool:
    """As `is_there`, but the beginning of the path may be left out, and NAME is any one folder."""
    end = re.compile("(.*/)?" + re.escape(place.path).replace("NAME", "[^/]+"))
    return any(is_there(Place(path=path, name=place.name)) for path in paths() if end.fullmatch(path))


@cache
def _said_of(service: str) -> frozenset[str]:
    own = {name for file in files(f"services/{service}") for name in defined(file)}
    views = re.findall(rf"{service}\.(\w+_v\d+)", (ROOT / "language/views.py").read_text(encoding="utf-8"))
    published = [text.read_text(encoding="utf-8") for text in (ROOT / "services" / service).rglob("*.sql")]
    return frozenset({*own, *views, *re.findall(r"create view (\w+)", "\n".join(published))})


def is_missing_in_service(text: str) -> bool:
    """`service.name`, where that service neither does nor publishes anything of this name."""
    found = _DOTTED.fullmatch(text)
    if not found or f"services/{found['service']}" not in paths() or place_of(text):
        return False
    return found["name"] not in _said_of(found["service"])


def questions() -> list[tuple[str, Place]]:
    """The rows of the table of questions in docs/architecture.md."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    _, found, rest = text.partition(f" {TITLE}\n")
    if not found:
        return []
    rows = (_ROW.fullmatch(line) for line in rest.partition("\n## ")[0].splitlines())
    return [(row["question"], _full(row["place"])) for row in rows if row]


def _full(text: str) -> Place:
    path, _, name = text.partition(": ")
    return Place(path=path, name=name or None)


def readers_of_views() -> dict[str, set[TaskQueue]]:
    """Who reads each published view, as the table in docs/architecture.md says."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = [row for line in text.splitlines() if (row := _VIEWS_ROW.fullmatch(line))]
    return {
        view: {service for service in SERVICES if service in row["readers"].split(", ")}
        for row in rows
        for view in _QUOTED.findall(row["views"])
    }
