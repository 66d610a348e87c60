"""Trying a ladder on the stages of the past, before it is published."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from casework import rights
from casework.clocks.moves import past_clocks
from casework.posts_seen import posts_seen
from kit.auth import Principal
from kit.db import Tx
from language.plan.ladder import ladder_faults
from language.plan.review_plan import RungRule, Share
from language.posts.kinds import PostKind
from language.refusals import Forbidden
from language.words.base import Coded
from services.review.domain.backtest import LookBack, PastStage
from services.review.domain.refusals import LadderMakesNoSense
from services.review.domain.stage import AnyStage, OpenStage, ended_at
from services.review.store import score_sheets, stages
from services.review.store.stages import OpenedStages

_PAGE = 200
MOST_STAGES = 2_000
"""The newest are tried; a question to an API must end."""
_LAST = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """This ladder at this level, over the last so many days."""

    level: str
    ladder: Sequence[RungRule]
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of it; `is_part`: there were more stages than are tried."""

    trial: Trial
    found: LookBack
    is_part: bool


async def try_ladder(tx: Tx, caller: Principal, trial: Trial) -> Tried:
    """Only the administrator of the province, who publishes ladders."""
    roots = [
        post.unit_id
        for post in await rights.posts_of(tx, caller, {PostKind.ADMIN})
        if len(post.unit_path) == 1
    ]
    if not roots:
        raise Forbidden
    found, span = (
        LookBack(ladder=trial.ladder),
        OpenedStages(level=trial.level, since=tx.now - timedelta(days=trial.days), unit_ids=roots),
    )
    before = (tx.now, _LAST)
    while found.stages < MOST_STAGES:
        page = await stages.opened_in(tx, span, before, _PAGE)
        if found.stages == 0:
            _require_sense(trial.ladder, page[0].plan.quorum if page else None)
        past = await _past(tx, page)
        # In a thread: rungs are found by walking over days, and others are waiting for the loop.
        await asyncio.to_thread(_add_all, found, past, tx)
        if len(page) < _PAGE:
            return Tried(trial=trial, found=found, is_part=False)
        before = (page[-1].opened_at, page[-1].id)
    return Tried(trial=trial, found=found, is_part=bool(await stages.opened_in(tx, span, before, 1)))


def _require_sense(ladder: Sequence[RungRule], quorum: Share | None) -> None:
    """As a pack would be checked, against the quorum in force there."""
    faults = list(ladder_faults(ladder, quorum)) if quorum else []
    if faults:
        english = "; ".join(one.en for one in faults)
        raise LadderMakesNoSense(faults=Coded(english, "; ".join(one.vi for one in faults), english))


def _add_all(found: LookBack, past: Sequence[PastStage], tx: Tx) -> None:
    for stage in past:
        found.add(stage, tx.now)


async def _past(tx: Tx, page: Sequence[AnyStage]) -> list[PastStage]:
    ids = [stage.id for stage in page]
    sheets, seen, clocks = (
        await score_sheets.sheets_of(tx, ids),
        await posts_seen(tx, ids),
        await past_clocks(tx, ids),
    )
    return [
        PastStage(
            stage=stage,
            ended_at=None if isinstance(stage, OpenStage) else ended_at(stage),
            sheets=sheets.get(stage.id, []),
            posts=seen[stage.id].posts,
            clock=clocks[stage.id],
        )
        for stage in page
        if stage.id in clocks and stage.id in seen
    ]
