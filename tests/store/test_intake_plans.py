"""The hot queries of intake go through their indexes, and its constraints hold against whoever writes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from casework import plans
from kit.objects.folder import Folder
from language.text import containing
from services.intake.app import SERVICE
from services.intake.store import attachments, dossier_lists, dossiers, known, rules_changes, uploads
from tests.conftest import ServiceOpener, TestService, vacuum

SEED = """
with root as (select gen_random_uuid() as id), units as (select gen_random_uuid() as id
  from generate_series(1, 200)),
plan as (insert into plans (hash, version, body, frozen_at) values ('x', 1, '{}', now()) returning hash),
made as (
  insert into dossiers (id, code, state, season_id, unit_id, unit_path, created_by, created_at, content,
  title, folded_title,
    register_number, register_year, filed_at, answer_due_on, plan_hash, rule_version)
  select gen_random_uuid(), 'SK-' || units.id || n, 'FILED', root.id, units.id, array[root.id, units.id],
  gen_random_uuid(),
    now() - make_interval(mins => n), '{}', 'Trò chơi ' || n, 'tro choi ' || units.id, n, 2026, now(),
    current_date, plan.hash, 'sample@1'
  from plan, root, units, generate_series(1, 40) n returning id
), wrote as (
  insert into dossier_authors (dossier_id, position, person_id, percent) select id, 0, gen_random_uuid(),
  100 from made returning 1
), attached as (
  insert into attachments (id, dossier_id, sha256, filename, media_type, size_bytes, added_by, added_at)
  select gen_random_uuid(), id, 'x', 'a.pdf', 'application/pdf', 1, gen_random_uuid(), now()
  from made returning 1
), begun as (
  insert into uploads (id, dossier_id, begun_by, filename, size_bytes, begun_at)
  select gen_random_uuid(), id, gen_random_uuid(), 'a.pdf', 1, now() from made returning 1
)
select (select count(*) from wrote), (select count(*) from attached), (select count(*) from begun)
"""
UNDER_UNITS = dossier_lists.LIST_UNDER_UNITS["-made"]
NARROWED = (None, None, None, None, datetime(2026, 1, 1, tzinfo=UTC), None, None)
"""Author, filing days, overdue, now, days that are due."""


@pytest.fixture(scope="module")
async def seeded(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    async with open_service(SERVICE, blob_dir=blobs) as intake:
        await intake.database.pool.execute(SEED)
        await vacuum(
            intake.admin_url,
            "intake.dossiers",
            "intake.dossier_authors",
            "intake.attachments",
            "intake.uploads",
        )
        yield intake


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


async def plan_of(service: TestService, query: str, *arguments: Any) -> list[dict[str, Any]]:
    async with service.database.pool.acquire() as conn:
        plan = orjson.loads(await conn.fetchval(f"explain (format json) {query}", *arguments))
    return nodes(plan[0]["Plan"])


HOT = {
    "one dossier": (dossiers.GET, (uuid4(),)),
    "its lock": (dossiers.LOCK, (uuid4(),)),
    "its files": (attachments.LIST, (uuid4(),)),
    "how much is kept": (attachments.SIZES, (uuid4(), uuid4(), datetime(2026, 1, 1, tzinfo=UTC), None)),
    "a file on its way": (uploads.GET, (uuid4(), uuid4(), uuid4())),
    "its turn": (uploads.LOCK_FREE, (uuid4(), uuid4(), uuid4())),
    "how many are on their way": (uploads.COUNT, (uuid4(),)),
    "those of yesterday": (uploads.DELETE_OLD, (timedelta(days=1),)),
    "those still on their way": (uploads.UNFINISHED, ([uuid4()],)),
    "contents that rows name": (attachments.KNOWN_HASHES, (["y"],)),
    "what somebody has begun in a season": (known.BEGUN, ([uuid4()], uuid4())),
    "a unit's register": (dossiers.REGISTER, (uuid4(), 2026, 0, 51)),
    "those of a person": (
        dossier_lists.LIST_OF_PERSON["-made"],
        (uuid4(), None, None, None, None, None, 51, *NARROWED, None, [uuid4()]),
    ),
    "whether it has answered a change of rules": (rules_changes.HAS_ANSWERED, (uuid4(), 1)),
    "the change that moved it last": (rules_changes.LAST_MOVED, (uuid4(),)),
    "a plan": (plans.GET, ("x",)),
    "under a unit": (
        UNDER_UNITS,
        ([uuid4()], None, None, None, None, None, 51, *NARROWED),
    ),
}


@pytest.mark.parametrize("name", HOT)
async def test_no_hot_query_reads_a_whole_table(seeded: TestService, name: str) -> None:
    query, arguments = HOT[name]
    assert [
        node["Relation Name"]
        for node in await plan_of(seeded, query, *arguments)
        if node["Node Type"] == "Seq Scan"
    ] == []


async def test_my_dossiers_are_found_without_walking_everybody_elses(seeded: TestService) -> None:
    query, arguments = HOT["those of a person"]
    indexes = {node.get("Index Name") for node in await plan_of(seeded, query, *arguments)}
    assert {"dossier_authors_by_person", "dossiers_by_maker"} <= indexes
    assert "dossiers_by_time" not in indexes


OPEN_PAGE = """
select * from intake.dossiers_v1
where closed_at is null and id > $1 and split_part(rule_version, '@', 1) = $2 order by id limit $3
"""


async def test_pages_of_what_is_published_are_walked_by_id_and_not_sorted(seeded: TestService) -> None:
    found = await plan_of(seeded, OPEN_PAGE, UUID(int=0), "sample", 51)
    assert "dossiers_open_by_pack" in {node.get("Index Name") for node in found}
    # What is sorted are the changes of rules of one dossier.
    sorted_by = [key for node in found for key in node.get("Sort Key", ())]
    assert [key for key in sorted_by if "revision" not in key] == []


async def test_all_of_a_province_are_walked_by_time_and_not_sorted(seeded: TestService) -> None:
    province = await seeded.database.pool.fetchval("select unit_path[1] from dossiers limit 1")
    found = await plan_of(
        seeded,
        UNDER_UNITS,
        [province],
        None,
        None,
        None,
        None,
        None,
        51,
        *NARROWED,
    )
    assert "dossiers_by_time" in {node.get("Index Name") for node in found}


@pytest.mark.parametrize("text", ["khong co ten nay", "sk-2026-00042"])
async def test_a_search_for_title_or_code_goes_through_one_index(seeded: TestService, text: str) -> None:
    province = await seeded.database.pool.fetchval("select unit_path[1] from dossiers limit 1")
    found = await plan_of(
        seeded,
        UNDER_UNITS,
        [province],
        None,
        None,
        containing(text),
        None,
        None,
        51,
        *NARROWED,
    )
    assert "dossiers_by_search_text" in {node.get("Index Name") for node in found}


COPY = """
insert into dossiers (id, code, state, season_id, unit_id, unit_path, created_by, created_at, content,
  register_number, register_year)
