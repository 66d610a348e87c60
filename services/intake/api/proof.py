"""The proof of a dossier over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import Response

from kit.http.commands import Caller, Db
from kit.http.routers import Router
from services.intake.domain.look import LookedAt
from services.intake.operations.looking import note_look
from services.intake.operations.proving import prove_dossier

router = Router(prefix="/v1/dossiers", tags=["history"])


@router.get("/{dossier_id}/proof")
async def read_proof(dossier_id: UUID, caller: Caller, database: Db, response: Response) -> dict[str, Any]:
    """One file with the events of all services, their links, checkpoints and Merkle paths.
    `tools/verify_dossier.py` verifies it without a connection to anything."""
    async with database.reading() as tx, tx.conn.transaction(isolation="repeatable_read", readonly=True):
        bundle = await prove_dossier(tx, caller, dossier_id)
    await note_look(database, caller, dossier_id, LookedAt.PROOF)
    response.headers["Content-Disposition"] = f'attachment; filename="proof-{dossier_id}.json"'
    return bundle
