"""Who may see what of a stage, and the reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from casework import rights
from kit.auth import Principal
from kit.counting import MOST
from kit.db import Tx
from kit.sorting import ListPlace
from language.ids import PersonId
from language.plan.review_plan import LevelPlan
from language.plan.rule_kinds import VotingMethod
from language.posts.kinds import PostKind
from language.refusals import Forbidden, NotFound
from services.review.domain.decision_acts import ActDone
from services.review.domain.scoring import Tally, tally
from services.review.domain.sight import Sight, sight_of
from services.review.domain.stage import AnyStage, DecidedStage, OpenStage, ScoreSheet, Stage
from services.review.store import (
    complaints,
    decision_acts,
    rejected_requests,
    score_sheets,
    second_thoughts,
    stage_lists,
    stages,
)
from services.review.store.second_thoughts import TakenBackSheet
from services.review.store.stage_lists import StageFilter

WATCHERS: Final = frozenset(PostKind) - {PostKind.STAFF}
"""Holders of these posts see what happens in their unit and under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """A sheet with the rules that say what its marks mean."""

    sheet: ScoreSheet
    plan: LevelPlan

    @property
    def version(self) -> int:
        """For the ETag."""
        return self.sheet.version


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """A stage as this caller may see it: `sheets` holds their own sheet, and the others' as `sight` says."""

    stage: AnyStage
    council: Sequence[ScoreSheet]
    sheets: Sequence[SheetView]
    counted: Tally
    sight: Sight

    @property
    def version(self) -> int:
        """For the ETag."""
        return self.stage.version


async def may_see(tx: Tx, stage: AnyStage, sheets: Sequence[ScoreSheet], principal: Principal) -> bool:
    """Members, the decider and post holders in or over the unit; authors only when it is over, whatever posts
    they hold."""
    if principal.person_id in stage.author_ids:
        return not isinstance(stage, OpenStage)
    if principal.person_id == stage.decider_id or any(
        sheet.person_id == principal.person_id for sheet in sheets
    ):
        return True
    return await rights.post_over(tx, principal, WATCHERS, stage.unit_path) is not None


async def count(tx: Tx, stage: Stage, sheets: Sequence[ScoreSheet]) -> Tally:
    """What the sheets, and the ballots where they are secret, say together."""
    is_secret = stage.plan.voting.method is VotingMethod.SECRET_BALLOT
    return tally(stage.plan, sheets, await score_sheets.count_ballots(tx, stage.id) if is_secret else None)


async def _view(tx: Tx, principal: Principal, stage: AnyStage) -> StageView | None:
    sheets = await score_sheets.list_sheets(tx, stage.id)
    if not await may_see(tx, stage, sheets, principal):
        return None
    return await _shown(tx, principal, stage, sheets)


async def _shown(tx: Tx, principal: Principal, stage: AnyStage, sheets: Sequence[ScoreSheet]) -> StageView:
    sight = sight_of(stage, sheets, PersonId(principal.person_id))
    shown = [
        SheetView(sheet=sheet, plan=stage.plan)
        for sheet in sheets
        if sight.sheets or sheet.person_id == principal.person_id
    ]
    counted = await count(tx, stage, sheets)
    return StageView(stage=stage, council=sheets, sheets=shown, counted=counted, sight=sight)


async def views_of(tx: Tx, principal: Principal, found: Sequence[AnyStage]) -> list[StageView]:
    """These stages, which the caller may see, as the caller may see them."""
    sheets = await score_sheets.sheets_of(tx, [stage.id for stage in found])
    return [await _shown(tx, principal, stage, sheets.get(stage.id, [])) for stage in found]


async def read_stage(tx: Tx, principal: Principal, stage_id: UUID) -> StageView:
    """One stage; `NotFound` for those who may not see it."""
    view = await _view(tx, principal, await stages.get_stage(tx, stage_id))
    if view is None:
        raise NotFound
    return view


async def list_stages(tx: Tx, principal: Principal, wanted: StageFilter) -> list[StageView]:
    """Those stages of a dossier that the caller may see, in the order they were opened; few a level."""
    found = await stage_lists.find_stages(tx, wanted, ListPlace(order="opened"), MOST)
    views = [await _view(tx, principal, stage) for stage in found]
    return [view for view in views if view]


async def read_sheet(tx: Tx, principal: Principal, sheet_id: UUID) -> SheetView:
    """A score sheet; `NotFound` while it is hidden from the caller."""
    view = await read_stage(tx, principal, (await stages.get_stage_of_sheet(tx, sheet_id)).id)
    shown = next((shown for shown in view.sheets if shown.sheet.id == sheet_id), None)
    if shown is None:
        raise NotFound
    return shown


async def taken_back(tx: Tx, principal: Principal, sheet_id: UUID) -> Sequence[TakenBackSheet]:
    """What a sheet said before it was taken back, for whoever may read it."""
    await read_sheet(tx, principal, sheet_id)
    return await second_thoughts.taken_back(tx, sheet_id)


async def acts_on(tx: Tx, principal: Principal, stage_id: UUID) -> list[ActDone]:
    """What became of the decision of a stage, for whoever sees the stage."""
    stage = (await read_stage(tx, principal, stage_id)).stage
    if not isinstance(stage, DecidedStage):
        return []
    first = stage.ruling.decision_number
    return [ActDone(act=act, first_number=first) for act in await decision_acts.acts_on(tx, stage_id)]


async def watched_units(tx: Tx, principal: Principal) -> tuple[UUID, ...]:
    """The units in which the caller holds a post that sees what happens there and below."""
    units = await rights.units_of(tx, principal, WATCHERS)
    if not units:
        raise Forbidden
    return units


async def units_to_list(tx: Tx, principal: Principal, unit_id: UUID | None) -> tuple[UUID, ...]:
    """The same, or only this one, which must lie under them."""
    if unit_id is None:
        return await watched_units(tx, principal)
    await rights.require_in(tx, principal, WATCHERS, unit_id)
    return (unit_id,)


async def may_read_history(tx: Tx, principal: Principal, dossier_id: UUID) -> None:
    """Whoever may see a stage of the dossier, and its authors at any time: the history tells who has marked,
    never how. Of a request that no council has seen there is a history once somebody complains."""
    for stage in await stages.list_stages(tx, dossier_id):
        sheets = await score_sheets.list_sheets(tx, stage.id)
        if principal.person_id in stage.author_ids or await may_see(tx, stage, sheets, principal):
            return
    if await rights.has_task_about(tx, principal, dossier_id):
        return
    if not await complaints.complaints_of(tx, dossier_id) or not await _may_see_request(
        tx, principal, dossier_id
    ):
        raise NotFound


async def interested_in(tx: Tx, dossier_id: UUID) -> Sequence[UUID]:
    """Whose matter the dossier is: its authors."""
    request = await rejected_requests.find_request(tx, dossier_id)
    return await rejected_requests.authors_of(tx, request) if request else ()


async def _may_see_request(tx: Tx, principal: Principal, dossier_id: UUID) -> bool:
    """Authors, and post holders in or over the unit where it was filed."""
    request = await rejected_requests.get_request(tx, dossier_id)
    if principal.person_id in await rejected_requests.authors_of(tx, request):
        return True
    path = await rejected_requests.path_of(tx, dossier_id)
    return await rights.post_over(tx, principal, WATCHERS, path) is not None
