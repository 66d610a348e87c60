"""uvicorn's HTTP protocol with an end to waiting: by itself it takes headers for as long and as many as they
come."""

import asyncio
from dataclasses import dataclass

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_TOO_LONG = b"431 Request Header Fields Too Large"
_BETWEEN = len(": \r\n")
_TOO_SLOW = b"408 Request Timeout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What a server waits for: a head of so many bytes within so many seconds, and on a connection that is
    kept open another request within `idle_seconds`."""

    head_bytes: int = 32_768
    head_seconds: float = 10.0
    idle_seconds: int = 15


class _HeadTooLong(Exception):
    """More of address and headers than is taken."""


class GuardedProtocol(HttpToolsProtocol):
    """A connection. `doors` is set by `guarded`."""

    doors = Doors()
    _head: asyncio.TimerHandle | None = None
    _head_size = 0
    _fed = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is not whole yet may not grow without end either."""
        between = self.cycle is not None and self.cycle.response_complete and self._head is None
        if between and not self.cycle.more_body:
            self._await_head()
        super().data_received(data)
        if self._head is not None:
            self._fed += len(data)
            if self._fed > self.doors.head_bytes:
                self._refuse(_TOO_LONG)

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        self._measure(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header."""
        self._measure(len(name) + len(value) + _BETWEEN)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is here; the body's time is `BodyInTime`'s."""
        self._stop_waiting()
        self._head_size = 0
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """What cannot be read; a head that is too long is that for a reason of its own."""
        if self._head_size > self.doors.head_bytes:
            self._refuse(_TOO_LONG)
        else:
            super().send_400_response(msg)

    def _measure(self, size: int) -> None:
        self._head_size += size
        if self._head_size > self.doors.head_bytes:
            raise _HeadTooLong

    def _await_head(self) -> None:
        self._fed = 0
        self._head = self.loop.call_later(self.doors.head_seconds, self._give_up)

    def _give_up(self) -> None:
        """Half a head is answered. Whoever has said nothing yet is only left: what is written to a connection
        that was opened beforehand would be read as the answer to its first request."""
        if self._fed:
            self._refuse(_TOO_SLOW)
        else:
            self._stop_waiting()
            self.transport.close()

    def _stop_waiting(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _refuse(self, status: bytes) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            )
            self.transport.close()


def guarded(doors: Doors) -> type[GuardedProtocol]:
    """The protocol for a server with these doors; uvicorn makes one for each connection."""
    return type("Guarded", (GuardedProtocol,), {"doors": doors})
