"""What a council member has to mark or has marked, with all that it takes: one call for a whole session."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kit.auth import Principal
from kit.db import Tx
from kit.sorting import ListPlace
from language.plan.review_plan import LevelPlan
from services.review.domain.stage import SheetState
from services.review.operations.examination import EXAMINATION
from services.review.store import own_sheets
from services.review.store.own_sheets import OwnSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetToMark:
    """A sheet, and the rules of its stage."""

    sheet: OwnSheet
    plan: LevelPlan


async def list_own(
    tx: Tx, caller: Principal, state: SheetState, place: ListPlace, limit: int
) -> Sequence[SheetToMark]:
    """The caller's own in this state, in the order of the place, from there on."""
    sheets = await own_sheets.sheets_of(tx, caller.person_id, state, place, limit)
    stages = await EXAMINATION.some(tx, [sheet.stage_id for sheet in sheets])
    plans = {UUID(str(stage.id)): stage.plan for stage in stages}
    return [SheetToMark(sheet=sheet, plan=plans[sheet.stage_id]) for sheet in sheets]
