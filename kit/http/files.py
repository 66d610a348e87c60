"""A kept file as an answer: whole, or the part that is asked for."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from kit.http.refusals import RangeUnfit

_AT_ONCE: Final = 1_048_576
_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of at least one byte. `read` gives so many bytes from one on, or refuses."""

    filename: str
    media_type: str
    sha256: str
    size_bytes: int
    read: Callable[[int, int], Awaitable[bytes]]


async def file_response(request: Request, file: Kept) -> Response:
    """The file, to be saved and never shown by itself. What cannot be read is refused before anything is
    sent; several parts at once are answered with the whole."""
    etag = f'"{file.sha256}"'
    part = None
    if request.headers.get("if-range", etag) == etag:
        part = _part(request.headers.get("range", ""), file.size_bytes)
    start, end = part or (0, file.size_bytes)
    first = await file.read(start, min(_AT_ONCE, end - start))
    headers = {
        "X-Content-Type-Options": "nosniff",
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Content-Length": str(end - start),
        "Content-Disposition": _to_be_saved(file.filename),
    }
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size_bytes}"

    async def pieces() -> AsyncIterator[bytes]:
        yield first
        for at in range(start + len(first), end, _AT_ONCE):
            yield await file.read(at, min(_AT_ONCE, end - at))

    return StreamingResponse(pieces(), 206 if part else 200, headers, file.media_type)


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """From where to where (not with it), if one part is asked for; `RangeUnfit` beyond the end."""
    found = _RANGE.fullmatch(asked.replace(" ", ""))
    if found is None or found[0] == "bytes=-":
        return None
    if not found[1]:
        start, end = max(size - int(found[2]), 0), size
    else:
        start, end = int(found[1]), min(int(found[2]) + 1, size) if found[2] else size
    if start >= end:
        raise RangeUnfit(size=size)
    return start, end


def _to_be_saved(filename: str) -> str:
    quoted = quote(filename)
    named = f'filename="{filename}"' if quoted == filename else f"filename*=utf-8''{quoted}"
    return f"attachment; {named}"
