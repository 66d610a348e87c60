"""Compound files for tests, written sector by sector: documents of Word before 2007, and objects in
documents."""

import struct
from collections.abc import Mapping
from uuid import UUID

WORD = UUID("00020906-0000-0000-c000-000000000046")
MATHTYPE = UUID("0002ce03-0000-0000-c000-000000000046")
_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR, _SMALL, _SMALL_BELOW = 512, 64, 4096
_END, _TABLE, _NONE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_PIECES_AT, _TEXTS_AT, _TEXT_AT = 0x1A2, 0x19A, 1024


class _Sectors:
    def __init__(self, size: int) -> None:
        self.size = size
        self.content = bytearray()
        self.next: list[int] = []

    def add(self, content: bytes) -> int:
        """The content in sectors of its own; the first of them."""
        count = -(-len(content) // self.size)
        if not count:
            return _END
        first = len(self.next)
        self.content += content.ljust(count * self.size, b"\0")
        self.next += [*range(first + 1, first + count), _END]
        return first


def _entry(name: str, kind: int, class_id: UUID | None, start: int, size: int) -> bytes:
    packed = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        packed,
        len(packed) + 2,
        kind,
        1,
        _NONE,
        _NONE,
        1 if kind == 5 else _NONE,
        class_id.bytes_le if class_id else bytes(16),
        0,
        0,
        0,
        start,
        size,
    )


def compound(
    streams: Mapping[str, bytes],
    *,
    storages: Mapping[str, UUID | None] | None = None,
    root: UUID | None = None,
) -> bytes:
    """A compound file with these streams and storages."""
    sectors, small = _Sectors(_SECTOR), _Sectors(_SMALL)
    listed = [
        _entry(name, 2, None, (small if len(content) < _SMALL_BELOW else sectors).add(content), len(content))
        for name, content in streams.items()
    ]
    listed += [_entry(name, 1, class_id, 0, 0) for name, class_id in (storages or {}).items()]
    small_start = sectors.add(bytes(small.content))
    directory = _entry("Root Entry", 5, root, small_start, len(small.content)) + b"".join(listed)
    directory_start = sectors.add(directory)
    small_table = sectors.add(struct.pack(f"<{len(small.next)}I", *small.next))
    count = 1
    while len(sectors.next) + count > count * _SECTOR // 4:
        count += 1
    first = len(sectors.next)
    table = [*sectors.next, *[_TABLE] * count]
    packed = struct.pack(f"<{len(table)}I", *table).ljust(count * _SECTOR, b"\xff")
    head = struct.pack(
        "<8s16sHHHHHHIIIIIIIIII",
        _SIGNATURE,
        bytes(16),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        0,
        0,
        count,
        directory_start,
        0,
        _SMALL_BELOW,
        small_table,
        len(small.next),
        _END,
        0,
    )
    places = [*range(first, first + count), *[_NONE] * (109 - count)]
    return head + struct.pack("<109I", *places) + bytes(sectors.content) + packed


def old_word(
    *texts: str,
    template: str = "Normal.dot",
    flags: int = 0,
    more: Mapping[str, bytes] | None = None,
    storages: Mapping[str, UUID | None] | None = None,
    narrow: bool = False,
) -> bytes:
    """A document of Word 97 whose text is in these pieces, kept in turned order as after quick saving."""
    body, places = bytearray(), {}
    for number in reversed(range(len(texts))):
        start = _TEXT_AT + len(body)
        places[number] = start * 2 | 0x40000000 if narrow else start
        body += texts[number].encode("cp1252" if narrow else "utf-16-le")
    ends = [0]
    for text in texts:
        ends.append(ends[-1] + len(text))
    listed = struct.pack(f"<{len(ends)}I", *ends)
    listed += b"".join(struct.pack("<HIH", 0, places[number], 0) for number in range(len(texts)))
    pieces = b"\x02" + struct.pack("<I", len(listed)) + listed
    kept = ("", template)
    assoc = struct.pack("<HHH", 0xFFFF, len(kept), 0)
    assoc += b"".join(struct.pack("<H", len(one)) + one.encode("utf-16-le") for one in kept)
    head = bytearray(_TEXT_AT)
    struct.pack_into("<HH", head, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", head, 0x0A, flags)
    struct.pack_into("<II", head, _PIECES_AT, 0, len(pieces))
    struct.pack_into("<II", head, _TEXTS_AT, len(pieces), len(assoc))
    streams = {
        "WordDocument": bytes(head + body).ljust(_SMALL_BELOW, b"\0"),
        "0Table": pieces + assoc,
        **(more or {}),
    }
    return compound(streams, storages=storages, root=WORD)
