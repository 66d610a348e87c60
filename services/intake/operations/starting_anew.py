"""The journey of a dossier started anew from what intake and review know, when its run was lost."""

from collections.abc import Sequence
from uuid import UUID

from casework.clocks.kept import kept_clock
from casework.clocks.moves import as_it_stands
from casework.plans import plan_named, route_of
from casework.runs.own import OwnRuns
from kit.db import Tx
from kit.outbox import WorkflowStart
from language.ids import DossierId, EventId, SeasonId
from language.journey.route import level_named, next_level
from language.messages.journey import (
    AnewAt,
    DecidedLevel,
    Journey,
    JourneyClosed,
    LevelStop,
    OpenCheckAt,
    Route,
    RulesTaken,
)
from language.names import (
    DOSSIER_STATE,
    INITIATIVE_PREFIX,
    INITIATIVE_WORKFLOW,
    RECOGNISING_UNIT,
    SEASON,
    initiative_workflow_id,
    stage_id,
)
from language.refusals import NotFound
from language.time_scale import TimeScale
from services.intake.domain.dossier import UNDER_CHECK, Dossier, DossierState
from services.intake.operations.journey import outcome_of
from services.intake.operations.moving import check_as_it_stands
from services.intake.store import dossiers, rules_changes, stages
from services.intake.store.rules_changes import Moved
from services.intake.store.stages import Spoken


async def start_anew(tx: Tx, dossier_id: UUID, event_id: EventId, scale: TimeScale | None) -> WorkflowStart:
    """The start of a run that goes on where the dossier stands. What it does again, its owners find done:
    stages and awards are where they were."""
    dossier = await dossiers.lock_dossier(tx, dossier_id)
    if dossier.filed_at is None or dossier.plan_hash is None:
        raise NotFound
    route = route_of(await plan_named(tx, dossier.plan_hash), dossier.plan_hash)
    spoken = await stages.spoken_levels(tx, dossier_id)
    moved = await rules_changes.moved_so_far(tx, dossier_id)
    decided = tuple(_decided(one, route) for one in spoken)
    rules = _rules(moved, spoken, route)
    journey = Journey(
        dossier_id=DossierId(dossier.id),
        dossier_code=dossier.code or "",
        season_id=SeasonId(dossier.season_id),
        route=route,
        check=await _check(tx, dossier),
        closed=_closed(dossier),
        decided=decided,
        owed=tuple(dict.fromkeys(level.level for level in decided if level.brings_money)),
        rules=rules,
        withdrawal_requested=dossier.withdrawal_requested_at is not None,
        time_scale=scale,
        anew=await _standing(tx, dossier, route, decided, rules, moved[-1] if moved else None),
    )
    return _start(dossier, event_id, journey)


def _start(dossier: Dossier, event_id: EventId, journey: Journey) -> WorkflowStart:
    attributes = {
        DOSSIER_STATE.name: dossier.state.value,
        RECOGNISING_UNIT.name: str(dossier.unit_id),
        SEASON.name: str(dossier.season_id),
    }
    return WorkflowStart(
        event_id=event_id,
        workflow_id=initiative_workflow_id(DossierId(dossier.id)),
        workflow=INITIATIVE_WORKFLOW,
        message=journey,
        search_attributes=attributes,
    )


def _decided(spoken: Spoken, route: Route) -> DecidedLevel:
    stop = level_named(route, spoken.level)
    return DecidedLevel(
        level=spoken.level,
        stage_id=spoken.stage_id,
        outcome=spoken.outcome,
        proposed=spoken.proposed,
        decision_number=spoken.decision_number,
        # Of a level that the rules know no more payout says whether it pays.
        pays=stop.pays if stop else True,
    )


def _rules(moved: Sequence[Moved], spoken: Sequence[Spoken], route: Route) -> RulesTaken:
    """The last change of rules that the dossier took. One that led back to earlier rules is not taken back
    again."""
    if not moved:
        return RulesTaken()
    last = moved[-1]
    was_way_back = any(one.route_before.plan_hash == route.plan_hash for one in moved)
    return RulesTaken(
        revision=last.revision,
        transition_id=last.transition_id,
        decided_before=sum(one.decided_at <= last.changed_at for one in spoken),
        route_before=None if was_way_back else last.route_before,
    )


async def _check(tx: Tx, dossier: Dossier) -> OpenCheckAt | None:
    """The check, while it is not passed: also one that ended the dossier, which is then to be closed."""
    if dossier.state is DossierState.ACCEPTED or dossier.closed_at:
        return None
    clock = as_it_stands(await kept_clock(tx, dossier.check_id))
    return OpenCheckAt(clock=clock, moved=check_as_it_stands(dossier))


def _closed(dossier: Dossier) -> JourneyClosed | None:
    """The end that is written down already: only money may be left to do."""
    if dossier.closed_at is None:
        return None
    outcome = outcome_of(dossier.state)
    if outcome is None:
        raise AssertionError("a dossier that is closed has its outcome")
    return JourneyClosed(dossier_id=DossierId(dossier.id), outcome=outcome, levels=dossier.levels or ())


async def _standing(
    tx: Tx,
    dossier: Dossier,
    route: Route,
    decided: Sequence[DecidedLevel],
    rules: RulesTaken,
    moved: Moved | None,
) -> AnewAt | None:
    """Where an accepted dossier stands: its open stage, the level it goes to, or its end."""
    if dossier.state in UNDER_CHECK:
        return None
    found = await stages.open_stage(tx, dossier.id) or await stages.stage_anew(tx, dossier.id)
    if found:
        stop = level_named(route, found.level)
        stands = LevelStop(level=found.level, unit_id=found.unit_id, pays=stop.pays if stop else False)
        return AnewAt(level=stands, stage_id=found.id)
    level = _next(route, decided, rules, moved)
    if level is None:
        return AnewAt()
    return AnewAt(level=level, stage_id=stage_id(DossierId(dossier.id), level.level, rules.transition_id))


def _next(
    route: Route, decided: Sequence[DecidedLevel], rules: RulesTaken, moved: Moved | None
) -> LevelStop | None:
    """The level that comes next: where the last change of rules led, if nothing has spoken since."""
    if moved and len(decided) <= rules.decided_before:
        return level_named(route, moved.passage.to_level)
    if decided:
        return next_level(route, decided[-1])
    return route.levels[0] if route.levels else None


async def still_open(tx: Tx, dossier_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these are not over."""
    return await dossiers.open_among(tx, dossier_ids)


async def startable(tx: Tx, dossier_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these were filed: of what is over money may be left to do."""
    return await dossiers.filed_among(tx, dossier_ids)


JOURNEYS = OwnRuns(
    workflow=INITIATIVE_WORKFLOW,
    prefixes=(INITIATIVE_PREFIX,),
    still_open=still_open,
    startable=startable,
    start=start_anew,
    open_runs=dossiers.OPEN_RUNS,
)
