"""A TLS listener before a Temporal server that speaks plainly: it terminates TLS as a proxy does, may want a
client certificate or an API key, and writes down what metadata came."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from hpack import Decoder, Encoder, NeverIndexedHeaderTuple

from tests.certificates import Pair

_PREFACE = 24
_HEAD = 9
_HEADERS, _RESET, _SETTINGS, _CONTINUATION = 1, 3, 4, 9
_CANCEL = 8
_END_STREAM, _END_HEADERS, _PADDED, _WITH_PRIORITY = 0x1, 0x4, 0x8, 0x20
_PERMISSION_DENIED, _UNAUTHENTICATED = "7", "16"
Metadata = dict[str, str]


@dataclass(slots=True, kw_only=True)
class Listener:
    """`address` is where it listens; `calls` the metadata of every call that came. Who calls what is
    `forbidden` is told so by the listener."""

    server: str
    api_key: str = ""
    address: str = ""
    forbidden: set[str] = field(default_factory=set)
    calls: list[Metadata] = field(default_factory=list)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection."""
        host, _, port = self.server.rpartition(":")
        there_reader, there_writer = await asyncio.open_connection(host, int(port))
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await _first_of(self._forward(reader, writer, there_writer), _pump(there_reader, writer))
        for one in (there_writer, writer):
            one.close()

    async def _forward(self, reader: StreamReader, back: StreamWriter, there: StreamWriter) -> None:
        decoder, block, refused = Decoder(), b"", set[bytes]()
        there.write(await reader.readexactly(_PREFACE))
        while True:
            head = await reader.readexactly(_HEAD)
            body = await reader.readexactly(int.from_bytes(head[:3], "big"))
            kind, flags, stream = head[3], head[4], head[5:]
            if kind in {_HEADERS, _CONTINUATION}:
                assert not flags & _PADDED
                block += body[5:] if flags & _WITH_PRIORITY and kind == _HEADERS else body
                if flags & _END_HEADERS:
                    call, block = _read(decoder, block), b""
                    self.calls.append(call)
                    if self.api_key and call.get("authorization") != f"Bearer {self.api_key}":
                        _refuse(back, stream, _UNAUTHENTICATED, greet=True)
                        return await asyncio.sleep(1)
                    if call[":path"].rpartition("/")[2] in self.forbidden:
                        _refuse(back, stream, _PERMISSION_DENIED)
                        refused.add(stream)
            # The server has to see the head of a call that is refused, too: both ends count what heads hold.
            if stream not in refused or kind in {_HEADERS, _CONTINUATION}:
                there.write(head + body)
            if stream in refused and kind == _HEADERS:
                there.write(bytes([0, 0, 4, _RESET, 0]) + stream + _CANCEL.to_bytes(4, "big"))
            await there.drain()


def _read(decoder: Decoder, block: bytes) -> Metadata:
    return {str(name): str(value) for name, value in decoder.decode(block)}


def _refuse(back: StreamWriter, stream: bytes, status: str, *, greet: bool = False) -> None:
    """As a server answers that does not let this be; nothing of it is kept for later heads."""
    said = Encoder().encode(
        [
            NeverIndexedHeaderTuple(":status", "200"),
            NeverIndexedHeaderTuple("content-type", "application/grpc"),
            NeverIndexedHeaderTuple("grpc-status", status),
            NeverIndexedHeaderTuple("grpc-message", "not allowed"),
        ]
    )
    head = len(said).to_bytes(3, "big") + bytes([_HEADERS, _END_STREAM | _END_HEADERS])
    greeting = bytes([0, 0, 0, _SETTINGS, 0, 0, 0, 0, 0]) if greet else b""
    back.write(greeting + head + stream + said)


async def _pump(reader: StreamReader, writer: StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


async def _first_of(*jobs: object) -> None:
    tasks = [asyncio.ensure_future(job) for job in jobs]  # type: ignore[call-overload]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def listening(
    server: str, own: Pair, *, clients: Path | None = None, api_key: str = ""
) -> AsyncIterator[Listener]:
    """A listener before this server, with this certificate; with `clients`, whoever connects shows one that
    this authority has signed."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(own.certificate, own.key)
    context.set_alpn_protocols(["h2"])
    if clients:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED
    listener = Listener(server=server, api_key=api_key)
    opened = await asyncio.start_server(listener.serve, "127.0.0.1", 0, ssl=context)
    listener.address = "127.0.0.1:" + str(opened.sockets[0].getsockname()[1])
    try:
        yield listener
    finally:
        opened.close()
