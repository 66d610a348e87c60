"""Rules that change under running dossiers, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response

from casework import rights
from kit.http.commands import Caller, Commanded, Db, IfMatch, shown
from kit.http.cursors import decode_cursor
from kit.http.models import Cursor, DryRun, Page, PageSize, page_of
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.messages.transition import TransitionClass
from language.posts.kinds import ADMINS
from services.rulebook.api import transition_schemas as schemas
from services.rulebook.operations import transition as operations
from services.rulebook.store import transitions as store

router = Router(prefix="/v1/transitions", tags=["transitions"])
ClassFilter = Annotated[TransitionClass | None, Query(alias="class")]


@router.get("")
async def list_transitions(
    caller: Caller,
    database: Db,
    page: Annotated[AskedPage, Depends(sorted_by(store.SORTS))],
    limit: PageSize = 50,
) -> Page[schemas.TransitionOut]:
    """Transitions, newest first, for administrators of the province."""
    async with database.reading() as tx:
        await rights.require_root(tx, caller, ADMINS)
        found = await store.list_transitions(tx, page.place, limit + 1)
    return page_of([schemas.TransitionOut.of(one) for one in found], limit, page.key, page.after)


@router.post("", status_code=201, response_model=schemas.TransitionViewOut)
async def plan_transition(body: schemas.TransitionIn, command: Commanded) -> Response:
    """Sort every open dossier of earlier versions of this pack and of the pack that it replaces: a dry run,
    nothing moves until somebody else approves."""
    return await command.run(
        lambda tx: operations.plan_transition(tx, command.caller, body.pack, body.version),
        schemas.TransitionViewOut.view,
        status=201,
        location=lambda view: f"/v1/transitions/{view.transition.id}",
    )


@router.get("/{transition_id}", response_model=schemas.TransitionViewOut)
async def read_transition(transition_id: UUID, caller: Caller, database: Db) -> Response:
    """The plan with counts by class and reason, and its progress."""
    async with database.reading() as tx:
        return shown(
            await operations.read_transition(tx, caller, transition_id), schemas.TransitionViewOut.view
        )


@router.get("/{transition_id}/dossiers")
async def list_dossiers(
    transition_id: UUID,
    caller: Caller,
    database: Db,
    kind: ClassFilter = None,
    limit: PageSize = 50,
    after: Cursor = None,
) -> Page[schemas.SortedDossierOut]:
    """The dossiers of the plan, all or those of a class."""
    beginning = store.BEFORE_ALL if after is None else decode_cursor(after, UUID)
    async with database.reading() as tx:
        found = await operations.list_dossiers(tx, caller, transition_id, kind, (beginning, limit + 1))
    return page_of(
        [schemas.SortedDossierOut.row(one) for one in found], limit, lambda one: (one.dossier_id,), after
    )


@router.post("/{transition_id}/choices", response_model=schemas.TransitionViewOut | schemas.TriedChoicesOut)
async def choose(
    transition_id: UUID,
    body: schemas.ChoicesIn,
    version: IfMatch,
    command: Commanded,
    dry_run: DryRun = False,
) -> Response:
    """Choose for dossiers that need it; `chosen` in the counts says for how many it was possible. A dry run
    answers with their rows."""
    chosen = (body.choice, body.dossier_ids)
    if dry_run:
        return await command.try_out(
            lambda tx: operations.try_choices(tx, command.caller, transition_id, version, chosen),
            schemas.TriedChoicesOut.tried,
        )
    return await command.run(
        lambda tx: operations.choose(tx, command.caller, transition_id, version, chosen),
        schemas.TransitionViewOut.view,
    )


@router.post("/{transition_id}/approval", response_model=schemas.TransitionViewOut)
async def approve(transition_id: UUID, version: IfMatch, command: Commanded) -> Response:
    """Carry out a plan that somebody else made."""
    return await command.run(
        lambda tx: operations.approve(tx, command.caller, transition_id, version),
        schemas.TransitionViewOut.view,
    )


@router.post("/{transition_id}/cancellation", response_model=schemas.TransitionViewOut)
async def cancel(transition_id: UUID, version: IfMatch, command: Commanded) -> Response:
    """Drop the plan."""
    return await command.run(
        lambda tx: operations.cancel(tx, command.caller, transition_id, version),
        schemas.TransitionViewOut.view,
    )


@router.post("/{transition_id}/reversal", response_model=schemas.TransitionViewOut)
async def plan_reversal(transition_id: UUID, command: Commanded) -> Response:
    """Plan the way back of a finished transition: who can go back, who cannot and why. Somebody else approves
    it."""
    return await command.run(
        lambda tx: operations.plan_reversal(tx, command.caller, transition_id),
        schemas.TransitionViewOut.view,
        location=lambda view: f"/v1/transitions/{view.transition.id}",
    )
