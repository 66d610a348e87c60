"""Real PostgreSQL for every test that needs one, and services over ASGI with tokens of a test issuer."""

import asyncio
import base64
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from embedded.postgres import EmbeddedPostgres
from kit.auth import ALGORITHM, HttpKeySource, TokenVerifier
from kit.clock import Clock
from kit.context import Context
from kit.db import Connection, Database
from kit.service import Service
from language.names import SCHEMAS, TaskQueue
from language.posts.kinds import PostKind
from processes.migrate import bring_up_to_date
from processes.roles import service_url
from services.organisation.sign_in.operations import passwords
from tests.s3.running import BlobPlace, bucket_place, folder_place

ISSUER = "http://issuer.test"
AUDIENCE = "sangkien"
# The keys of every history that a test writes: read from the environment, as in life.
os.environ["HISTORY_KEYS"] = f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}"
os.environ["WEBHOOK_KEYS"] = f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}"
os.environ["ONE_TIME_CODE_KEYS"] = f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}"


LONGEST_FIRST = (
    "pages/test_every_page.py",
    "pages/test_every_page_seen.py",
    "e2e/test_tour.py",
    "e2e/test_launcher.py",
    "e2e/test_rehearse_succession.py",
    "e2e/test_rehearse_compare.py",
    "pages/test_dossiers_seen.py",
    "pages/test_attacks.py",
    "upgrade/test_upgrade.py",
    "e2e/test_rehearse_switch.py",
    "e2e/test_rehearse.py",
    "e2e/test_restored_season.py",
    "e2e/test_two_provinces.py",
    "pages/test_mended.py",
)
"""The files that take minutes: whichever is begun last leaves the other workers without work."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, for workers that take whole files in this order; each worker collects for itself,
    and does not know that it is one."""
    place = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get("/".join(item.path.parts[-2:]), len(place)))


QUICK = ("-c", "fsync=off", "-c", "max_wal_size=256MB")
"""This cluster is thrown away; only a machine that loses power could tell the difference."""
_MEMORY = Path("/dev/shm")
_ROOM = 4 * 2**30


def place_of_clusters() -> Path | None:
    """Where a cluster lies: a database is two thousand files, which some disks take a second to make. In
    memory it is a few hundredths; where there is no room, wherever temporary files go."""
    has_room = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM
    return _MEMORY if has_room else None


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# A copy does not take this from its template.
COPY_RIGHTS = """
update pg_database set datacl = (select datacl from pg_database where datname = $1) where datname = $2
"""


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL with the services' roles. `fresh` gives a new database in it with everybody's
    tables, which were made once, by the job that makes them everywhere; `empty` gives one with nothing in
    it."""

    admin_url: str
    passwords: dict[str, str]
    template: str

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        conn = await asyncpg.connect(self.admin_url)
        try:
            yield conn
        finally:
            await conn.close()

    def _url_of(self, name: str) -> str:
        return f"{self.admin_url.rpartition('/')[0]}/{name}"

    async def empty(self) -> str:
        """The admin DSN of a new database."""
        name = f"test_{uuid4().hex[:12]}"
        async with self._admin() as admin:
            await admin.execute(f"create database {name}")
        return self._url_of(name)

    async def fresh(self) -> str:
        """The admin DSN of a new database, migrated."""
        name = f"test_{uuid4().hex[:12]}"
        async with self._admin() as admin:
            await admin.execute(f"create database {name} template {self.template} strategy file_copy")
            await admin.execute(COPY_RIGHTS, self.template, name)
        return self._url_of(name)

    async def drop(self, admin_url: str) -> None:
        """The database is not needed any more, whoever is still connected to it."""
        async with self._admin() as admin:
            await admin.execute(f"drop database {admin_url.rpartition('/')[2]} with (force)")

    def url(self, admin_url: str, service: str) -> str:
        """The DSN with which this service logs into that database."""
        return service_url(admin_url, service, self.passwords[service])


async def as_admin(admin_url: str, *statements: str) -> None:
    """What no service may do itself: tables of a test's own, settings of tables."""
    conn = await asyncpg.connect(admin_url)
    for statement in statements:
        await conn.execute(statement)
    await conn.close()


async def vacuum(admin_url: str, *tables: str) -> None:
    """Let the planner know what the tables hold; only their owner may ask for it."""
    conn = await asyncpg.connect(admin_url)
    await conn.execute(f"vacuum (analyze) {', '.join(tables)}")
    await conn.close()


