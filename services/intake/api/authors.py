"""The people in a dossier over HTTP: what each says of the own share, and who goes on when the filer left."""

from uuid import UUID

from fastapi import Response

from kit.http.commands import Caller, Commanded, Db
from kit.http.models import Page
from kit.http.routers import Router
from services.intake.api.author_schemas import ShareConfirmationIn, ShareOut, shares_out
from services.intake.api.schemas import DossierOut, ReasonIn
from services.intake.operations import authors, taking_over

router = Router(prefix="/v1/dossiers/{dossier_id}", tags=["authors"])


@router.get("/shares")
async def read_shares(dossier_id: UUID, caller: Caller, database: Db) -> Page[ShareOut]:
    """What each author says of the own share."""
    async with database.reading() as tx:
        return shares_out(await authors.read_shares(tx, caller, dossier_id))


@router.post("/share-confirmation", response_model=Page[ShareOut])
async def confirm_share(dossier_id: UUID, body: ShareConfirmationIn, command: Commanded) -> Response:
    """Author: I stand by my share. Before the request is handed in everybody does who can sign in and holds a
    post."""
    return await command.run(
        lambda tx: authors.confirm_share(tx, command.caller, dossier_id, body.contribution_percent),
        shares_out,
    )


@router.post("/share-refusal", response_model=Page[ShareOut])
async def decline_share(dossier_id: UUID, body: ReasonIn, command: Commanded) -> Response:
    """Author: I do not stand by it, or not by being named."""
    return await command.run(
        lambda tx: authors.decline_share(tx, command.caller, dossier_id, body.reason),
        shares_out,
    )


@router.post("/takeover", response_model=DossierOut)
async def take_over(dossier_id: UUID, body: ReasonIn, command: Commanded) -> Response:
    """Co-author, or the unit's clerk: the filer left, and I file, supplement and withdraw from now on."""
    return await command.run(
        lambda tx: taking_over.take_over(tx, command.caller, dossier_id, body.reason),
        DossierOut.of_dossier,
    )
