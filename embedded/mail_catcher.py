"""A real SMTP server on this machine that sends nothing on: every mail becomes a file, readable with
`./sangkien mail`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded.layout import caught_mails_days
from kit.clock import Clock
from kit.ids import new_id

MAIL_DOMAIN = "sangkien.test"
_LARGEST_BYTES = 10_000_000
_DAY_SECONDS = 86_400
_DROP_EVERY_SECONDS = 3_600.0


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


def drop_old(folder: Path, days: int) -> int:
    """Remove the mails that were caught so many days ago; how many."""
    before = Clock().real_now().timestamp() - days * _DAY_SECONDS
    old = [file for file in folder.glob("*.eml") if file.stat().st_mtime < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


async def _dropping(folder: Path, days: int) -> None:
    while True:
        with contextlib.suppress(OSError):
            await asyncio.to_thread(drop_old, folder, days)
        await asyncio.sleep(_DROP_EVERY_SECONDS)


def _write(file: Path, content: bytes) -> None:
    part = file.with_suffix(".part")
    part.write_bytes(content)
    part.rename(file)


@asynccontextmanager
async def catching(folder: Path, port: int) -> AsyncIterator[None]:
    """Catch mails into the folder while the block runs, and keep them for `CAUGHT_MAILS_DAYS`. It runs in the
    supervisor itself: one process less."""
    kept_days = caught_mails_days()
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
    dropping = asyncio.create_task(_dropping(folder, kept_days))
    try:
        yield
    finally:
        dropping.cancel()
        server.close()
        for protocol in connections:
            if protocol.transport is not None:
                protocol.transport.close()
        await server.wait_closed()
