"""Real PostgreSQL for every test that needs one, and services over ASGI with tokens of a test issuer."""

import asyncio
import base64
import os
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from embedded.postgres import EmbeddedPostgres
from embedded.provision import SERVICES, provision, service_url
from kit.auth import ALGORITHM, HeldPost, TokenVerifier, post_claim
from kit.clock import Clock
from kit.context import Context
from kit.db import Database
from kit.migrate import migrate
from kit.service import Service
from language.posts.kinds import PostKind

ISSUER = "http://issuer.test"
AUDIENCE = "sangkien"
# The keys of every history that a test writes: read from the environment, as in life.
os.environ["HISTORY_KEYS"] = f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL with the services' roles; `fresh` gives an empty database in it."""

    admin_url: str
    passwords: dict[str, str]

    async def fresh(self) -> str:
        """The admin DSN of a new, provisioned database."""
        name = f"test_{uuid4().hex[:12]}"
        admin = await asyncpg.connect(self.admin_url)
        await admin.execute(f"create database {name}")
        await admin.close()
        url = f"{self.admin_url.rsplit('/', 1)[0]}/{name}"
        await provision(url, self.passwords)
        return url


@asynccontextmanager
async def cluster() -> AsyncIterator[Cluster]:
    """A PostgreSQL that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sangkien-test-") as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres", free_port(), secrets.token_hex(16))
        embedded.initialise()
        with (Path(folder) / "postgres.log").open("wb") as log:
            server = await asyncio.create_subprocess_exec(*embedded.command(), stdout=log, stderr=log)
        try:
            await embedded.wait_ready()
            yield Cluster(embedded.admin_url, {service: secrets.token_hex(16) for service in SERVICES})
        finally:
            server.terminate()
            try:
                await asyncio.wait_for(server.wait(), 10)
            except TimeoutError:
                server.kill()
                await server.wait()


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[Cluster]:
    """One cluster a test session."""
    async with cluster() as running:
        yield running


class TestIssuer:
    """Signs tokens as an OpenID Connect issuer would; also the key source that the service under test
    trusts."""

    __test__ = False

    def __init__(self) -> None:
        self._key = RSAKey.generate_key(2048, parameters={"kid": "test", "use": "sig", "alg": ALGORITHM})
        self._stranger = RSAKey.generate_key(2048, parameters={"kid": "test", "use": "sig", "alg": ALGORITHM})

    async def keys(self, *, fresh: bool) -> KeySet:
        """The public keys."""
        return KeySet([self._key])

    def token(self, person_id: UUID, *posts: HeldPost, forged: bool = False, expired: bool = False) -> str:
        """An access token; `forged` is signed with another key of the same id."""
        now = int(Clock().real_now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(person_id),
            "iat": now,
            "exp": now + (-60 if expired else 3600),
        }
        claims["posts"] = [post_claim(post) for post in posts]
        key = self._stranger if forged else self._key
        return jwt.encode({"alg": ALGORITHM, "kid": "test"}, claims, key)


def held(kind: PostKind, *path: UUID, post_id: UUID | None = None) -> HeldPost:
    """A post of this kind in the last unit of the path, held for years."""
    return HeldPost(
        post_id=post_id or uuid4(),
        kind=kind,
        unit_id=path[-1],
        unit_path=path,
        held_from=date(2000, 1, 1),
        held_to=None,
    )


@dataclass
class TestService:
    """A service under test: its app over ASGI, its database, its activities, and tokens for anybody."""

    __test__ = False

    app: FastAPI
    http: httpx.AsyncClient
    database: Database
    activities: dict[str, Callable[..., Any]]
    issuer: TestIssuer
    admin_url: str

    def headers(self, person_id: UUID, *posts: HeldPost, key: str | None = None) -> dict[str, str]:
        """Bearer token and a fresh Idempotency-Key."""
        return {
            "Authorization": f"Bearer {self.issuer.token(person_id, *posts)}",
            "Idempotency-Key": key or uuid4().hex,
        }


class MovableClock(Clock):
    """Real time plus an offset that a test sets."""

    def __init__(self) -> None:
        super().__init__()
        self.offset = timedelta()

    def now(self) -> Any:
        """Domain time, moved."""
        return self.real_now() + self.offset


@pytest.fixture(scope="session")
def issuer() -> TestIssuer:
    """One issuer a session: RSA keys are slow to make."""
    return TestIssuer()


ServiceOpener = Callable[..., AbstractAsyncContextManager[TestService]]


@pytest.fixture(scope="session")
def open_service(postgres: Cluster, issuer: TestIssuer) -> ServiceOpener:
    """`async with open_service(SERVICE, clock=MovableClock(), **settings) as service:` with a database of its
    own."""
    return service_opener(postgres, issuer)


def service_opener(postgres: Cluster, issuer: TestIssuer) -> ServiceOpener:
    """Opens services on databases of this cluster."""

    @asynccontextmanager
    async def opener(
        service: Service, clock: Clock | None = None, **settings: Any
    ) -> AsyncIterator[TestService]:
        used_clock = clock or Clock()
        admin_url = await postgres.fresh()
        dsn = service_url(admin_url, service.name, postgres.passwords[service.name])
        await migrate(dsn, service.name, service.migrations)
        database = await Database.open(dsn, schema=service.name, clock=used_clock)
        values = service.settings(
            http_port=0, database_url=dsn, oidc_issuer=ISSUER, oidc_audience=AUDIENCE, **settings
        )
        parts = await service.build(Context(settings=values, clock=used_clock, database=database))
        parts.app.state.verifier = TokenVerifier(
            issuer=ISSUER, audience=AUDIENCE, keys=issuer, clock=used_clock
        )
        activities = {activity.__name__: activity for activity in parts.activities}
        transport = httpx.ASGITransport(app=parts.app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as http:
            yield TestService(parts.app, http, database, activities, issuer, admin_url)
        await database.close()

    return opener
