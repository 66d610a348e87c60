"""What `TransitionWorkflow` asks: sort a page of dossiers, tell the next ones, note their answers, end."""

from uuid import UUID

from casework.history.record import record
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import signal_workflow
from language.events.rulebook import TransitionDone
from language.ids import DossierId, EventId, TransitionId
from language.journey.transition import passage
from language.messages.transition import (
    ClassifyDossiers,
    DossiersTold,
    FinishTransition,
    LevelStop,
    ListTold,
    NoteAnswers,
    Passage,
    RulesChanged,
    TellDossiers,
    ToldDossiers,
    TransitionClass,
    TransitionReason,
)
from language.names import Signal, initiative_workflow_id
from language.plan.review_plan import ReviewPlan
from packs.freezing import Filing, freeze
from services.rulebook.domain.transition import (
    SortedDossier,
    Transition,
    TransitionState,
    route_in,
    standing_of,
    was_touched,
)
from services.rulebook.operations.transition import get_pack
from services.rulebook.store import organisation, transitions
from services.rulebook.store.transitions import BEFORE_ALL


async def classify_dossiers(tx: Tx, command: ClassifyDossiers) -> None:
    """A page of the plan, while it is a draft."""
    transition = await transitions.get_transition(tx, command.transition_id, lock=True)
    if transition.state is not TransitionState.DRAFT:
        return
    routes = (
        {}
        if transition.reverses
        else await _routes(tx, transition, {dossier.unit_id for dossier in command.dossiers})
    )
    stages = {UUID(str(stage.dossier_id)): stage for stage in command.stages}
    found = []
    for dossier in command.dossiers:
        standing = standing_of(dossier, stages)
        if was_touched(dossier, stages):
            judged = Passage(kind=TransitionClass.BLOCKED, reason=TransitionReason.ACTED_SINCE)
        else:
            route = dossier.route_before if transition.reverses else routes.get(dossier.unit_id, ())
            judged = passage(standing, route, transition.level_moves)
        row = SortedDossier(
            dossier_id=dossier.dossier_id,
            code=dossier.code,
            unit_id=dossier.unit_id,
            season_id=dossier.season_id,
            passage=judged,
            standing=standing,
        )
        found.append(row)
    await transitions.insert_dossiers(tx, transition.id, found)
    if command.last:
        await transitions.set_planned(tx, transition.id)


async def _routes(tx: Tx, transition: Transition, unit_ids: set[UUID]) -> dict[UUID, tuple[LevelStop, ...]]:
    """The levels of the new pack for each unit."""
    pack = await get_pack(tx, transition.to_pack, transition.to_version)
    levels = [(level.level, level.unit_level) for level in pack.levels]
    holders = await organisation.units_by_level(tx, sorted(unit_ids))
    return {unit_id: route_in(levels, found) for unit_id, found in holders.items()}


async def tell_dossiers(tx: Tx, command: TellDossiers) -> DossiersTold:
    """The next moved dossiers get their new rules by value, in the transaction that marks them told."""
    transition = await transitions.get_transition(tx, command.transition_id, lock=True)
    told = await transitions.take_untold(tx, transition.id, command.limit)
    if told:
        await transitions.set_running(tx, transition.id)
    plans = {} if transition.reverses else await _plans(tx, transition, told)
    for dossier in told:
        dossier_id = DossierId(dossier.dossier_id)
        word = RulesChanged(
            event_id=EventId(new_id()),
            dossier_id=dossier_id,
            transition_id=TransitionId(transition.id),
            revision=transition.revision,
            plan=plans.get((dossier.unit_id, dossier.season_id)),
            level_moves=transition.level_moves,
            choice=dossier.choice,
        )
        await signal_workflow(
            tx, word.event_id, initiative_workflow_id(dossier_id), Signal.RULES_CHANGED, word
        )
    return DossiersTold(told=len(told))


async def _plans(
    tx: Tx, transition: Transition, told: list[SortedDossier]
) -> dict[tuple[UUID, UUID], ReviewPlan]:
    """The new pack frozen for each unit and season, as units stand now."""
    pack = await get_pack(tx, transition.to_pack, transition.to_version)
    wanted = {(dossier.unit_id, dossier.season_id) for dossier in told}
    holders = await organisation.units_by_level(tx, [unit_id for unit_id, _ in wanted])
    return {
        (unit_id, season_id): freeze(
            pack, Filing(unit_id=unit_id, units_by_level=holders[unit_id], season_id=season_id, at=tx.now)
        )
        for unit_id, season_id in wanted
    }


async def list_told(tx: Tx, command: ListTold) -> ToldDossiers:
    """Who has not answered."""
    found = await transitions.list_unanswered(
        tx, command.transition_id, command.after or BEFORE_ALL, command.limit
    )
    return ToldDossiers(dossier_ids=tuple(DossierId(dossier_id) for dossier_id in found))


async def note_answers(tx: Tx, command: NoteAnswers) -> None:
    """What became of dossiers."""
    await transitions.note_answers(tx, command.transition_id, command.answers)


async def finish_transition(tx: Tx, command: FinishTransition) -> None:
    """Done, once."""
    transition = await transitions.get_transition(tx, command.transition_id, lock=True)
    if await transitions.set_done(tx, transition):
        rule_version = f"{transition.to_pack}@{transition.to_version}"
        fact = TransitionDone(reverses=transition.reverses)
        await record(tx, fact, about=transition.id, rule_version=rule_version)
