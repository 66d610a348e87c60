"""What a service's relay does for its history: chain what was recorded, sign it from time to time."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from casework.history.alarming import look_again
from casework.history.chain import BATCH, anything_waits, chain_head, chain_waiting
from casework.history.checkpoints import make_checkpoint, newest_checkpoint
from casework.history.keys import Signer, history_keys
from casework.history.sealed import service_of
from kit.context import Context
from kit.leading import Lease, lead, leading

log = structlog.get_logger()

_LOOK_AGAIN_EVERY = timedelta(minutes=10)
_PAUSE_SECONDS = 0.5
"""How long an event waits for its position, about: one look serves everything that came meanwhile."""


@dataclass(slots=True, kw_only=True)
class _Signing:
    """When to sign next, whether there is something new to sign, and the signing under way."""

    due_at: datetime
    has_grown: bool
    task: "asyncio.Task[None] | None" = None


class HistoryKeeper:
    """Runs until cancelled, led by one process a service."""

    def __init__(self, context: Context) -> None:
        settings = context.settings
        seed = settings.checkpoint_key.get_secret_value()
        self._database = context.jobs
        self._clock = context.clock
        self._keys = history_keys()
        self._signer = Signer(seed) if seed else None
        self._sign_every = timedelta(minutes=settings.checkpoint_minutes)

    async def run(self) -> None:
        """Lead, chain, sign; begin again after any outage of the database."""
        await lead(self._database, "history", self._work)

    async def _work(self, lease: Lease) -> None:
        signing, look_at = await self._what_to_sign(), self._clock.real_now()
        try:
            while True:
                await lease.renew()
                if self._clock.real_now() >= look_at:
                    look_at = await self._look_again(lease)
                taken = await self._chain(lease)
                if taken:
                    signing.has_grown = True
                if taken < BATCH:
                    self._sign_if_due(signing)
                    await asyncio.sleep(_PAUSE_SECONDS)
        finally:
            if signing.task:
                signing.task.cancel()

    async def _look_again(self, lease: Lease) -> datetime:
        """When to do it the next time."""
        async with leading(self._database, lease) as tx:
            await look_again(tx)
        return self._clock.real_now() + _LOOK_AGAIN_EVERY

    async def _chain(self, lease: Lease) -> int:
        async with self._database.reading() as tx:
            if not await anything_waits(tx.conn):
                return 0
        async with leading(self._database, lease) as tx:
            return await chain_waiting(tx, self._keys)

    async def _what_to_sign(self) -> "_Signing":
        """The first checkpoint is due as soon as there is anything."""
        async with self._database.reading() as tx:
            last, head = await newest_checkpoint(tx), await chain_head(tx, await service_of(tx.conn))
        return _Signing(
            due_at=last.made_at + self._sign_every if last else self._clock.real_now(),
            has_grown=head.position > (last.position if last else 0),
        )

    def _sign_if_due(self, signing: "_Signing") -> None:
        """Beside the chaining and over another connection: the tree of a large province takes its time."""
        if signing.task:
            if not signing.task.done():
                return
            signing.task.result()
            signing.task = None
        now = self._clock.real_now()
        if self._signer and signing.has_grown and now >= signing.due_at:
            signing.has_grown, signing.due_at = False, now + self._sign_every
            signing.task = asyncio.create_task(self._sign(self._signer, now))

    async def _sign(self, signer: Signer, now: datetime) -> None:
        async with self._database.transaction() as tx:
            made = await make_checkpoint(tx, signer, now)
        if made:
            log.info("history.signed", number=made.number, position=made.position)
