"""A dossier under way in a school, and the acts about units that administrators make about it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from casework.succession_watch import Inheritance
from language.deadline.arithmetic import local_day
from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.intake.operations.formal_check import CASES, UNIT_ROWS
from services.organisation.app import SERVICE as ORGANISATION
from services.organisation.operations.succeeding import carry_out_due
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import LEVELS, Case
from tests.organisation_cases import write_unit
from tests.succession_cases import follow

DAY = timedelta(days=1)
NAME = "update units set name = $2 where id = $1"


@dataclass
class World:
    """A dossier filed in a school, another school beside it, and two administrators of their commune."""

    case: Case
    organisation: TestService
    other: UUID
    admins: tuple[UUID, UUID]

    @property
    def tomorrow(self) -> date:
        """The day after this."""
        return local_day(self.case.clock.now()) + DAY

    async def send(
        self, method: str, path: str, person: UUID, body: Any = None, *posts: Any, **headers: str
    ) -> httpx.Response:
        """To the organisation; an administrator if nothing else is said."""
        if person in self.admins:
            posts = (held(PostKind.ADMIN, *self.case.path[:2], post_id=person),)
        sent = self.organisation.headers(person, *posts) | headers
        return await self.organisation.http.request(method, f"/v1{path}", json=body, headers=sent)

    def merger(self, **step: Any) -> dict[str, Any]:
        """The school merges into the other one tomorrow."""
        merges = {"kind": "MERGES", "unit_id": str(self.case.school), "into_id": str(self.other)}
        return {"document": "12/QĐ-UBND", "from_day": str(self.tomorrow), "steps": [merges | step]}

    async def approved(self, body: dict[str, Any] | None = None) -> str:
        """Drafted by one, approved by the other."""
        drafted = await self.send("POST", "/successions", self.admins[0], body or self.merger())
        assert drafted.status_code == 201, drafted.text
        act = str(drafted.json()["id"])
        given = await self.send("POST", f"/successions/{act}/approval", self.admins[1])
        assert given.status_code == 200, given.text
        return act

    async def next_day(self) -> None:
        """Midnight passes, and the act is carried out."""
        self.case.clock.offset += DAY
        async with self.organisation.database.transaction() as tx:
            await carry_out_due(tx)

    async def follow(self) -> None:
        """Intake hears of it."""
        await follow(self.case.service.database, CASES, Inheritance(rows=UNIT_ROWS))

    async def unit(self, unit_id: UUID) -> Any:
        """As the organisation has it."""
        return (await self.send("GET", f"/units/{unit_id}", self.admins[0])).json()


@asynccontextmanager
async def open_succession_world(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[World]:
    """Intake and the organisation on a clock that can be moved."""
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as service:
        case = Case(service, clock)
        await case.file()
        organisation = await service.shared.open(ORGANISATION)
        other = uuid4()
        async with organisation.database.transaction() as tx:
            await write_unit(tx.conn, (*case.path[:2], other))
            await tx.conn.execute(LEVELS, other, "SCHOOL")
            await tx.conn.execute(NAME, other, "Trường Mới")
            await tx.conn.execute(NAME, case.school, "Trường Cũ")
        yield World(case, organisation, other, (uuid4(), uuid4()))
