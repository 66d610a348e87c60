"""What a service's relay does for its history: chain what was recorded, sign it from time to time."""

import asyncio
from datetime import timedelta

import structlog

from casework.history.chain import BATCH, chain_waiting, queue_unknown_again
from casework.history.checkpoints import make_checkpoint, newest_checkpoint
from casework.history.keys import Signer, history_keys
from kit.context import Context
from kit.db import Connection, Tx
from kit.leading import lead

log = structlog.get_logger()

_PAUSE_SECONDS = 0.5
"""How long an event waits for its position, about: one look serves everything that came meanwhile."""


class HistoryKeeper:
    """Runs until cancelled, led by one process a service."""

    def __init__(self, context: Context) -> None:
        settings = context.settings
        seed = settings.checkpoint_key.get_secret_value()
        self._database = context.database
        self._clock = context.clock
        self._keys = history_keys()
        self._signer = Signer(seed) if seed else None
        self._sign_every = timedelta(minutes=settings.checkpoint_minutes)

    async def run(self) -> None:
        """Lead, chain, sign; begin again after any outage of the database."""
        await lead(self._database, "history", self._work)

    async def _work(self, conn: Connection) -> None:
        async with conn.transaction():
            await queue_unknown_again(self._tx(conn))
        last = await newest_checkpoint(self._tx(conn))
        due_at = last.made_at + self._sign_every if last else self._clock.real_now()
        has_grown = True
        while True:
            async with conn.transaction():
                taken = await chain_waiting(self._tx(conn), self._keys)
            has_grown = has_grown or taken > 0
            if taken == BATCH:
                continue
            if has_grown and self._signer and self._clock.real_now() >= due_at:
                await self._sign(conn, self._signer)
                due_at = self._clock.real_now() + self._sign_every
                has_grown = False
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _sign(self, conn: Connection, signer: Signer) -> None:
        async with conn.transaction():
            made = await make_checkpoint(self._tx(conn), signer, self._clock.real_now())
        if made:
            log.info("history.signed", number=made.number, position=made.position)

    def _tx(self, conn: Connection) -> Tx:
        return Tx(conn=conn, now=self._clock.now())
