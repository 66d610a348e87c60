"""Dossiers over HTTP: the author's and the officer's acts, lists and the register."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from casework.naming import Days, unit_names
from casework.routes.about import Search
from kit.counting import count_if_first
from kit.http.commands import Caller, Commanded, Db, IfMatch, shown
from kit.http.cursors import key_by_number
from kit.http.models import Cursor, Day, InDigits, Page, PageSize, UnitFilter, page_of, whole
from kit.http.routers import Router
from kit.http.sorts import AskedPage, sorted_by
from language.refusals import NotFound
from services.intake.api import schemas
from services.intake.api.schemas import DossierOut
from services.intake.domain.dossier import Dossier, DossierState
from services.intake.domain.look import LookedAt
from services.intake.operations import checking, drafting, filing, preparing, reading
from services.intake.operations.filing_limits import file_by
from services.intake.operations.looking import note_look
from services.intake.operations.reading import Scope
from services.intake.operations.standing import read_standing
from services.intake.store import dossier_lists
from services.intake.store.dossier_lists import DossierFilter

router = Router(prefix="/v1", tags=["dossiers"])
_IN_CHECK = frozenset({DossierState.FILED, DossierState.SUPPLEMENT_REQUESTED})


async def _wanted(
    state: DossierState | None = None,
    season_id: UUID | None = None,
    author_id: UUID | None = None,
    filed_from: Day | None = None,
    filed_until: Day | None = None,
    overdue: Annotated[bool | None, Query(description="Whether the formal check is overdue")] = None,
    due_from: Day | None = None,
    due_until: Day | None = None,
    q: Search = None,
) -> DossierFilter:
    return DossierFilter(
        state=state,
        season_id=season_id,
        text=q,
        author_id=author_id,
        filed=Days(first=filed_from, last=filed_until),
        overdue=overdue,
        due=Days(first=due_from, last=due_until),
    )


def _line(dossier: Dossier, level: str | None, now: datetime) -> schemas.DossierLineOut:
    due_at = dossier.check_due_at if dossier.state in _IN_CHECK else None
    authors = dossier.content.authors
    return schemas.DossierLineOut(
        id=dossier.id,
        code=dossier.code,
        state=dossier.state,
        title=dossier.content.title,
        first_author=authors[0].full_name if authors else None,
        season_id=dossier.season_id,
        unit_id=dossier.unit_id,
        level=level,
        created_at=dossier.created_at,
        filed_at=dossier.filed_at,
        due_at=due_at,
        is_overdue=due_at is not None and due_at < now,
        is_prepared=dossier.prepared_by is not None,
        agreed_at=dossier.agreed_at,
    )


@router.get("/dossiers")
async def list_dossiers(
    caller: Caller,
    database: Db,
    wanted: Annotated[DossierFilter, Depends(_wanted)],
    page: Annotated[AskedPage, Depends(sorted_by(dossier_lists.SORTS))],
    scope: Scope = Scope.MINE,
    unit_id: UnitFilter = None,
    limit: PageSize = 50,
) -> Page[schemas.DossierLineOut]:
    """Newest first: mine, my units', or all below my posts."""
    async with database.reading() as tx:
        looked = await reading.look_for(tx, caller, scope, unit_id, wanted)
        found = await reading.list_dossiers(tx, looked, page.place, limit + 1)
        counted = await count_if_first(page.after, found, limit, lambda: reading.count_dossiers(tx, looked))
        levels = await dossier_lists.levels_of(tx, [dossier.id for dossier in found])
        units = await unit_names(tx, (dossier.unit_id for dossier in found))
    lines = [_line(dossier, levels.get(dossier.id), tx.now) for dossier in found]
    shown = [line.model_copy(update={"unit_name": units.get(line.unit_id)}) for line in lines]
    return page_of(shown, limit, page.key, page.after, counted)


@router.get("/dossiers/counts")
async def count_dossiers(
    caller: Caller, database: Db, season_id: UUID | None = None, unit_id: UnitFilter = None
) -> Page[schemas.StateCountOut]:
    """How many were filed under the caller's units, by the state they are in: exact."""
    async with database.reading() as tx:
        wanted = DossierFilter(season_id=season_id)
        looked = await reading.look_for(tx, caller, Scope.ALL, unit_id, wanted)
        found = await dossier_lists.count_by_state(tx, looked.unit_ids, season_id)
    return whole([schemas.StateCountOut.of(one) for one in found])


@router.get("/register")
async def read_register(
    caller: Caller,
    database: Db,
    unit_id: UUID,
    year: Annotated[int, Query(ge=2000, le=9999), InDigits],
    limit: PageSize = 50,
    after: Cursor = None,
) -> Page[schemas.RegisterLineOut]:
    """A unit's register of requests of a year (circular 18/2013, article 6.1)."""
    async with database.reading() as tx:
        lines = await reading.list_register(
            tx, caller, unit_id, year, (min(key_by_number(after), 2**31 - 1), limit + 1)
        )
    return page_of(
        [schemas.RegisterLineOut.of(line) for line in lines],
        limit,
        lambda line: (line.register_number,),
        after,
    )


