"""Dossiers over HTTP: the author's and the officer's acts, lists and the register."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from kit.http.commands import Caller, Commanded, Db, IfMatch, shown
from kit.http.cursors import key_by_instant, key_by_number
from kit.http.models import Cursor, OneLine, Page, PageSize, page_of
from language.refusals import NotFound
from services.intake.api import schemas
from services.intake.api.schemas import DossierOut
from services.intake.domain.dossier import Dossier, DossierState
from services.intake.operations import checking, drafting, filing, reading
from services.intake.operations.reading import Scope
from services.intake.store.dossiers import DossierFilter

router = APIRouter(prefix="/v1", tags=["dossiers"])
Search = Annotated[
    str | None, OneLine, Query(max_length=100, description="Part of title or code, with or without marks")
]


def _line(dossier: Dossier) -> schemas.DossierLineOut:
    return schemas.DossierLineOut(
        id=dossier.id,
        code=dossier.code,
        state=dossier.state,
        title=dossier.content.title,
        season_id=dossier.season_id,
        unit_id=dossier.unit_id,
        created_at=dossier.created_at,
        filed_at=dossier.filed_at,
    )


@router.get("/dossiers")
async def list_dossiers(
    caller: Caller,
    database: Db,
    scope: Scope = Scope.MINE,
    state: DossierState | None = None,
    season_id: UUID | None = None,
    q: Search = None,
    limit: PageSize = 50,
    after: Cursor = None,
) -> Page[schemas.DossierLineOut]:
    """Newest first: mine, my units', or all below my posts."""
    wanted = DossierFilter(state=state, season_id=season_id, text=q)
    async with database.reading() as tx:
        found = await reading.list_dossiers(
            tx, caller, scope, wanted, (key_by_instant(after, descending=True), limit + 1)
        )
    return page_of([_line(dossier) for dossier in found], limit, lambda line: (line.created_at, line.id))


@router.get("/register")
async def read_register(
    caller: Caller,
    database: Db,
    unit_id: UUID,
    year: Annotated[int, Query(ge=2000, le=9999)],
    limit: PageSize = 50,
    after: Cursor = None,
) -> Page[schemas.RegisterLineOut]:
    """A unit's register of requests of a year (circular 18/2013, article 6.1)."""
    async with database.reading() as tx:
        lines = await reading.list_register(
            tx, caller, unit_id, year, (min(key_by_number(after), 2**31 - 1), limit + 1)
        )
    return page_of(
        [schemas.RegisterLineOut.of(line) for line in lines], limit, lambda line: (line.register_number,)
    )


@router.post("/dossiers", status_code=201, response_model=DossierOut)
async def create_draft(body: schemas.DraftIn, command: Commanded) -> Response:
    """Begin a dossier."""
    content = body.content.content()
    return await command.run(
        lambda tx: drafting.create_draft(tx, command.caller, body.unit_id, body.season_id, content),
        DossierOut.of_dossier,
        status=201,
        location=lambda dossier: f"/v1/dossiers/{dossier.id}",
    )


@router.get("/dossiers/{dossier_id}", response_model=DossierOut)
async def read_dossier(dossier_id: UUID, caller: Caller, database: Db) -> Response:
    """One dossier."""
    async with database.reading() as tx:
        return shown(await reading.read_dossier(tx, caller, dossier_id), DossierOut.of_dossier)


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


@router.post("/dossiers/{dossier_id}/filing", status_code=202, response_model=DossierOut)
async def file_dossier(dossier_id: UUID, request: Request, command: Commanded) -> Response:
    """File the dossier; its journey starts by itself."""
    scale = request.app.state.clock.scale
    return await command.run(
        lambda tx: filing.file_dossier(tx, command.caller, dossier_id, scale),
        DossierOut.of_dossier,
        status=202,
        location=lambda dossier: f"/v1/dossiers/{dossier.id}",
    )


@router.post("/dossiers/{dossier_id}/supplement", response_model=DossierOut)
async def send_supplement(dossier_id: UUID, command: Commanded) -> Response:
    """Hand the corrected dossier in again."""
    return await command.run(
        lambda tx: filing.send_supplement(tx, command.caller, dossier_id), DossierOut.of_dossier
    )


@router.post("/dossiers/{dossier_id}/withdrawal", status_code=202, response_model=DossierOut)
async def withdraw(dossier_id: UUID, body: schemas.ReasonIn, command: Commanded) -> Response:
    """Withdraw; after acceptance, whether it came before the decision is seen in the history."""
    return await command.run(
        lambda tx: filing.withdraw(tx, command.caller, dossier_id, body.reason),
        DossierOut.of_dossier,
        status=202,
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
    defects = list(body.defects)
    return await command.run(
        lambda tx: checking.request_supplement(tx, command.caller, dossier_id, defects), DossierOut.of_dossier
    )
