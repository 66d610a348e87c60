"""Two provinces on one server of PostgreSQL: no role of one comes into the other's database, and nothing that
is done to one is felt in the other."""

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import asyncpg
import pytest

from language.names import SCHEMAS
from processes.migrate import bring_up_to_date
from processes.roles import (
    PrefixUnfit,
    RolesOfAnother,
    granted,
    owner_of,
    role_of,
    service_url,
    told_prefix,
    wanted_grants,
)
from tests.conftest import Cluster


@dataclass(frozen=True)
class Province:
    """A database with roles of its own."""

    url: str
    prefix: str
    passwords: Mapping[str, str]

    def url_of(self, schema: str, database: str | None = None) -> str:
        """How a service logs in; here, or at another database of the server."""
        return service_url(database or self.url, schema, self.passwords[schema], self.prefix)


@pytest.fixture(scope="module")
async def provinces(postgres: Cluster) -> AsyncIterator[tuple[Province, Province]]:
    """The second is brought up after the first."""
    made = []
    for name in ("hagiang", "caobang"):
        prefix = f"{name}_{secrets.token_hex(3)}"
        province = Province(
            await postgres.empty(), prefix, {schema: secrets.token_hex(16) for schema in SCHEMAS}
        )
        await bring_up_to_date(province.url, province.passwords, prefix=prefix)
        made.append(province)
    yield made[0], made[1]
    for province in made:
        await postgres.drop(province.url)


async def test_a_role_works_at_home_and_comes_into_no_other_database(
    provinces: tuple[Province, Province],
) -> None:
    for own, other in (provinces, provinces[::-1]):
        for schema in SCHEMAS:
            conn = await asyncpg.connect(own.url_of(schema))
            assert await conn.fetchval("select current_user") == role_of(schema, own.prefix)
            assert await conn.fetchval("select count(*) from schema_migrations") > 0
            await conn.close()
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(own.url_of(schema, other.url))


async def test_tables_and_grants_are_of_the_own_roles_alone(provinces: tuple[Province, Province]) -> None:
    for own, other in (provinces, provinces[::-1]):
        conn = await asyncpg.connect(own.url)
        assert await granted(conn, own.prefix) == await wanted_grants(conn, own.prefix)
        assert await granted(conn, other.prefix) == set()
        owners = await conn.fetch(
            "select distinct c.relowner::regrole::text "
            "from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1)",
            list(SCHEMAS),
        )
        assert [row[0] for row in owners] == [owner_of(own.prefix)]
        await conn.close()


async def test_a_second_province_under_the_names_of_the_first_is_refused_and_changes_nothing(
    postgres: Cluster, provinces: tuple[Province, Province]
) -> None:
    first = provinces[0]
    url = await postgres.empty()
    others = {schema: secrets.token_hex(16) for schema in SCHEMAS}
    with pytest.raises(RolesOfAnother) as refused:
        await bring_up_to_date(url, others, prefix=first.prefix)
    for said in (refused.value.detail_vi, refused.value.detail_en):
        assert first.url.rpartition("/")[2] in said
        assert "ROLE_PREFIX" in said
    conn = await asyncpg.connect(url)
    assert not await conn.fetch("select from pg_namespace where nspname = any($1)", list(SCHEMAS))
    await conn.close()
    await postgres.drop(url)
    await (await asyncpg.connect(first.url_of("intake"))).close()


async def test_the_same_province_is_brought_up_to_date_again(provinces: tuple[Province, Province]) -> None:
    for one in provinces:
        assert await bring_up_to_date(one.url, one.passwords, prefix=one.prefix) == []


@pytest.mark.parametrize("unfit", ["Ha", "1a", "hà", "a-b", "a;drop role x", "a" * 41, "a b", 'a"'])
def test_what_cannot_begin_the_name_of_a_role_is_refused(monkeypatch: pytest.MonkeyPatch, unfit: str) -> None:
    monkeypatch.setenv("ROLE_PREFIX", unfit)
    with pytest.raises(PrefixUnfit):
        told_prefix()


def test_roles_are_called_as_before_where_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for said in (None, ""):
        monkeypatch.delenv("ROLE_PREFIX", raising=False)
        if said is not None:
            monkeypatch.setenv("ROLE_PREFIX", said)
        assert role_of("intake", told_prefix()) == "sangkien_intake"
