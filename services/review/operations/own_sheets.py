"""What a council member has to mark, with all that marking it takes: one call for a whole session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from kit.auth import Principal
from kit.db import Tx
from kit.sorting import ListPlace
from services.review.operations.examination import EXAMINATION
from services.review.store import own_sheets
from services.review.store.own_sheets import OwedSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetToMark:
    """A sheet, and the highest mark of each criterion by the rules of its stage."""

    sheet: OwedSheet
    criteria: Mapping[str, Decimal]


async def list_owed(tx: Tx, caller: Principal, place: ListPlace, limit: int) -> Sequence[SheetToMark]:
    """The caller's own, in the order of the place, from there on."""
    owed = await own_sheets.owed_by(tx, caller.person_id, place, limit)
    stages = await EXAMINATION.some(tx, [sheet.stage_id for sheet in owed])
    criteria = {
        UUID(str(stage.id)): {line.id: line.max_score for line in stage.plan.criteria} for stage in stages
    }
    return [SheetToMark(sheet=sheet, criteria=criteria[sheet.stage_id]) for sheet in owed]
