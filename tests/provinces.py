"""A bare province: a root unit with its administrator, the calendar and the shipped packs; and what the
organisation adds to it beside the service under test."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from language.names import TaskQueue
from language.posts.kinds import PostKind
from processes.bootstrap import ADMIN, ROOT_CODE, bootstrap_organisation, bootstrap_rulebook
from services.organisation.app import SERVICE as ORGANISATION
from tests.conftest import TestService, held


@dataclass(frozen=True)
class Bare:
    """What there is: the root unit, and the administrator's password if it was made now."""

    root: UUID
    password: str | None


async def bare_province(service: TestService) -> Bare:
    """Make it in the database of this service, whichever it is."""
    organisation = await service.shared.database(TaskQueue.ORGANISATION)
    await bootstrap_rulebook(await service.shared.database(TaskQueue.RULEBOOK), samples=True)
    password = (await bootstrap_organisation(organisation))[ADMIN]
    root = await organisation.pool.fetchval("select id from units where code = $1", ROOT_CODE)
    return Bare(root=UUID(str(root)), password=password)


@dataclass(frozen=True)
class Organised:
    """The organisation beside the service under test, run by the province's administrator."""

    service: TestService
    root: UUID
    admin: UUID = field(default_factory=uuid4)

    async def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Anything that the organisation's API takes."""
        headers = self.service.headers(self.admin, held(PostKind.ADMIN, self.root, post_id=self.admin))
        return await self.service.http.request(method, f"/v1{path}", json=body, headers=headers)

    async def unit(self, code: str, level: str = "SCHOOL", parent: UUID | None = None) -> UUID:
        """A new unit, under the root if nothing else is said."""
        body = {"parent_id": str(parent or self.root), "code": code, "name": code, "level": level}
        made = await self.send("POST", "/units", {**body, "valid_from": "2012-04-25"})
        assert made.status_code == 201, made.text
        return UUID(made.json()["id"])

    async def appoint(self, unit: UUID, kind: PostKind) -> UUID:
        """A new person in a new post of this unit."""
        person = (
            await self.send("POST", "/people", {"code": uuid4().hex, "full_name": "Lò Văn Bình"})
        ).json()
        post = {"unit_id": str(unit), "kind": kind, "title": uuid4().hex}
        made = (await self.send("POST", "/posts", post)).json()
        holding = {"person_id": person["id"], "held_from": "2020-01-01"}
        if unit == self.root and kind is PostKind.ADMIN:
            proposed = await self.send("POST", f"/posts/{made['id']}/proposals", holding)
            second = Organised(self.service, self.root)
            given = await second.send("POST", f"/administrator-proposals/{proposed.json()['id']}/approval")
            assert given.status_code == 200, given.text
        else:
            given = await self.send("POST", f"/posts/{made['id']}/holdings", holding)
            assert given.status_code == 201, given.text
        return UUID(person["id"])


async def organised(service: TestService) -> Organised:
    """A bare province, with the organisation opened beside the service."""
    root = (await bare_province(service)).root
    return Organised(await service.shared.open(ORGANISATION), root)
