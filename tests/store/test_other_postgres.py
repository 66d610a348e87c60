"""The PostgreSQL that an operating system brings along, of another version than ours, and over TLS only."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest

from casework.history.looking import looking_at
from cli.database_found import examine_database
from embedded.postgres import EmbeddedPostgres
from kit.hosts import connect
from kit.outages import OUTAGES, DatabaseAway
from kit.outbox import CHANNEL
from kit.relay import LISTEN_TO
from language.names import SCHEMAS
from processes.migrate import bring_up_to_date
from services.review.app import SERVICE
from tests.certificates import Authority
from tests.conftest import QUICK, Cluster, TestIssuer, free_port, service_opener
from tests.postgres_servers import Server, a_folder

# Further ones by their folders, as PATH has them.
OTHERS = [
    *sorted(Path("/usr/lib/postgresql").glob("*/bin")),
    *(Path(folder) for folder in os.environ.get("OTHER_POSTGRES", "").split(os.pathsep) if folder),
]
OVER_TLS = """
select bool_and(s.ssl) and count(*) > 3 from pg_stat_ssl s join pg_stat_activity a using (pid)
where a.usename = 'sangkien_review'
"""


@dataclass(frozen=True)
class Other:
    """A server with a database in which nothing is yet, and who signed for it."""

    major: str
    admin_url: str
    authority: Authority
    stranger: Authority
    passwords: dict[str, str]

    def dsn(
        self, *, sslmode: str = "verify-full", host: str = "localhost", by: Authority | None = None
    ) -> str:
        """The administrator's; `by` is whose word is taken for the server."""
        root = "" if sslmode == "disable" else f"&sslrootcert={(by or self.authority).file}"
        return f"{self.admin_url.replace('127.0.0.1', host)}?sslmode={sslmode}{root}"


@pytest.fixture(scope="module", params=OTHERS or [None], ids=lambda bin: bin.parent.name if bin else "none")
async def other(request: pytest.FixtureRequest) -> AsyncIterator[Other]:
    if request.param is None:
        pytest.skip("no other PostgreSQL lies in /usr/lib/postgresql or OTHER_POSTGRES")
    async with a_folder() as folder:
        authority, stranger = Authority(folder), Authority(folder, "stranger")
        pair = authority.issue("localhost")
        pair.key.chmod(0o600)
        tls = ("ssl=on", f"ssl_cert_file={pair.certificate}", f"ssl_key_file={pair.key}")
        with patch.dict(os.environ, PG_BIN=str(request.param)):
            embedded = EmbeddedPostgres(folder / "postgres", free_port(), secrets.token_hex(16))
        embedded.initialise()
        (folder / "postgres" / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        server = Server(embedded, folder, (*QUICK, *(part for one in tls for part in ("-c", one))))
        await server.start()
        passwords = {str(schema): secrets.token_hex(16) for schema in SCHEMAS}
        major = (folder / "postgres" / "PG_VERSION").read_text().strip()
        try:
            yield Other(major, embedded.admin_url, authority, stranger, passwords)
        finally:
            await server.kill()


async def test_all_ways_to_it_are_over_tls_and_everything_works(other: Other, issuer: TestIssuer) -> None:
    admin_url = other.dsn()
    assert await bring_up_to_date(admin_url, other.passwords)

    class Given(Cluster):
        async def fresh(self) -> str:
            return admin_url

        async def drop(self, admin_url: str) -> None:
            return

    given = Given(admin_url, other.passwords, "")
    async with service_opener(given, issuer)(SERVICE) as review:
        assert (await review.http.get("/readyz")).status_code == 200
        headers = review.headers(uuid4())
        assert (await review.http.get("/v1/tasks", headers=headers)).status_code == 200
        decide = f"/v1/stages/{uuid4()}/decision"
        asked = await review.http.post(
            decide, json={"outcome": "RECOGNISED", "reasons": "x"}, headers=headers
        )
        assert asked.status_code == 404
        heard = asyncio.Event()
        async with review.database.apart() as conn, review.database.leases.kept():
            channel = str(await conn.fetchval(LISTEN_TO, CHANNEL))
            await conn.add_listener(channel, lambda *_: heard.set())
            async with review.database.transaction() as tx:
                tx.wakes.add(CHANNEL)
            await asyncio.wait_for(heard.wait(), 10)
            async with looking_at(admin_url, "review") as tx:
                assert await tx.conn.fetchval(OVER_TLS)
    findings = await asyncio.to_thread(examine_database, admin_url, other.passwords, None)
    assert not [finding for finding in findings if not finding.is_fine]
    assert findings[0].detail.startswith(other.major)
    assert "over TLS" in findings[0].detail
    assert "not over TLS" not in findings[0].detail


async def test_who_is_not_who_the_certificate_says_is_not_spoken_to(other: Other) -> None:
    for dsn in (other.dsn(by=other.stranger), other.dsn(host="127.0.0.1")):
        with pytest.raises(DatabaseAway, match="SSLCertVerificationError"):
            await connect(dsn)
        [found] = await asyncio.to_thread(examine_database, dsn, {}, None)
        assert not found.is_fine
        assert "SSLCertVerificationError" in found.detail


async def test_who_speaks_no_tls_is_not_let_in(other: Other) -> None:
    dsn = other.dsn(sslmode="disable")
    with pytest.raises(OUTAGES):
        await connect(dsn)
    [found] = await asyncio.to_thread(examine_database, dsn, {}, None)
    assert "pg_hba.conf" in found.detail
