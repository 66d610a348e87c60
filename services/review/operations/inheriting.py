"""Stages of a unit that has ended: they go on in their council, or the unit that took over opens them anew,
as their rules say."""

from collections.abc import Collection
from dataclasses import replace

from casework import tasks
from casework.clocks.kept import close_clock
from casework.history.record import record
from casework.notices import notify_of
from casework.succession_watch import PassedOn
from casework.units import unit_for_level
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import signal_workflow
from language.events.review import StageOpenedAnew as OpenedAnew
from language.ids import EventId, StageId, UnitId
from language.messages.clock import CaseClock
from language.messages.review import StageOpenedAnew
from language.names import Signal, initiative_workflow_id
from language.plan.rule_kinds import StageInSuccessor
from services.review.domain.stage import OpenStage, active_seats, submitted
from services.review.operations.examination import EXAMINATION
from services.review.operations.opening import NewStage, form_council
from services.review.store import filed_dossiers, score_sheets, second_thoughts, stages

_RULE = "units_that_end"


async def open_anew(tx: Tx, passed: PassedOn) -> Collection[StageId]:
    """End those of these stages whose rules say so, and open them in the successor; which they were. Other
    cases go on as they are."""
    found = await stages.some_stages(tx, passed.about_ids)
    anew = [
        stage
        for stage in sorted(found, key=lambda stage: stage.id)
        if isinstance(stage, OpenStage) and stage.plan.in_successor is StageInSuccessor.OPENED_ANEW
    ]
    for stage in anew:
        await _open_anew(tx, stage, passed)
    return [stage.id for stage in anew]


async def _open_anew(tx: Tx, stage: OpenStage, passed: PassedOn) -> None:
    """A council of the successor, with its own time. The stage itself keeps the unit of its day, and its
    sheets can be read; who sat in it is told, and so is the journey."""
    sheets = await score_sheets.list_sheets(tx, stage.id)
    dossier = await filed_dossiers.get_dossier(tx, stage.dossier_id)
    # A part of a unit that was split may have gone elsewhere than the rest.
    into_id = UnitId(await unit_for_level(tx, dossier.unit_id, stage.unit_id))
    await stages.close_as_moved(tx, stage.id, stage.level, passed.succession_id)
    await score_sheets.void_all(tx, stage.id)
    await tasks.cancel_all_tasks(tx, stage.id)
    await close_clock(tx, stage.id)
    new_stage_id = StageId(new_id())
    fact = OpenedAnew(
        stage_id=stage.id,
        level=stage.level,
        new_stage_id=new_stage_id,
        succession_id=passed.succession_id,
        into_id=into_id,
        void_sheets=len(submitted(sheets)),
    )
    event_id = await record(tx, fact, about=stage.dossier_id, rule_version=stage.rule_version, rule=_RULE)
    sat = dict.fromkeys(seat.person_id for seat in active_seats(sheets))
    await notify_of(tx, event_id, fact, replace(EXAMINATION.particulars(stage).matter, due_at=None), sat)
    clock = await _form(tx, stage, new_stage_id, into_id)
    await stages.take_place(tx, stage.id, new_stage_id)
    await second_thoughts.carry_recusals(tx, stage.id, new_stage_id)
    word = StageOpenedAnew(event_id=EventId(event_id), stage_id=stage.id, unit_id=into_id, clock=clock)
    workflow_id = initiative_workflow_id(stage.dossier_id)
    await signal_workflow(tx, event_id, workflow_id, Signal.STAGE_OPENED_ANEW, word)


async def _form(tx: Tx, stage: OpenStage, new_stage_id: StageId, into_id: UnitId) -> CaseClock:
    clock = await form_council(
        tx,
        NewStage(
            id=new_stage_id,
            dossier_id=stage.dossier_id,
            dossier_code=stage.dossier_code,
            season_id=stage.season_id,
            author_ids=stage.author_ids,
            recused_ids=stage.recused_ids,
            plan=replace(stage.plan, unit_id=into_id),
            plan_hash=stage.plan_hash,
            rule_version=stage.rule_version,
            previous_decision_number=stage.previous_decision_number,
            last_level=stage.last_level,
        ),
    )
    if clock is None:
        raise AssertionError("a new id is that of no stage")
    return clock
