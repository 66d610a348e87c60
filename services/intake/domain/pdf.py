"""What a PDF would do, or holds, told by the names in it: as they stand, written in escapes, and in packed
streams of objects."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from services.intake.domain.refusals import AttachmentActive, AttachmentLocked, AttachmentTypeRefused

_END_OF_STREAM: Final = b"endstream"
_BEGINS: Final = re.compile(rb"stream[ \t]*(?:\r\n|\r|\n)")
_MOST_STREAMS, _MOST_ESCAPES, _MOST_OBJECT_BYTES = 200_000, 200_000, 100_000_000
_HEAD, _STEP, _ENOUGH, _PIECE = 1_024, 16, 64, 65_536
_WINDOW: Final = 1_000_000
"""One search holds up everything else in the process, so it goes through so much at once."""
_OVERLAP: Final = 254
_LONG: Final = (
    b"JavaScript",
    b"Launch",
    b"RichMedia",
    b"EmbeddedFiles?",
    b"FileAttachment",
    b"GoToE",
    b"ImportData",
    b"SubmitForm",
)
"""Looked for everywhere: where streams begin and end can be feigned, and these never come up by chance."""
_SHORT: Final = (b"JS", b"XFA", b"EF")
"""These do come up in pictures, so they are looked for only outside of streams."""


def _names(*names: bytes, then: bytes = b"") -> re.Pattern[bytes]:
    firsts = bytes(sorted({name[0] for name in names}))
    return re.compile(rb"/(?=[%b])(?:%b)(?![A-Za-z0-9])%b" % (firsts, b"|".join(names), then))


_WHITE: Final = rb"(?:[\s\0]|%[^\r\n]{0,99}[\r\n]){0,99}"
_SAYS: Final = re.compile(_WHITE + rb"(?:[\[(<]|[0-9]+\s+[0-9]+\s+R)")
"""What stands after a name that something is said of; in an address or a text it is what follows there."""
_IS: Final = re.compile(rb"(?:[\s\0<>\[\]{})]|/S|/Type|/Subtype)\Z")
"""What stands before a name that something is."""
_LONGEST_BEFORE: Final = 8
_RUNS: Final = _names(*_LONG)
_HOLDS: Final = _names(*_SHORT[1:])
_ACTS: Final = _names(*_LONG, *_SHORT)
_LOCKED: Final = _names(b"Encrypt")
_OBJECTS: Final = _names(b"ObjStm")
_LISTED: Final = _names(b"First", then=rb"\s*[0-9]++(?!\s+[0-9]+\s+R)")
_NEVER_TURNED: Final = _names(b"ObjStm", b"First", b"S", b"Type", b"Subtype")
_OTHER_NAME: Final = re.compile(
    rb"/(?!(?:Type|ObjStm|N|First|Length|Extends|Filter|FlateDecode)(?![A-Za-z0-9]))"
)
_SECOND_PACKING: Final = re.compile(rb"/FlateDecode.*/FlateDecode", re.DOTALL)
_REGULAR: Final = rb"[^\s\0()<>\[\]{}/%#]"
_ESCAPED: Final = re.compile(rb"/%b{0,127}(?:#[0-9a-fA-F]{2}%b{0,127})+" % (_REGULAR, _REGULAR))
_ESCAPE: Final = re.compile(rb"#([0-9a-fA-F]{2})")
_FLAT: Final = re.compile(rb"<<[^<>()%]*>>\s*")
_NUMBERED: Final = re.compile(rb"[ \t\r\n\f]*[0-9]+[ \t\r\n\f]+[0-9]+[ \t\r\n\f]")
"""How a stream of objects begins; many pages do, too."""


def require_harmless_pdf(content: bytes) -> None:
    """A PDF without scripts, programs, other files, forms of the old kind and encryption; refused
    otherwise."""
    turned = _turned_names(content)
    if _says(content, _LOCKED) or _has(turned, _LOCKED):
        raise AttachmentLocked
    if _says_or_is(content, _RUNS) or _says(content, _HOLDS) or _has(turned, _ACTS):
        raise AttachmentActive
    if _has(turned, _NEVER_TURNED):
        raise AttachmentTypeRefused
    numbered = _look_into_streams(content)
    for text, start in _in_streams(content):
        if _says_or_is(text, _ACTS):
            raise AttachmentActive
        if start is not None and _is_of_objects(text) and not (start in numbered and _is_plain(text)):
            raise AttachmentTypeRefused


def _turned_names(content: bytes) -> bytes:
    """The names in which something is written as an escape, as they are read."""
    names: list[bytes] = []
    for start in range(0, len(content), _WINDOW):
        for found in _ESCAPED.finditer(content, start, min(start + _WINDOW + _OVERLAP, len(content))):
            names.append(_ESCAPE.sub(lambda digits: bytes([int(digits[1], 16)]), found[0]))
            if len(names) > _MOST_ESCAPES:
                raise AttachmentTypeRefused
    return b" ".join(names)


def _found(text: bytes, names: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """Where these names are in the text."""
    for start in range(0, len(text), _WINDOW):
        for found in names.finditer(text, start, min(start + _WINDOW + _OVERLAP, len(text))):
            yield found.span()


def _has(text: bytes, names: re.Pattern[bytes]) -> bool:
    """One of these names is in the text, whatever stands beside it."""
    return next(_found(text, names), None) is not None


def _says(text: bytes, names: re.Pattern[bytes]) -> bool:
    """Something is said of one of these names."""
    return any(_SAYS.match(text, end) for _, end in _found(text, names))


def _says_or_is(text: bytes, names: re.Pattern[bytes]) -> bool:
    """Something is said of one of these names, or is that; not the end of an address."""
    return any(
        _SAYS.match(text, end) or _IS.search(text[max(start - _LONGEST_BEFORE, 0) : start])
        for start, end in _found(text, names)
    )


def _is_of_objects(text: bytes) -> bool:
    """By what is said of it; some programs do without its kind."""
    return _has(text, _OBJECTS) or _has(text[max(text.rfind(b"<<"), 0) :], _LISTED)


def _is_plain(text: bytes) -> bool:
    """It is packed once, in the way that everybody can look into. A dictionary without texts, remarks and
    others in it, that itself is in none, is what it seems to be."""
    at = max(text.rfind(b"<<"), 0)
    line = max(text.rfind(b"\n", 0, at), text.rfind(b"\r", 0, at)) + 1
    said = text[at:]
    is_flat = b"%" not in text[line:at] and _FLAT.fullmatch(said) is not None
    return is_flat and not _OTHER_NAME.search(said) and not _SECOND_PACKING.search(said)


def _look_into_streams(content: bytes) -> frozenset[int]:
    """Where the streams begin that hold objects, by what is in them; whatever is said of them."""
    numbered: set[int] = set()
    left = _MOST_OBJECT_BYTES
    for count, begins in enumerate(_BEGINS.finditer(content)):
        if count > _MOST_STREAMS:
            raise AttachmentTypeRefused
        start = begins.end()
        if not _is_packed(content[start : start + 2]):
            continue
        objects = _unpacked(content, start + 2, left)
        if objects is None:
            continue
        left -= len(objects)
        if left < 0:
            raise AttachmentTypeRefused
        numbered.add(start)
        if _says_or_is(bytes(objects), _ACTS) or _has(_turned_names(objects), _ACTS):
            raise AttachmentActive
    return frozenset(numbered)


def _is_packed(head: bytes) -> bool:
    return len(head) == 2 and head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head, "big") % 31 == 0


def _unpacked(content: bytes, start: int, most: int) -> bytes | None:
    """The objects in a stream, within bounds; None when it holds something else. The word for its end may
    come up within it, so it goes to where its packing ends."""
    # Without the sum at its end, which nobody asks for.
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    objects, at = _first_of(unpacking, content, start)
    if not _NUMBERED.match(objects):
        return None
    step = _HEAD
    while not unpacking.eof and at < len(content):
        try:
            objects += unpacking.decompress(content[at : at + step], most + 1)
            at += step - len(unpacking.unconsumed_tail)
            step = min(2 * step, _PIECE)
        except zlib.error as error:
            # A program may show what stands before the fault; nobody knows here what that is.
            raise AttachmentTypeRefused from error
        if len(objects) > most:
            raise AttachmentTypeRefused
    return bytes(objects)


def _first_of(unpacking: "zlib._Decompress", content: bytes, start: int) -> tuple[bytearray, int]:
    """How the stream begins, and up to where it was read for that: in small steps, for of a step in which
    there is a fault nothing is given."""
    objects = bytearray()
    for at in range(start, start + _HEAD, _STEP):
        try:
            objects += unpacking.decompress(content[at : at + _STEP])
        except zlib.error:
            return objects, at
        if unpacking.eof or len(objects) >= _ENOUGH:
            return objects, at + _STEP
    return objects, start + _HEAD


def _in_streams(content: bytes) -> Iterator[tuple[bytes, int | None]]:
    """What stands before each stream since the last one, and where the stream begins; at the end what is
    left. In one pass: a search for the end of every beginning would take hours."""
    at = last = 0
    while begins := _BEGINS.search(content, at):
        at = begins.end()
        if content[begins.start() - 1 : begins.start()].isalnum():
            continue
        end = content.find(_END_OF_STREAM, at)
        if end < 0:
            break
        yield content[last : begins.start()], at
        at = last = end + len(_END_OF_STREAM)
    yield content[last:], None