@asynccontextmanager
async def cluster() -> AsyncIterator[Cluster]:
    """A PostgreSQL that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sangkien-test-", dir=place_of_clusters()) as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres", free_port(), secrets.token_hex(16))
        embedded.initialise()
        with (Path(folder) / "postgres.log").open("wb") as log:
            server = await asyncio.create_subprocess_exec(*embedded.command(), *QUICK, stdout=log, stderr=log)
        try:
            await embedded.wait_ready()
            passwords = {str(schema): secrets.token_hex(16) for schema in SCHEMAS}
            cluster = Cluster(embedded.admin_url, passwords, "migrated")
            admin = await asyncpg.connect(embedded.admin_url)
            await admin.execute("create database migrated")
            await admin.close()
            await bring_up_to_date(f"{embedded.admin_url.rsplit('/', 1)[0]}/migrated", passwords)
            yield cluster
        finally:
            server.terminate()
            try:
                await asyncio.wait_for(server.wait(), 10)
            except TimeoutError:
                server.kill()
                await server.wait()


HASHER = passwords._HASHER
"""As passwords are hashed in life, which would be a sixth of what the tests of the organisation do."""


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_hashed_at_once() -> None:
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


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
        self._keys = KeySet([self._key])
        self._stranger = RSAKey.generate_key(2048, parameters={"kid": "test", "use": "sig", "alg": ALGORITHM})

    async def keys(self, *, fresh: bool) -> KeySet:
        """The public keys."""
        return self._keys

    def token(
        self, person_id: UUID | str, *, forged: bool = False, expired: bool = False, issuer: str = ISSUER
    ) -> str:
        """An access token; `forged` is signed with another key of the same id."""
        now = int(Clock().real_now().timestamp())
        claims = {
            "iss": issuer,
            "aud": AUDIENCE,
            "sub": str(person_id),
            "iat": now,
            "exp": now + (-60 if expired else 3600),
            "jti": uuid4().hex,
        }
        key = self._stranger if forged else self._key
        return jwt.encode({"alg": ALGORITHM, "kid": "test"}, claims, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPost:
    """A post that somebody holds in a test, in the unit that the path leads to."""

    post_id: UUID
    kind: PostKind
    unit_path: tuple[UUID, ...]
    held_from: date
    held_to: date | None

    @property
    def unit_id(self) -> UUID:
        """The unit itself."""
        return self.unit_path[-1]


def held(kind: PostKind, *path: UUID, post_id: UUID | None = None) -> HeldPost:
    """A post of this kind in the last unit of the path, held for years."""
    return HeldPost(
        post_id=post_id or uuid4(),
        kind=kind,
        unit_path=path,
        held_from=date(2000, 1, 1),
        held_to=None,
    )


@pytest.fixture(scope="module", params=["folder", "bucket"])
async def blobs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BlobPlace]:
    """Where attachments are kept: every test of them runs with either."""
    folder = tmp_path_factory.mktemp("blobs")
    if request.param == "folder":
        yield folder_place(folder)
    else:
        async with bucket_place(folder, free_port()) as place:
            yield place


@dataclass
class TestService:
    """A service under test: its app over ASGI, its database, its activities, and tokens for anybody."""

    __test__ = False

    app: FastAPI
    http: httpx.AsyncClient
    database: Database
    activities: dict[str, Callable[..., Any]]
    issuer: TestIssuer
    shared: "SharedDatabase"

    @property
    def admin_url(self) -> str:
        """The admin DSN of its database."""
        return self.shared.admin_url

    def headers(self, person_id: UUID, *posts: HeldPost, key: str | None = None) -> dict[str, str]:
        """Bearer token and a fresh Idempotency-Key of a person who, when the request is made, holds these
        posts besides those that the organisation has given them by itself."""
        authorization = f"Bearer {self.issuer.token(person_id)}"
        self.shared.callers[authorization] = (person_id, posts)
        return {"Authorization": authorization, "Idempotency-Key": key or uuid4().hex}


UNIT = """
insert into units (id, parent_id, path, code, name, level, valid_from)
values ($1, $2, $3, $1::uuid::text, 'x', 'UNIT', '2000-01-01') on conflict do nothing
"""
PERSON = """
insert into people (id, code, full_name, folded_name) values ($1, $1::uuid::text, 'x', 'x')
on conflict do nothing
"""
ACCOUNT = "insert into accounts (username, person_id) values ($1::uuid::text, $1) on conflict do nothing"
POST = (
    "insert into posts (id, unit_id, kind, title) values ($1, $2, $3, $1::uuid::text) on conflict do nothing"
)
TAKE = "delete from holdings where person_id = $1 and post_id = $2"
GIVE = """
insert into holdings (id, post_id, person_id, held_from, held_to) values (gen_random_uuid(), $1, $2, $3, $4)
on conflict do nothing
"""


async def let_hold(
    conn: Connection, person_id: UUID, before: Collection[HeldPost], now: Collection[HeldPost]
) -> None:
    """The person has an account and holds the posts of now, no longer those of before."""
    await conn.execute(PERSON, person_id)
    await conn.execute(ACCOUNT, person_id)
    for post in set(before) - set(now):
        await conn.execute(TAKE, person_id, post.post_id)
    for post in set(now) - set(before):
        for number, unit in enumerate(post.unit_path):
            parent = post.unit_path[number - 1] if number else None
            await conn.execute(UNIT, unit, parent, list(post.unit_path[: number + 1]))
        await conn.execute(POST, post.post_id, post.unit_id, post.kind)
        await conn.execute(GIVE, post.post_id, person_id, post.held_from, post.held_to)


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


@dataclass
class SharedDatabase:
    """One database in which several services may work, each by its own role."""

    cluster: Cluster
    issuer: TestIssuer
    clock: Clock
    admin_url: str
    stack: AsyncExitStack
    callers: dict[str, tuple[UUID, tuple[HeldPost, ...]]] = field(default_factory=dict, repr=False)
    _databases: dict[str, Database] = field(default_factory=dict)
    _holding: dict[UUID, frozenset[HeldPost]] = field(default_factory=dict, repr=False)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def let_hold(self, request: httpx.Request) -> None:
        """Before a request: its caller has an account, and the posts that the test has said."""
        known = self.callers.get(request.headers.get("authorization", ""))
        if known is None:
            return
        person_id, posts = known
        async with self._writing:
            if self._holding.get(person_id) == frozenset(posts):
                return
            organisation = await self.database(TaskQueue.ORGANISATION)
            before = self._holding.get(person_id, frozenset())
            async with organisation.transaction() as tx:
                await let_hold(tx.conn, person_id, before, frozenset(posts))
            self._holding[person_id] = frozenset(posts)

    async def database(self, name: str, wait_seconds: float | None = None) -> Database:
        """The pool of this service; closed with the service that was opened first."""
        if name not in self._databases:
            opened = await Database.open(
                self.cluster.url(self.admin_url, name),
                schema=name,
                clock=self.clock,
                wait_seconds=wait_seconds,
            )
            self.stack.push_async_callback(opened.close)
            self._databases[name] = opened
        return self._databases[name]

    async def open(self, service: Service, **settings: Any) -> TestService:
        """This service on the database; closed with the one that was opened first."""
        values = service.settings(
            http_port=0,
            database_url=self.cluster.url(self.admin_url, service.name),
            oidc_audience=AUDIENCE,
            **{"oidc_issuer": ISSUER, **settings},
        )
        database = await self.database(service.name, values.database_wait_seconds)
        context = Context(
            settings=values, clock=self.clock, database=database, activities=database, jobs=database
        )
        parts = await service.build(context)
        parts.app.state.verifier = TokenVerifier(
            own=ISSUER,
            audience=AUDIENCE,
            keys={
                ISSUER: self.issuer,
                **{other: HttpKeySource(other, self.clock) for other in values.other_issuers},
            },
            clock=self.clock,
        )
        activities = {activity.__name__: activity for activity in parts.activities}
        transport = httpx.ASGITransport(app=parts.app, raise_app_exceptions=True)
        http = httpx.AsyncClient(
            transport=transport, base_url="http://service.test", event_hooks={"request": [self.let_hold]}
        )
        await self.stack.enter_async_context(http)
        return TestService(parts.app, http, database, activities, self.issuer, self)


ServiceOpener = Callable[..., AbstractAsyncContextManager[TestService]]


@pytest.fixture(scope="session")
def open_service(postgres: Cluster, issuer: TestIssuer) -> ServiceOpener:
    """`async with open_service(SERVICE, clock=MovableClock(), **settings) as service:` with a database of its
    own. `await service.shared.open(OTHER)` opens another service on the same database, and
    `await service.shared.database(OTHER.name)` only its pool."""
    return service_opener(postgres, issuer)


def service_opener(postgres: Cluster, issuer: TestIssuer) -> ServiceOpener:
    """Opens services on databases of this cluster."""

    @asynccontextmanager
    async def opener(
        service: Service, clock: Clock | None = None, **settings: Any
    ) -> AsyncIterator[TestService]:
        async with AsyncExitStack() as stack:
            admin_url = await postgres.fresh()
            stack.push_async_callback(postgres.drop, admin_url)
            shared = SharedDatabase(postgres, issuer, clock or Clock(), admin_url, stack)
            yield await shared.open(service, **settings)

    return opener
