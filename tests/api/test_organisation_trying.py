"""Wrong passwords: whoever types them waits longer each time, and closes the account of nobody else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from time import monotonic
from uuid import uuid4

import httpx
import pytest

from kit.clock import Clock
from processes.bootstrap import ADMIN
from services.organisation.app import SERVICE
from services.organisation.sign_in.operations.signing_in import REFUSED_AFTER
from tests.api.test_organisation_signing_in import CHOSEN, NEW_ACCOUNT, NEW_PERSON, Flow, chosen
from tests.conftest import ServiceOpener, TestService

WRONG = "not the password"


class LaterClock(Clock):
    """Time that stands still until a test moves it on: a slow machine makes nobody wait less."""

    def __init__(self) -> None:
        super().__init__()
        self.stands_at = super().real_now()

    def real_now(self) -> datetime:
        """The instant."""
        return self.stands_at


@dataclass
class Door:
    """The sign-in page, from any address, with time that passes when a test says so."""

    service: TestService
    clock: LaterClock

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.clock.stands_at += timedelta(seconds=seconds)

    async def knock(self, address: str, name: str, password: str) -> int:
        """The status of one try from this address."""
        transport = httpx.ASGITransport(app=self.service.app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as http:
            return (await Flow(http).sign_in(name, password)).status_code

    async def account(self) -> str:
        """An account with the administrator's password."""
        name, person_id = f"u{uuid4().hex}", uuid4()
        async with self.service.database.transaction() as tx:
            await tx.conn.execute(NEW_PERSON, person_id, name)
            await tx.conn.execute(NEW_ACCOUNT, name, person_id, ADMIN)
        return name


@pytest.fixture(scope="module")
async def door(open_service: ServiceOpener) -> AsyncIterator[Door]:
    clock = LaterClock()
    async with open_service(SERVICE, clock=clock) as service:
        await chosen(service)
        yield Door(service, clock)


async def test_the_wait_grows_with_each_wrong_password_and_ends(door: Door) -> None:
    name, here = await door.account(), "192.0.2.1"
    assert [await door.knock(here, name, WRONG) for _ in range(5)] == [401] * 5
    for seconds in (1, 2, 4, 8):
        assert await door.knock(here, name, CHOSEN) == 429
        door.wait(seconds)
        assert await door.knock(here, name, WRONG) == 401
    assert await door.knock(here, name, CHOSEN) == 429
    door.wait(16)
    assert await door.knock(here, name, CHOSEN) == 303
    assert await door.knock(here, name, WRONG) == 401


async def test_whoever_types_wrong_passwords_locks_out_nobody_elsewhere(door: Door) -> None:
    name = await door.account()
    for _ in range(8):
        await door.knock("192.0.2.2", name, WRONG)
    assert await door.knock("192.0.2.2", name, CHOSEN) == 429
    assert await door.knock("198.51.100.7", name, CHOSEN) == 303


async def _knocked(door: Door, knocks: Sequence[tuple[str, str]]) -> list[int]:
    """Each by its place and name, so few at once that each finds a connection on any machine."""
    limit = asyncio.Semaphore(8)

    async def knock(place: str, name: str) -> int:
        async with limit:
            return await door.knock(place, name, WRONG)

    return await asyncio.gather(*(knock(place, name) for place, name in knocks))


async def test_guessing_one_name_from_many_places_is_slow_and_its_holder_gets_in_where_they_have_been(
    door: Door,
) -> None:
    name, home = await door.account(), "198.51.100.8"
    assert await door.knock(home, name, CHOSEN) == 303
    places = (f"203.0.113.{place}" for place in range(1, 25))
    tried = await _knocked(door, [(place, name) for place in places])
    assert (tried.count(401), tried.count(429)) == (20, 4)
    assert await door.knock("203.0.113.99", name, CHOSEN) == 429
    assert await door.knock(home, name, CHOSEN) == 303
    door.wait(10)
    assert await door.knock("203.0.113.99", name, CHOSEN) == 303


async def test_guessing_many_names_from_one_place_is_slow_too(door: Door) -> None:
    """An address of the sixth version counts with its 2^64 neighbours."""
    places = (f"2001:db8::{place:x}" for place in range(1, 56))
    tried = await _knocked(door, [(place, uuid4().hex) for place in places])
    assert (tried.count(401), tried.count(429)) == (50, 5)
    assert await door.knock("2001:db8:0:1::1", uuid4().hex, WRONG) == 401


async def test_many_tries_at_once_gain_nothing(door: Door) -> None:
    name = await door.account()
    tried = await asyncio.gather(*(door.knock("192.0.2.3", name, WRONG) for _ in range(20)))
    assert (tried.count(401), tried.count(429)) == (5, 15)


async def test_a_name_that_is_not_there_takes_as_long_as_one_that_is(door: Door) -> None:
    name, took = await door.account(), dict[str, list[float]]()
    for place in range(5):
        for whose, typed in (("known", name), ("unknown", uuid4().hex)):
            began = monotonic()
            assert await door.knock(f"192.0.2.{10 + place}", typed, WRONG) == 401
            took.setdefault(whose, []).append(monotonic() - began)
    known, unknown = median(took["known"]), median(took["unknown"])
    assert min(known, unknown) >= REFUSED_AFTER
    assert abs(known - unknown) < REFUSED_AFTER / 3
