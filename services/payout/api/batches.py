"""Signing many awards in one request."""

from fastapi.responses import Response

from kit.http.batches import Batched, BatchIn, BatchOut, Named
from kit.http.routers import Router
from services.payout.api.routes import Scale
from services.payout.api.schemas import AwardOut
from services.payout.operations import signing

router = Router(prefix="/v1/batch/awards", tags=["payout"])


@router.post("/verification", response_model=BatchOut[AwardOut])
async def verify_many(body: BatchIn[Named], batch: Batched) -> Response:
    """First pair of eyes, over many awards."""
    return await batch.run(
        body.items, lambda tx, caller, item: signing.verify(tx, caller, item.id), AwardOut.of
    )


@router.post("/approval", response_model=BatchOut[AwardOut])
async def approve_many(body: BatchIn[Named], batch: Batched, scale: Scale) -> Response:
    """Second pair of eyes, over many awards."""
    return await batch.run(
        body.items, lambda tx, caller, item: signing.approve(tx, caller, item.id, scale), AwardOut.of
    )
