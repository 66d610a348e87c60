"""Compound files: what Office wrote before 2007, and what objects in documents are kept in. Read within the
bounds of their own size."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER, _ENTRY, _IN_HEADER = 512, 128, 109
_SHIFTS: Final = frozenset({9, 12})
_MINI_SHIFT, _MINI_BELOW = 6, 4_096
_LAST_SECTOR = 0xFFFFFFFA
"""Higher numbers are marks: of an end, of nothing."""
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_MOST_ENTRIES = 20_000


class CompoundBroken(ValueError):
    """The content is no compound file, or its chains lead nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A storage or stream by its name in small letters; `class_id` is that of the program that opens it."""

    name: str
    is_stream: bool
    class_id: bytes
    start: int
    size: int


class Compound:
    """A compound file with its storages and streams."""

    def __init__(self, content: bytes) -> None:
        if len(content) < _HEADER or not content.startswith(SIGNATURE):
            raise CompoundBroken
        (shift,) = struct.unpack_from("<H", content, 30)
        if shift not in _SHIFTS:
            raise CompoundBroken
        self._content = content
        self._left = 2 * len(content)
        self._size = 1 << shift
        self._sectors = len(content) // self._size + 1
        self._next = self._table(self._places_of_table())
        directory, *_, small_at = struct.unpack_from("<IIII", content, 48)
        entries = list(self._entries(self._chain(directory)))
        root = next((one for one in entries if one.is_root), None)
        if root is None:
            raise CompoundBroken
        self._small_next = self._numbers(self._chain(small_at))
        self._small = self._chain(root.entry.start)
        self.entries = tuple(one.entry for one in entries)

    def streams(self, *names: str) -> Iterator[bytes]:
        """The content of each stream of these names."""
        for entry in self.entries:
            if entry.is_stream and entry.name in names:
                yield self.read(entry)

    def read(self, entry: Entry) -> bytes:
        """The content of a stream. All together they are not larger than the file is."""
        self._left -= entry.size
        if self._left < 0:
            raise CompoundBroken
        if entry.size >= _MINI_BELOW:
            return self._chain(entry.start, entry.size)[: entry.size]
        pieces, at = [], entry.start
        for _ in range(_MINI_BELOW >> _MINI_SHIFT):
            if at >= len(self._small_next):
                break
            pieces.append(self._small[at << _MINI_SHIFT : (at + 1) << _MINI_SHIFT])
            at = self._small_next[at]
        return b"".join(pieces)[: entry.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _places_of_table(self) -> Iterator[int]:
        yield from struct.unpack_from(f"<{_IN_HEADER}I", self._content, 76)
        more = struct.unpack_from("<I", self._content, 68)[0]
        for _ in range(self._sectors):
            if more >= _LAST_SECTOR:
                return
            *places, more = self._numbers(self._sector(more)) or [_LAST_SECTOR]
            yield from places
        raise CompoundBroken

    def _table(self, places: Iterator[int]) -> list[int]:
        table: list[int] = []
        for place in places:
            if place < _LAST_SECTOR:
                table += self._numbers(self._sector(place))
            if len(table) > 2 * self._sectors + self._size:
                raise CompoundBroken
        return table

    def _numbers(self, content: bytes) -> list[int]:
        count = len(content) // 4
        return list(struct.unpack_from(f"<{count}I", content))

    def _chain(self, at: int, most: int | None = None) -> bytes:
        pieces: list[bytes] = []
        wanted = self._sectors if most is None else most // self._size + 1
        while at < _LAST_SECTOR and len(pieces) < wanted:
            if at >= len(self._next):
                raise CompoundBroken
            pieces.append(self._sector(at))
            at = self._next[at]
        return b"".join(pieces)

    def _entries(self, directory: bytes) -> Iterator["_Listed"]:
        if len(directory) > _MOST_ENTRIES * _ENTRY:
            raise CompoundBroken
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            if kind not in (_STORAGE, _STREAM, _ROOT):
                continue
            start, size = struct.unpack_from("<IQ", directory, at + 116)
            entry = Entry(
                name=directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").lower(),
                is_stream=kind == _STREAM,
                class_id=directory[at + 80 : at + 96],
                start=start,
                # The upper half is not always nothing in files of the first version.
                size=size & 0xFFFFFFFF,
            )
            yield _Listed(entry=entry, is_root=kind == _ROOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    entry: Entry
    is_root: bool
