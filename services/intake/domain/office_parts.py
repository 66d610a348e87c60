"""A part of an Office file that is written as XML, read element by element: what in it would act."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from types import MappingProxyType
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from services.intake.domain.fields import Fields, require_harmless_code
from services.intake.domain.refusals import AttachmentActive, AttachmentTypeRefused

_MOST_BYTES, _MOST_ELEMENTS = 100_000_000, 3_000_000
_LOCAL_TARGET: Final = re.compile(
    r"^(?:file:/{2,3}(?=[a-zA-Z]:)|[a-zA-Z]:|(?![a-zA-Z][a-zA-Z0-9+.-]*:|[/\\]{2}))"
)
_HYPERLINK: Final = re.compile(r"/hyperlink$")
_ACTIVE_KIND: Final = re.compile(
    r"macroEnabled|vbaProject|vbaData|macrosheet|aFChunk|activeX|relationships/control$", re.IGNORECASE
)
_ACTION: Final = re.compile(r"ppaction://(?:program|macro)", re.IGNORECASE)
_KNOWN_OBJECT: Final = re.compile(
    r"(?:$|Equation\.|MathType|Word\.(?:Document|Picture)\.|Excel\.(?:Sheet|Chart)\.|PowerPoint\.(?:Show|Slide)\."
    r"|MSGraph\.|Visio\.Drawing\.|Paint\.Picture|PBrush|Static|ChemDraw\.)",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r'"[^"]*"|\'[^\']*\'')
_CALLS: Final = re.compile(
    r"(?<![\w.])(?:_xl\w+\.)*(?:DDE|WEBSERVICE|RTD|CALL|EXEC|REGISTER(?:\.ID)?)\s*\(|\|", re.IGNORECASE
)
"""What a formula starts or asks by itself. A bar stands between a program and its topic, and nowhere else."""
_TRUE: Final = frozenset({"1", "true", "on"})
_SCRIPT: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:(?!image/)|//)", re.IGNORECASE)
_IN_DRAWINGS: Final = frozenset({"script", "foreignObject", "iframe", "handler", "listener"})

Attributes = Mapping[str, str]


class Left:
    """How much of a file may still be unpacked, and of how many elements: that is what takes time."""

    def __init__(self) -> None:
        self.size = _MOST_BYTES
        self.elements = _MOST_ELEMENTS

    def take(self, size: int) -> None:
        """So many bytes; refused where a file of people never has so many."""
        self.size -= size
        if self.size < 0:
            raise AttachmentTypeRefused


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


def _named(attributes: Attributes, name: str) -> str:
    return next((value for key, value in attributes.items() if _bare(key).lower() == name), "")


def _refuse(attributes: Attributes) -> None:
    raise AttachmentActive


def _look_at_kind(attributes: Attributes) -> None:
    if any(_ACTIVE_KIND.search(value) for value in attributes.values()):
        raise AttachmentActive


def _look_at_relation(attributes: Attributes) -> None:
    kind, target = attributes.get("Type", ""), attributes.get("Target", "").strip()
    is_outside = attributes.get("TargetMode") == "External"
    _look_at_kind({"Type": kind} if is_outside else {"Type": kind, "Target": target})
    if is_outside and not _HYPERLINK.search(kind) and not _LOCAL_TARGET.match(target):
        raise AttachmentActive


def _look_at_object(attributes: Attributes) -> None:
    if not _KNOWN_OBJECT.match(_named(attributes, "progid").strip()):
        raise AttachmentActive


def _look_at_action(attributes: Attributes) -> None:
    if _ACTION.match(_named(attributes, "action").strip()):
        raise AttachmentActive


def _look_at_source(attributes: Attributes) -> None:
    if not _LOCAL_TARGET.match(_named(attributes, "src").strip()):
        raise AttachmentActive


def _look_at_connection(attributes: Attributes) -> None:
    if _named(attributes, "refreshonload").lower() in _TRUE:
        raise AttachmentActive


def _look_at_drawing(name: str, attributes: Attributes) -> None:
    if name in _IN_DRAWINGS or any(_bare(key).lower().startswith("on") for key in attributes):
        raise AttachmentActive
    if any(_SCRIPT.match(value) for key, value in attributes.items() if _bare(key) in ("href", "src")):
        raise AttachmentActive


def _look_at_formula(text: str) -> None:
    if _CALLS.search(_QUOTED.sub("", text)):
        raise AttachmentActive


_LOOKS: Final[Mapping[str, Callable[[Attributes], None]]] = MappingProxyType(
    {
        "Relationship": _look_at_relation,
        "Override": _look_at_kind,
        "Default": _look_at_kind,
        "ddeLink": _refuse,
        "altChunk": _refuse,
        "html": _refuse,
        "script": _refuse,
        "OLEObject": _look_at_object,
        "oleObject": _look_at_object,
        "oleObj": _look_at_object,
        "oleLink": _look_at_object,
        "hlinkClick": _look_at_action,
        "hlinkHover": _look_at_action,
        "hlinkMouseOver": _look_at_action,
        "imagedata": _look_at_source,
        "fill": _look_at_source,
        "stroke": _look_at_source,
        "webPr": _refuse,
        "connection": _look_at_connection,
        "queryTable": _look_at_connection,
        "fldSimple": lambda attributes: require_harmless_code(_named(attributes, "instr")),
    }
)
_CODES: Final = frozenset({"instrText", "delInstrText"})
_FORMULAS: Final = frozenset(
    {"f", "formula", "formula1", "formula2", "oldFormula", "definedName", "calculatedColumnFormula"}
)
_OF_WORKBOOK: Final = frozenset({"worksheet", "workbook", "externalLink", "table", "chartSpace"})
"""Elsewhere an `f` is a fraction, and a bar in it an absolute value."""


class _Part:
    def __init__(self, left: Left) -> None:
        self._left = left
        self._fields = Fields()
        self._root = ""
        self._depth = 0
        self._text: list[str] = []
        self._parser = ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, text: bytes) -> None:
        try:
            self._parser.Parse(text, True)
        except ExpatError as error:
            raise AttachmentTypeRefused from error
        self._fields.close()

    def _doctype(self, name: str, system: str | None, public: str | None, has_more: bool) -> None:
        # Drawings have one as they come; never one that says more than what they are.
        if _bare(name) != "svg" or has_more:
            raise AttachmentTypeRefused

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._left.elements -= 1
        if self._left.elements < 0:
            raise AttachmentTypeRefused
        bare = _bare(name)
        self._root = self._root or bare
        look = _LOOKS.get(bare)
        if look:
            look(attributes)
        if self._root == "svg":
            _look_at_drawing(bare, attributes)
        elif bare == "fldChar":
            self._field(_named(attributes, "fldchartype"))
        elif self._depth or bare in _CODES or (self._root in _OF_WORKBOOK and bare in _FORMULAS):
            self._open_text()

    def _field(self, kind: str) -> None:
        match kind:
            case "begin":
                self._fields.begin()
            case "separate":
                self._fields.shows()
            case "end":
                self._fields.end()

    def _open_text(self) -> None:
        if not self._depth:
            self._text.clear()
            self._parser.CharacterDataHandler = self._text.append
            self._parser.EndElementHandler = self._end
        self._depth += 1

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth:
            return
        self._parser.CharacterDataHandler = None
        self._parser.EndElementHandler = None
        said = "".join(self._text)
        if _bare(name) in _CODES:
            self._fields.says(said)
        else:
            _look_at_formula(said)


def look_into_part(text: bytes, left: Left) -> None:
    """Refused is a part in which anything acts by itself, and one that is not whole."""
    _Part(left).read(text)


_SOURCE: Final = re.compile(rb"\bsrc\s*=\s*[\"']([^\"']*)", re.IGNORECASE)


def look_into_old_drawing(text: bytes, left: Left) -> None:
    """As any part; but Excel does not always write them whole, with ends of lines as pages have them."""
    try:
        look_into_part(text, left)
    except AttachmentTypeRefused:
        for source in _SOURCE.findall(text.replace(b"\0", b"")):
            _look_at_source({"src": unescape(source.decode("utf-8", "replace"))})