@router.post("/dossiers", status_code=201, response_model=DossierOut)
async def create_draft(body: schemas.DraftIn, command: Commanded) -> Response:
    """Begin a dossier: as its author, or as a clerk of the unit for the author who is named. That author is
    told, and files it or agrees to its filing."""
    content, author_id = body.content.content(), body.author_id
    place = (body.unit_id, body.season_id)
    return await command.run(
        lambda tx: (
            drafting.create_draft(tx, command.caller, *place, content)
            if author_id is None
            else preparing.prepare_draft(tx, command.caller, author_id, place, content)
        ),
        DossierOut.of_dossier,
        status=201,
        location=lambda dossier: f"/v1/dossiers/{dossier.id}",
    )


@router.get("/dossiers/{dossier_id}", response_model=DossierOut)
async def read_dossier(dossier_id: UUID, caller: Caller, database: Db) -> Response:
    """One dossier, and where it stands."""
    async with database.reading() as tx:
        dossier = await reading.read_dossier(tx, caller, dossier_id)
    await note_look(database, caller, dossier_id, LookedAt.DOSSIER)
    async with database.reading() as tx:
        beside = {
            "standing": schemas.StandingOut.of_standing(await read_standing(tx, dossier)),
            "file_by": await file_by(tx, dossier),
            "unit_name": (await unit_names(tx, [dossier.unit_id])).get(dossier.unit_id),
        }
    return shown(dossier, lambda found: DossierOut.of_dossier(found).model_copy(update=beside))


@router.put("/dossiers/{dossier_id}/content", response_model=DossierOut)
async def change_content(
    dossier_id: UUID, body: schemas.ContentIn, version: IfMatch, command: Commanded
) -> Response:
    """Write the content anew, as a draft or while a supplement is awaited."""
    content = body.content()
    return await command.run(
        lambda tx: drafting.change_content(tx, command.caller, dossier_id, version, content),
        DossierOut.of_dossier,
    )


@router.get("/dossiers/{dossier_id}/receipt")
async def read_receipt(dossier_id: UUID, caller: Caller, database: Db) -> schemas.ReceiptOut:
    """The receipt of a filed dossier."""
    async with database.reading() as tx:
        dossier = await reading.read_dossier(tx, caller, dossier_id)
    if dossier.register_number is None:
        raise NotFound
    return schemas.ReceiptOut.of(dossier)


@router.post("/dossiers/{dossier_id}/filing-agreement", response_model=DossierOut)
async def agree_to_filing(dossier_id: UUID, version: IfMatch, command: Commanded) -> Response:
    """Author: what a clerk has prepared for me may be filed as I have read it. Any change undoes it."""
    return await command.run(
        lambda tx: preparing.agree_to_filing(tx, command.caller, dossier_id, version), DossierOut.of_dossier
    )


@router.post("/dossiers/{dossier_id}/filing", response_model=DossierOut)
async def file_dossier(dossier_id: UUID, request: Request, command: Commanded) -> Response:
    """File the dossier, as its author, or as a clerk with the author's agreement; its journey starts by
    itself."""
    scale = request.app.state.clock.scale
    return await command.run(
        lambda tx: filing.file_dossier(tx, command.caller, dossier_id, scale),
        DossierOut.of_dossier,
        location=lambda dossier: f"/v1/dossiers/{dossier.id}",
    )


@router.post("/dossiers/{dossier_id}/supplement", response_model=DossierOut)
async def send_supplement(dossier_id: UUID, command: Commanded) -> Response:
    """Hand the corrected dossier in again."""
    return await command.run(
        lambda tx: filing.send_supplement(tx, command.caller, dossier_id), DossierOut.of_dossier
    )


@router.post("/dossiers/{dossier_id}/withdrawal", response_model=DossierOut)
async def withdraw(dossier_id: UUID, body: schemas.ReasonIn, command: Commanded) -> Response:
    """Withdraw; after acceptance, whether it came before the decision is seen in the history."""
    return await command.run(
        lambda tx: filing.withdraw(tx, command.caller, dossier_id, body.reason),
        DossierOut.of_dossier,
    )


@router.post("/dossiers/{dossier_id}/acceptance", response_model=DossierOut)
async def accept(dossier_id: UUID, command: Commanded) -> Response:
    """Officer: the request is complete."""
    return await command.run(
        lambda tx: checking.accept(tx, command.caller, dossier_id), DossierOut.of_dossier
    )


@router.post("/dossiers/{dossier_id}/rejection", response_model=DossierOut)
async def reject(dossier_id: UUID, body: schemas.RejectionIn, command: Commanded) -> Response:
    """Officer: the request is not accepted."""
    return await command.run(
        lambda tx: checking.reject(tx, command.caller, dossier_id, body.ground, body.reason),
        DossierOut.of_dossier,
    )


@router.post("/dossiers/{dossier_id}/supplement-notice", response_model=DossierOut)
async def request_supplement(
    dossier_id: UUID, body: schemas.SupplementNoticeIn, command: Commanded
) -> Response:
    """Officer: name the defects; the clock stands still until they are corrected."""
    defects = body.named()
    return await command.run(
        lambda tx: checking.request_supplement(tx, command.caller, dossier_id, defects), DossierOut.of_dossier
    )
