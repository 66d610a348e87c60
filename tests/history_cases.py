"""A history on a real database, for the tests that prove it and those that attack it."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import asyncpg

from casework.history.chain import chain_waiting
from casework.history.checkpoints import Checkpoint, make_checkpoint
from casework.history.keys import Signer, history_keys
from casework.history.looking import looking_at
from casework.history.past import PastEvent, list_events
from casework.history.record import record
from casework.history.verify import Report, Trust, verify_service, verify_subject
from kit.clock import Clock
from kit.db import Database, Tx, prepare
from language.events.actor import Actor
from language.events.base import Fact, Owner, Personal
from language.posts.through import Through
from tests.conftest import Cluster

SEED = "11" * 32
SIGNER = Signer(SEED)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterMoved(Fact):
    """Something of a case moved."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    step: int
    reason: str = "vì đủ điều kiện"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNamed(Fact):
    """A person was named."""

    OWNER: ClassVar[Owner] = Owner.CASEWORK

    full_name: Personal[str]
    birth_year: Personal[int]
    place: str


async def told_of(database: Database, about: UUID | str) -> list[PastEvent]:
    """The history of anything, as its facts."""
    async with database.reading() as tx:
        return await list_events(tx, UUID(str(about)))


Attack = Callable[["asyncpg.Connection[asyncpg.Record]"], Coroutine[Any, Any, Any]]


@dataclass
class History:
    """A service's schema with its history, and the ways of the product and of the database's owner to it."""

    database: Database
    admin_url: str
    service: str
    subjects: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(3)])

    async def record(self, fact: Fact, about: UUID | None = None) -> UUID:
        """One fact in a transaction of its own."""
        actor = Actor(person_id=uuid4(), post_id=uuid4(), through=Through(holding_id=uuid4()))
        async with self.database.transaction() as tx:
            return await record(
                tx, fact, about=about or self.subjects[0], actor=actor, rule_version="sample@1", rule="r"
            )

    async def happen(self, count: int) -> list[UUID]:
        """So many facts, in turn about each subject."""
        return [
            await self.record(MatterMoved(step=step), self.subjects[step % len(self.subjects)])
            for step in range(count)
        ]

    async def chain(self) -> int:
        """What the relay does twice a second."""
        async with self.database.transaction() as tx:
            return await chain_waiting(tx, history_keys())

    async def sign(self) -> Checkpoint | None:
        """What it does once a day."""
        async with self.database.transaction() as tx:
            return await make_checkpoint(tx, SIGNER, Clock().real_now())

    async def verify(self, trust: Trust | None = None, since: datetime | None = None) -> Report:
        """The verification as the database's owner runs it."""
        async with self.looking() as tx:
            return await verify_service(tx, trust or own_trust(), since=since)

    def looking(self) -> AbstractAsyncContextManager[Tx]:
        """One state of the database, seen by its owner."""
        return looking_at(self.admin_url, self.service)

    async def attacked(
        self, attack: Attack, trust: Trust | None = None, subject: UUID | None = None
    ) -> Report:
        """What a verification finds after the attack, of which nothing is kept."""
        conn = await asyncpg.connect(self.admin_url, server_settings={"search_path": self.service})
        await prepare(conn)
        await conn.execute("begin; set local session_replication_role = replica")
        try:
            await attack(conn)
            tx, trusted = Tx(conn=conn, now=Clock().now()), trust or own_trust()
            if subject:
                return await verify_subject(tx, trusted, subject)
            return await verify_service(tx, trusted)
        finally:
            await conn.execute("rollback")
            await conn.close()

    async def attack(self, attack: Attack) -> None:
        """As the owner of the database, with every trigger and every foreign key asleep."""
        conn = await asyncpg.connect(self.admin_url, server_settings={"search_path": self.service})
        await prepare(conn)
        try:
            await conn.execute("set session_replication_role = replica")
            await attack(conn)
        finally:
            await conn.close()


def own_trust() -> Trust:
    """What the service itself holds."""
    return Trust(keys=history_keys(), public_keys=frozenset({SIGNER.public_key}))


@asynccontextmanager
async def history(postgres: Cluster, service: str = "review") -> AsyncIterator[History]:
    """An empty history."""
    admin_url = await postgres.fresh()
    dsn = postgres.url(admin_url, service)
    database = await Database.open(dsn, schema=service, clock=Clock())
    try:
        yield History(database, admin_url, service)
    finally:
        await database.close()
