"""Telling listeners in other processes that something was committed: at most so often, on a connection of its
own.

`NOTIFY` takes a lock of the whole server until its transaction has ended. Inside every command it would let
the commits of all services go one by one; here it is a statement of its own, after the commit, one for all
that was committed meanwhile.
"""

import asyncio

from kit.connecting import OwnConnection
from kit.outages import OUTAGES

_PAUSE_SECONDS = 0.05


NOTIFY = "select count(pg_notify(channel || '_' || current_schema(), '')) from unnest($1::text[]) channel"


class Waker:
    """The first call after a pause goes out at once; those of the next moment go together. A call that is
    lost costs a listener its own next look, no more."""

    def __init__(self, dsn: str) -> None:
        self._conn = OwnConnection(dsn)
        self._channels: set[str] = set()
        self._waking: asyncio.Task[None] | None = None

    def wake(self, channels: set[str]) -> None:
        """Let these be told soon."""
        self._channels |= channels
        if self._channels and (self._waking is None or self._waking.done()):
            self._waking = asyncio.create_task(self._wake())

    async def _wake(self) -> None:
        while self._channels:
            channels, self._channels = sorted(self._channels), set()
            try:
                await self._conn.ask(NOTIFY, channels)
            except OUTAGES:
                return
            await asyncio.sleep(_PAUSE_SECONDS)

    def close(self) -> None:
        """Tell nobody any more."""
        if self._waking is not None:
            self._waking.cancel()
        self._conn.drop()
