"""Accepting and filing many requests in one."""

from fastapi import Request
from fastapi.responses import Response

from kit.http.batches import Batched, BatchIn, BatchOut, Named
from kit.http.routers import Router
from services.intake.api.schemas import DossierOut
from services.intake.operations import checking, filing

router = Router(prefix="/v1/batch/dossiers", tags=["dossiers"])


@router.post("/acceptance", response_model=BatchOut[DossierOut])
async def accept_many(body: BatchIn[Named], batch: Batched) -> Response:
    """Officer: these requests are complete."""
    return await batch.run(
        body.items, lambda tx, caller, item: checking.accept(tx, caller, item.id), DossierOut.of_dossier
    )


@router.post("/filing", response_model=BatchOut[DossierOut])
async def file_many(body: BatchIn[Named], batch: Batched, request: Request) -> Response:
    """Clerk: these drafts, which their authors have agreed to; or the own ones."""
    scale = request.app.state.clock.scale
    return await batch.run(
        body.items,
        lambda tx, caller, item: filing.file_dossier(tx, caller, item.id, scale),
        DossierOut.of_dossier,
    )
