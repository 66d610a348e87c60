"""A dossier that three services know of, for the tests of its proof."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from casework.history.hashing import bucket_of
from casework.history.record import record
from kit.clock import Clock
from kit.db import Database
from language.events.actor import Actor
from services.intake.app import SERVICE as INTAKE
from tests.conftest import Cluster, HeldPost, MovableClock, ServiceOpener
from tests.history_cases import History, MatterMoved, PersonNamed
from tests.intake_cases import PDF, Case

SAMPLE = Path(__file__).parent / "samples" / "proof-v1.json"
OTHERS = ("review", "payout")


@dataclass
class Proven:
    """The dossier, and the history of each service."""

    case: Case
    histories: dict[str, History]

    async def chain_and_sign(self) -> None:
        """What the relays of all services do."""
        for history in self.histories.values():
            await history.chain()
            await history.sign()

    async def ask(self, person: UUID | None = None, *posts: HeldPost) -> httpx.Response:
        """`GET /v1/dossiers/{id}/proof` as the author, or another person."""
        given = {"posts": list(posts)} if posts else {}
        return await self.case.send(
            "GET", f"/dossiers/{self.case.id}/proof", person or self.case.author, **given
        )

    async def bundle(self) -> dict[str, Any]:
        """The proof."""
        response = await self.ask()
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found


@asynccontextmanager
async def proven(postgres: Cluster, open_service: ServiceOpener, blobs: Path) -> AsyncIterator[Proven]:
    """A dossier that was filed with a file, reviewed and paid."""
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=blobs) as service:
        case = Case(service, clock)
        histories = {"intake": History(service.database, service.admin_url, "intake")}
        for name in OTHERS:
            dsn = postgres.url(service.admin_url, name)
            database = await Database.open(dsn, schema=name, clock=Clock())
            histories[name] = History(database, service.admin_url, name)
        await case.draft()
        await case.send("POST", f"/dossiers/{case.id}/attachments?filename=a.pdf", case.author, content=PDF)
        await case.act("filing", case.author)
        found = Proven(case, histories)
        await _happen_elsewhere(found)
        yield found
        for name in OTHERS:
            await histories[name].database.close()


def neighbours(subject: UUID, count: int) -> list[UUID]:
    """Others whose heads lie in the same bucket."""
    others = (uuid4() for _ in itertools.count())
    return list(
        itertools.islice((other for other in others if bucket_of(other) == bucket_of(subject)), count)
    )


async def _happen_elsewhere(found: Proven) -> None:
    """Facts of the dossier, and of others, which hang in the same trees."""
    for history in found.histories.values():
        history.subjects += neighbours(found.case.id, 4)
        await history.happen(2 * len(history.subjects))
    for name in OTHERS:
        async with found.histories[name].database.transaction() as tx:
            for fact in (
                MatterMoved(step=1),
                PersonNamed(full_name="Nông Văn Mẫu", birth_year=1985, place="Cao Bằng"),
                MatterMoved(step=2),
            ):
                actor = Actor(person_id=found.case.officer)
                await record(tx, fact, about=found.case.id, actor=actor, rule="sample")
