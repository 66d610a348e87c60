"""Policy packs over HTTP: drafts on their way, published versions, and what they say in sentences."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response

from kit.db import Tx
from kit.http.commands import Caller, Commanded, Db, IfMatch, shown
from kit.http.models import Code, InDigits, Page, PageSize, page_of, whole
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from packs.freezing import PolicyPack
from services.rulebook.api import pack_schemas as schemas
from services.rulebook.domain.drafts import DraftState
from services.rulebook.operations import packs
from services.rulebook.store import packs as store

router = Router(prefix="/v1", tags=["policy packs"])
_LARGEST_VERSION = 2**31 - 1
Version = Annotated[int, InDigits]
PackVersion = Annotated[
    str, Query(pattern=r"^[a-z0-9][a-z0-9-]{1,62}@[0-9]{1,9}$", examples=["two-tier-since-2025-07-01@1"])
]


@router.get("/policy-packs")
async def list_packs(caller: Caller, database: Db) -> Page[schemas.PackOut]:
    """All published packs."""
    async with database.reading() as tx:
        return whole([schemas.PackOut.of(pack) for pack in await store.list_packs(tx)])


@router.post("/policy-packs", status_code=201, response_model=schemas.DraftOut)
async def draft_pack(body: PolicyPack, command: Commanded) -> Response:
    """Begin a draft. It is in force only once a second person has published it."""
    return await command.run(
        lambda tx: packs.draft_pack(tx, command.caller, body),
        schemas.DraftOut.of,
        status=201,
        location=lambda view: f"/v1/policy-packs/drafts/{view.draft.id}",
    )


@router.get("/policy-packs/drafts")
async def list_drafts(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(store.DRAFT_SORTS))],
    state: DraftState | None = None,
    limit: PageSize = 50,
) -> Page[schemas.DraftLineOut]:
    """Drafts, newest first."""
    async with database.reading() as tx:
        found = await packs.list_drafts(tx, caller, state, page.place, limit + 1)
    return page_of([schemas.DraftLineOut.of(draft) for draft in found], limit, page.key, page.after)


@router.get("/policy-packs/drafts/{draft_id}", response_model=schemas.DraftOut)
async def read_draft(draft_id: UUID, caller: Caller, database: Db) -> Response:
    """The draft with its content, and what was found when it is held against units and published packs."""
    async with database.reading() as tx:
        return shown(await packs.read_draft(tx, caller, draft_id), schemas.DraftOut.of)


@router.put("/policy-packs/drafts/{draft_id}", response_model=schemas.DraftOut)
async def edit_draft(draft_id: UUID, body: PolicyPack, version: IfMatch, command: Commanded) -> Response:
    """Write the draft anew; it has to be checked again."""
    return await command.run(
        lambda tx: packs.edit_draft(tx, command.caller, draft_id, version, body), schemas.DraftOut.of
    )


@router.delete("/policy-packs/drafts/{draft_id}", response_model=schemas.DraftOut)
async def drop_draft(draft_id: UUID, version: IfMatch, command: Commanded) -> Response:
    """Drop the draft; it can still be read."""
    return await command.run(
        lambda tx: packs.drop_draft(tx, command.caller, draft_id, version), schemas.DraftOut.of
    )


@router.post("/policy-packs/drafts/{draft_id}/check", response_model=schemas.DraftOut)
async def check_draft(draft_id: UUID, version: IfMatch, command: Commanded) -> Response:
    """Hold the draft against units and published packs; `state` is CHECKED if nothing in `findings` blocks
    it."""
    return await command.run(
        lambda tx: packs.check_draft(tx, command.caller, draft_id, version), schemas.DraftOut.of
    )


@router.post("/policy-packs/drafts/{draft_id}/publication", response_model=schemas.PackOut)
async def publish_draft(draft_id: UUID, version: IfMatch, command: Commanded) -> Response:
    """Publish a checked draft that somebody else drafted and last edited; a published version never
    changes."""
    return await command.run(
        lambda tx: packs.publish_draft(tx, command.caller, draft_id, version),
        schemas.PackOut.of,
        location=lambda pack: f"/v1/policy-packs/{pack.name}/{pack.version}",
    )


@router.get("/policy-packs/drafts/{draft_id}/explanation")
async def explain_draft(draft_id: UUID, caller: Caller, database: Db) -> schemas.ExplanationOut:
    """Every rule of the draft as a sentence in both languages, with its basis."""
    async with database.reading() as tx:
        pack = await packs.drafted_pack(tx, caller, draft_id)
    return schemas.ExplanationOut.of(pack)


@router.get("/policy-packs/drafts/{draft_id}/difference")
async def compare_draft(
    draft_id: UUID, caller: Caller, database: Db, other: PackVersion
) -> schemas.DifferenceOut:
    """What changes when the draft takes the place of `other`, a published version (name@version), in
    sentences."""
    async with database.reading() as tx:
        new = await packs.drafted_pack(tx, caller, draft_id)
        old = await _published(tx, other)
    return schemas.DifferenceOut.between(old, new)


async def _published(tx: Tx, rule_version: str) -> PolicyPack:
    name, _, version = rule_version.partition("@")
    return await packs.published_pack(tx, name, _storable(int(version)))


@router.get("/policy-packs/{name}/{version}", response_model=PolicyPack)
async def read_pack(name: Code, version: Version, caller: Caller, database: Db) -> dict[str, Any]:
    """The content of a published version."""
    async with database.reading() as tx:
        return await packs.read_pack(tx, name, _storable(version))


@router.get("/policy-packs/{name}/{version}/explanation")
async def explain_pack(name: Code, version: Version, caller: Caller, database: Db) -> schemas.ExplanationOut:
    """Every rule of a published version as a sentence in both languages, with its basis."""
    async with database.reading() as tx:
        pack = await packs.published_pack(tx, name, _storable(version))
    return schemas.ExplanationOut.of(pack)


@router.get("/policy-packs/{name}/{version}/difference")
async def compare_packs(
    name: Code, version: Version, other: PackVersion, caller: Caller, database: Db
) -> schemas.DifferenceOut:
    """What changes when `other` (name@version) takes the place of this version, in sentences."""
    async with database.reading() as tx:
        old = await packs.published_pack(tx, name, _storable(version))
        new = await _published(tx, other)
    return schemas.DifferenceOut.between(old, new)


def _storable(version: int) -> int:
    return min(max(version, 0), _LARGEST_VERSION)