select gen_random_uuid(), $1, 'FILED', season_id, unit_id, unit_path, created_by, created_at, content, $2,
  register_year
from dossiers where register_number = 7 limit 1
"""


async def test_no_two_dossiers_of_a_unit_have_the_same_number(seeded: TestService) -> None:
    with pytest.raises(asyncpg.UniqueViolationError, match="dossiers_register"):
        await seeded.database.pool.execute(COPY, "SK-other", 7)


async def test_a_filed_dossier_has_a_code_and_a_known_state(seeded: TestService) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await seeded.database.pool.execute(COPY, None, 4_000)
    with pytest.raises(asyncpg.CheckViolationError):
        await seeded.database.pool.execute("update dossiers set state = 'LOST' where register_number = 7")


async def test_a_filed_dossier_keeps_a_plan_and_plans_are_final(seeded: TestService) -> None:
    pool = seeded.database.pool
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute("update dossiers set plan_hash = null where register_number = 7")
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await pool.execute("update dossiers set plan_hash = 'y' where register_number = 7")
    for statement in ("update plans set version = 2", "delete from plans"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


async def test_a_file_kept_twice_is_one_file_that_is_whole(tmp_path: Path) -> None:
    blobs = attachments.Blobs(Folder(tmp_path))
    for _ in range(2):
        async with blobs.staged("ab" * 32, b"content") as staged:
            await staged.keep()
    assert [(path.name, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()] == [
        ("ab" * 32, b"content")
    ]
