"""Kept connections to one service, one request at a time on each, read by the parser of our servers.

A page asks five to twenty things at once. httpx looks through all connections of its pool at each of them:
2 ms of processor a request with eight connections, 6 ms with sixty-four, a fifth of a millisecond here. And
its connections are lost to the pool when whoever waits is cancelled; here a line that was left in the middle
is closed."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

from httptools import HttpParserError, HttpResponseParser

_AT_ONCE: Final = 32
_PIECE: Final = 65_536
_PLAIN: Final = "/%:@!$&'()*+,;=~-._"
"""What an address may hold beside letters and digits; a question mark would begin something else."""
_TLS_PORT, _PORT = 443, 80


class LineBroken(Exception):
    """No whole answer came. `nothing_came`: the service had hung up before it was asked."""

    def __init__(self, *, nothing_came: bool = False) -> None:
        super().__init__(nothing_came)
        self.nothing_came = nothing_came


class Unsendable(Exception):
    """Something that stands at the head of a request holds what must not stand there."""


BROKEN: Final = (OSError, LineBroken, HttpParserError)
"""What happens to a connection; time that ran out is one of the first."""


@dataclass(slots=True)
class Reply:
    """What a service answered, as it came."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


class _Reading:
    """An answer while it comes in."""

    def __init__(self) -> None:
        self.reply = Reply()
        self.is_whole = False
        self.may_stay = False
        self._parser = HttpResponseParser(self)
        self._pieces: list[bytes] = []

    def feed(self, piece: bytes) -> None:
        """Some more of it."""
        self._parser.feed_data(piece)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One line of its head."""
        self.reply.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, piece: bytes) -> None:
        """Some of it."""
        self._pieces.append(piece)

    def on_message_complete(self) -> None:
        """All of it."""
        self.reply.status = self._parser.get_status_code()
        self.reply.content = b"".join(self._pieces)
        # Afterwards the parser knows only of the next answer.
        self.may_stay = self._parser.should_keep_alive()
        self.is_whole = True


@dataclass(frozen=True, slots=True)
class _Line:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def is_open(self) -> bool:
        """As far as one knows before one asks."""
        return not self.reader.at_eof() and not self.writer.is_closing()

    def close(self) -> None:
        """Hang up."""
        self.writer.close()

    async def ask(self, request: bytes) -> tuple[Reply, bool]:
        """The answer, and whether the line may be used again."""
        reading = _Reading()
        came = 0
        try:
            self.writer.write(request)
            await self.writer.drain()
            while not reading.is_whole:
                piece = await self.reader.read(_PIECE)
                if not piece:
                    raise LineBroken(nothing_came=not came)
                came += len(piece)
                reading.feed(piece)
        except ConnectionError as error:
            raise LineBroken(nothing_came=not came) from error
        return reading.reply, reading.may_stay


class Lines:
    """All connections to one service."""

    def __init__(self, address: str, seconds: float) -> None:
        parts = urlsplit(address)
        self._host, self._path = parts.hostname or "", parts.path
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._port = parts.port or (_TLS_PORT if self._tls else _PORT)
        self._netloc = parts.netloc
        self._seconds = seconds
        self._idle: list[_Line] = []
        self._free = asyncio.Semaphore(_AT_ONCE)

    def close(self) -> None:
        """Hang up on all that rest."""
        while self._idle:
            self._idle.pop().close()

    async def ask(
        self, method: str, path: str, query: str, headers: Mapping[str, str], content: bytes | None
    ) -> Reply:
        """One request, which may be sent twice: a service hangs up on a line that rested for long, perhaps
        just now."""
        request = self._written(method, path, query, headers, content)
        async with asyncio.timeout(self._seconds), self._free:
            while self._idle:
                line = self._idle.pop()
                try:
                    return await self._asked(line, request)
                except LineBroken as broken:
                    if not broken.nothing_came:
                        raise
            opened = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
            return await self._asked(_Line(*opened), request)

    async def _asked(self, line: _Line, request: bytes) -> Reply:
        if not line.is_open:
            line.close()
            raise LineBroken(nothing_came=True)
        try:
            reply, may_stay = await line.ask(request)
        except BaseException:
            # In the middle of an answer nobody can ask the next thing.
            line.close()
            raise
        if may_stay:
            self._idle.append(line)
        else:
            line.close()
        return reply

    def _written(
        self, method: str, path: str, query: str, headers: Mapping[str, str], content: bytes | None
    ) -> bytes:
        target = quote(f"{self._path}{path}", safe=_PLAIN)
        lines = [f"{method} {target}{'?' if query else ''}{query} HTTP/1.1", f"Host: {self._netloc}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if content is not None or method != "GET":
            lines.append(f"Content-Length: {len(content or b'')}")
        if any(not line.isprintable() or not line.isascii() for line in lines):
            raise Unsendable
        return "\r\n".join([*lines, "", ""]).encode("ascii") + (content or b"")
