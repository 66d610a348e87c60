"""A scanner for malware, clamd, asked over its socket."""

import asyncio
from pathlib import Path

from kit.http.refusals import ScannerAway

_PIECE = 65_536
_PATIENCE_SECONDS = 60.0


class Scanner:
    """clamd at a local socket."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    async def is_clean(self, content: bytes) -> bool:
        """Whether nothing was found; `ScannerAway` when there is no answer, or clamd takes no file so
        large."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                answer = await self._ask(content)
        except (OSError, TimeoutError) as away:
            raise ScannerAway from away
        if answer.endswith(b"FOUND"):
            return False
        if answer != b"stream: OK":
            raise ScannerAway
        return True

    async def _ask(self, content: bytes) -> bytes:
        reader, writer = await asyncio.open_unix_connection(str(self._socket))
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), _PIECE):
                piece = content[start : start + _PIECE]
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return (await reader.read(4_096)).rstrip(b"\0\n")
        finally:
            writer.close()
