"""A connection that measures a server and does nothing else."""

import asyncio
import time
from collections.abc import Mapping
from typing import Self
from urllib.parse import urlsplit


class Wire:
    """One kept connection to a service that reads whole answers and does nothing else: what is measured is
    the server."""

    def __init__(self, url: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._url = url
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect."""
        address = urlsplit(url)
        return cls(url, *await asyncio.open_connection(address.hostname, address.port))

    async def get(self, path: str, headers: Mapping[str, str]) -> tuple[float, int, bytes]:
        """Milliseconds until the whole answer was there, its status and its body."""
        return await self.ask("GET", path, headers)

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes = b""
    ) -> tuple[float, int, bytes]:
        """The same for any request. A server hangs up on who has been silent for seconds: then the connection
        is made anew, and the time is that of the answer."""
        said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        if content or method != "GET":
            said += f"Content-Length: {len(content)}\r\n"
        sent = f"{method} {path} HTTP/1.1\r\nHost: bench\r\n{said}\r\n".encode() + content
        try:
            return await self._asked(sent)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.close()
            again = await Wire.open(self._url)
            self._reader, self._writer = again._reader, again._writer
            return await self._asked(sent)

    async def _asked(self, sent: bytes) -> tuple[float, int, bytes]:
        began = time.perf_counter()
        self._writer.write(sent)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].split("\r\n", 1)[0])
        body = await self._reader.readexactly(length)
        return (time.perf_counter() - began) * 1000, int(head.split(" ", 2)[1]), body

    def close(self) -> None:
        """Hang up."""
        self._writer.close()
