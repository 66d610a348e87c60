"""Policy packs: drafts that change, published versions that never do."""

from collections.abc import Mapping, Set
from datetime import date
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from kit.db import Tx
from kit.inserts import Insert
from kit.rows import read, read_all
from kit.sorting import ListPlace, Order, Sort, Sorts
from language.deadline.arithmetic import local_day
from language.refusals import NotFound
from language.views import LATER_PACK
from services.rulebook.domain.drafts import DraftState, PackDraft
from services.rulebook.domain.packs import PublishedPack

_DRAFT = """
  id, name, pack_version, content, state, drafted_by, drafted_at, edited_by, edited_at,
  published_by, published_at, version
"""


INSERT_PACK = Insert(
    "policy_packs",
    "name, version, content, effective_from, effective_to, drafted_by, published_by, published_at",
    "on conflict do nothing returning true",
)


async def insert_pack(tx: Tx, pack: PublishedPack, content: dict[str, Any]) -> bool:
    """False when that version is published already."""
    return bool(await tx.conn.fetchval(INSERT_PACK.statement, *INSERT_PACK.row(pack, content=content)))


_PUBLISHED = f"""
select name, version, effective_from, effective_to, drafted_by, published_by, published_at,
  (name, version) in (
    select name, version from policy_packs
    where effective_from <= $1 and (effective_to is null or effective_to >= $1)
    order by {LATER_PACK} limit 1
  ) as in_force
from policy_packs
"""
LIST_PACKS = f"{_PUBLISHED} order by effective_from desc, published_at desc, name, version desc limit 200"


async def list_packs(tx: Tx) -> list[PublishedPack]:
    """All published packs."""
    return read_all(PublishedPack, await tx.conn.fetch(LIST_PACKS, local_day(tx.now)))


GET_PUBLISHED = f"{_PUBLISHED} where name = $2 and version = $3"


async def get_published(tx: Tx, name: str, version: int) -> PublishedPack:
    """A published version in the list; `NotFound` without one."""
    row = await tx.conn.fetchrow(GET_PUBLISHED, local_day(tx.now), name, version)
    if row is None:
        raise NotFound
    return read(PublishedPack, row)


GET_PACK = "select content from policy_packs where name = $1 and version = $2"


async def find_pack(tx: Tx, name: str, version: int) -> dict[str, Any] | None:
    """The content of one published version."""
    content: dict[str, Any] | None = await tx.conn.fetchval(GET_PACK, name, version)
    return content


IN_FORCE = f"""
select content from policy_packs where effective_from <= $1 and (effective_to is null or effective_to >= $1)
order by {LATER_PACK} limit 1
"""


async def pack_in_force(tx: Tx, day: date) -> dict[str, Any] | None:
    """The content of the pack that holds for what is filed on the day."""
    content: dict[str, Any] | None = await tx.conn.fetchval(IN_FORCE, day)
    return content


VERSIONS = "select name, array_agg(version) as versions from policy_packs where name = any($1) group by name"


async def published_versions(tx: Tx, names: list[str]) -> Mapping[str, Set[int]]:
    """The versions published under these names."""
    return {row["name"]: frozenset(row["versions"]) for row in await tx.conn.fetch(VERSIONS, names)}


LEVELS = """
select distinct on (name) name, jsonb_path_query_array(content, '$.levels[*].level') as levels
from policy_packs where name = any($1) order by name, version desc
"""


async def newest_levels(tx: Tx, names: list[str]) -> Mapping[str, Set[str]]:
    """The levels in the newest version of these names."""
    return {row["name"]: frozenset(row["levels"]) for row in await tx.conn.fetch(LEVELS, names)}


INSERT_DRAFT = Insert(
    "policy_drafts", "id, name, pack_version, content, drafted_by, drafted_at, edited_by, edited_at"
)


async def insert_draft(tx: Tx, draft: PackDraft) -> None:
    """A new draft."""
    await tx.conn.execute(INSERT_DRAFT.statement, *INSERT_DRAFT.row(draft))


async def _one(tx: Tx, query: str, draft_id: UUID) -> PackDraft:
    row = await tx.conn.fetchrow(query, draft_id)
    if row is None:
        raise NotFound
    return read(PackDraft, row)


GET_DRAFT = f"select {_DRAFT} from policy_drafts where id = $1"


async def get_draft(tx: Tx, draft_id: UUID) -> PackDraft:
    """The draft; `NotFound` without one."""
    return await _one(tx, GET_DRAFT, draft_id)


LOCK_DRAFT = f"{GET_DRAFT} for update"


async def lock_draft(tx: Tx, draft_id: UUID) -> PackDraft:
    """The draft, locked until the transaction ends."""
    return await _one(tx, LOCK_DRAFT, draft_id)


SAVE_DRAFT = """
update policy_drafts set name = $2, pack_version = $3, content = $4, state = $5, edited_by = $6,
  edited_at = $7, published_by = $8,
  published_at = $9, version = $10
where id = $1
"""


async def save_draft(tx: Tx, draft: PackDraft) -> None:
    """The draft as it is now."""
    await tx.conn.execute(
        SAVE_DRAFT,
        draft.id,
        draft.name,
        draft.pack_version,
        draft.content,
        draft.state,
        draft.edited_by,
        draft.edited_at,
        draft.published_by,
        draft.published_at,
        draft.version,
    )


DRAFT_SORTS: Final = Sorts(
    "-drafted", Sort(name="drafted", column="drafted_at", shown=attrgetter("drafted_at"))
)


def _list_drafts(order: Order) -> str:
    return f"""
select {_DRAFT} from policy_drafts where ($1::text is null or state = $1) and {order.behind(2)}
{order.by()} limit $4
"""


LIST_DRAFTS = DRAFT_SORTS.statements(_list_drafts)


async def list_drafts(tx: Tx, state: DraftState | None, place: ListPlace, limit: int) -> list[PackDraft]:
    """Drafts in the order of the place, from there on."""
    found = await tx.conn.fetch(LIST_DRAFTS[place.order], state, *place.arguments, limit)
    return read_all(PackDraft, found)
