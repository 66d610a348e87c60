"""Payees from outside over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from kit.db import Tx
from kit.http.commands import Commanded
from kit.http.models import DryRun, In
from services.payout.api.schemas import AwardDetailOut, AwardOut, ShareOut
from services.payout.domain.award import Award, AwardShare
from services.payout.operations import tying

router = APIRouter(prefix="/v1/awards", tags=["payout"])


class PayeeIn(In):
    """The person of the organisation who is paid for an author from outside."""

    person_id: UUID


def _shown(found: tuple[Award, list[AwardShare]]) -> AwardDetailOut:
    award, shares = found
    parts = [ShareOut.of(share) for share in shares]
    return AwardDetailOut(**AwardOut.of(award).model_dump(), shares=parts)


@router.post("/{award_id}/payees/{outside_id}", response_model=AwardDetailOut)
async def tie_payee(
    award_id: UUID, outside_id: UUID, body: PayeeIn, command: Commanded, dry_run: DryRun = False
) -> Response:
    """Accountant who verifies: this author from outside is that person."""

    async def tie(tx: Tx) -> tuple[Award, list[AwardShare]]:
        return await tying.tie_payee(tx, command.caller, award_id, outside_id, body.person_id)

    run = command.try_out if dry_run else command.run
    return await run(tie, _shown)
