"""A real SMTP server on this machine that sends nothing on: every mail becomes a file, readable with
`./sangkien mail`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

from kit.ids import new_id

MAIL_DOMAIN = "sangkien.test"
_LARGEST_BYTES = 10_000_000


class MailCatcher:
    """Keeps what it is given in a folder, one file a mail, in the order they came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Write the file whole before saying yes."""
        content = (
            envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        )
        file = self._folder / f"{new_id()}.eml"
        await asyncio.to_thread(_write, file, content)
        return "250 kept"


def _write(file: Path, content: bytes) -> None:
    part = file.with_suffix(".part")
    part.write_bytes(content)
    part.rename(file)


@asynccontextmanager
async def catching(folder: Path, port: int) -> AsyncIterator[None]:
    """Catch mails into the folder while the block runs. It runs in the supervisor itself: one process
    less."""
    loop = asyncio.get_running_loop()
    catcher = MailCatcher(folder)
    connections: WeakSet[SMTP] = WeakSet()

    def connected() -> SMTP:
        protocol = SMTP(
            catcher,
            hostname=MAIL_DOMAIN,
            ident="sangkien",
            data_size_limit=_LARGEST_BYTES,
            enable_SMTPUTF8=True,
            loop=loop,
        )
        connections.add(protocol)
        return protocol

    server = await loop.create_server(connected, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()
        for protocol in connections:
            if protocol.transport is not None:
                protocol.transport.close()
        await server.wait_closed()
