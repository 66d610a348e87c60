"""The floor of a page: what it asks of the services, caught in a portal of this process and asked bare, all
at once; and a page of the running portal that asks nothing."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

import httpx

from bench.wire import Wire
from cli.browsing import SESSION
from kit.clock import Clock
from kit.db import Database
from language.names import PORTAL
from services.portal.app import create_portal
from services.portal.asking.services import Answer, Call, Services, pairs_of
from services.portal.settings import PortalSettings

STATIC = "/welcome"
"""Drawn from a template, and of nothing else."""


class _Catching(Services):
    """Writes down what is asked."""

    def __init__(self, settings: PortalSettings) -> None:
        super().__init__(settings)
        self.caught: list[Call] = []

    async def ask(self, token: str, call: Call) -> Answer:
        """One request, written down."""
        self.caught.append(call)
        return await super().ask(token, call)


@dataclass(slots=True, kw_only=True)
class Floor:
    """A portal in this process, and kept connections to each service: as many as are used at once."""

    services: _Catching
    http: httpx.AsyncClient
    wires: dict[str, list[Wire]]
    addresses: Mapping[str, str]

    @classmethod
    @asynccontextmanager
    async def open(cls, environment: Mapping[str, str], addresses: Mapping[str, str]) -> AsyncIterator[Self]:
        """Put it together from the environment that the portal's process has."""
        prefix = f"{PORTAL}_".upper()
        named = {
            name.removeprefix(prefix).lower(): value
            for name, value in sorted(environment.items(), key=lambda pair: pair[0].startswith(prefix))
        }
        known = PortalSettings.model_fields
        settings = PortalSettings(**{name: value for name, value in named.items() if name in known})  # type: ignore[arg-type]
        dsn = settings.database_url.get_secret_value()
        database = await Database.open(dsn, schema=PORTAL, clock=Clock(), size=2)
        app = create_portal(settings, database, Clock())
        services = _Catching(settings)
        app.state.portal = replace(app.state.portal, services=services)
        transport = httpx.ASGITransport(app=app)
        try:
            async with httpx.AsyncClient(transport=transport, base_url=settings.base) as http:
                yield cls(services=services, http=http, wires={}, addresses=addresses)
        finally:
            await services.close()
            await database.close()

    async def calls(self, session: str, path: str) -> list[Call]:
        """What this page asks."""
        self.services.caught = []
        answer = await self.http.get(path, headers={"Cookie": f"{SESSION}={session}; language=vi"})
        answer.raise_for_status()
        return self.services.caught

    async def time(self, token: str, calls: Sequence[Call]) -> float:
        """Milliseconds until the last of these is answered, all asked at once."""
        wires = await self._wires(calls)
        began = time.perf_counter()
        await asyncio.gather(*(_asked(wire, token, call) for wire, call in zip(wires, calls, strict=True)))
        return (time.perf_counter() - began) * 1000

    async def _wires(self, calls: Sequence[Call]) -> list[Wire]:
        used: dict[str, int] = {}
        found = []
        for call in calls:
            place = used.get(call.service, 0)
            used[call.service] = place + 1
            kept = self.wires.setdefault(call.service, [])
            if place == len(kept):
                kept.append(await Wire.open(self.addresses[call.service]))
            found.append(kept[place])
        return found

    def close(self) -> None:
        """Hang up."""
        for kept in self.wires.values():
            for wire in kept:
                wire.close()


async def _asked(wire: Wire, token: str, call: Call) -> None:
    query = urlencode(pairs_of(call.query))
    media, data = call.sent()
    headers = {"Authorization": f"Bearer {token}", **call.headers}
    if media:
        headers["Content-Type"] = media
    path = f"{call.path}?{query}" if query else call.path
    await wire.ask(call.method, path, headers, data or b"")
