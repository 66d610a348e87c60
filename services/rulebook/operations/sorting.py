"""What `TransitionWorkflow` asks: sort a page of dossiers, tell the next ones, write down their answers,
end."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from casework.history.record import record
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import signal_workflow
from language.events.rulebook import TransitionDone
from language.ids import DossierId, EventId, TransitionId, UnitId
from language.journey.transition import passage
from language.messages.journey import LevelStop
from language.messages.transition import (
    AnswersCollected,
    CollectAnswers,
    DossiersSorted,
    DossiersTold,
    FinishTransition,
    PackRef,
    RulesChanged,
    SortDossiers,
    TellDossiers,
)
from language.names import Signal, initiative_workflow_id
from packs.freezing import PolicyPack
from services.rulebook.domain.transition import (
    OpenDossier,
    SortedDossier,
    StageSeen,
    Transition,
    TransitionState,
    judge_way_back,
    position_of,
)
from services.rulebook.operations.transition import get_pack
from services.rulebook.store import organisation, positions, transitions
from services.rulebook.store.transitions import BEFORE_ALL


async def sort_dossiers(tx: Tx, command: SortDossiers) -> DossiersSorted:
    """A page of the plan, while it is a draft."""
    transition = await transitions.get_transition(tx, command.transition_id, lock=True)
    if transition.state is not TransitionState.DRAFT:
        return DossiersSorted(last=None)
    page = await _open_dossiers(tx, transition, command.after or BEFORE_ALL, command.limit)
    await transitions.insert_dossiers(tx, transition.id, await _sorted(tx, transition, page))
    if len(page) < command.limit:
        await transitions.set_planned(tx, transition.id)
        return DossiersSorted(last=None)
    return DossiersSorted(last=DossierId(page[-1].dossier_id))


async def _open_dossiers(tx: Tx, transition: Transition, after: UUID, limit: int) -> list[OpenDossier]:
    """Those under some version of the pack that is replaced or an earlier one of the same pack; on the way
    back, those that were moved."""
    if transition.reverses is None:
        holds = PackRef(name=transition.to_pack, version=transition.to_version)
        return await positions.list_open(tx, transition.from_pack, holds, (after, limit))
    reversed_one = await transitions.get_transition(tx, transition.reverses)
    return await positions.list_moved(tx, reversed_one.revision, after, limit)


async def _sorted(tx: Tx, transition: Transition, page: list[OpenDossier]) -> list[SortedDossier]:
    stages = await positions.stages_of(tx, [dossier.dossier_id for dossier in page])
    is_way_back = transition.reverses is not None
    routes = {} if is_way_back else await _routes(tx, transition, (dossier.unit_id for dossier in page))
    found = []
    for dossier in page:
        own = stages.get(dossier.dossier_id, [])
        position = position_of(dossier, own)
        judged = (
            judge_way_back(dossier, own, position, transition.level_moves)
            if is_way_back
            else passage(position, routes.get(dossier.unit_id, ()), transition.level_moves)
        )
        found.append(
            SortedDossier(
                dossier_id=dossier.dossier_id,
                code=dossier.code,
                unit_id=dossier.unit_id,
                season_id=dossier.season_id,
                passage=judged,
                position=position,
            )
        )
    return found


async def _routes(
    tx: Tx, transition: Transition, unit_ids: Iterable[UUID]
) -> dict[UUID, tuple[LevelStop, ...]]:
    """The levels of the new pack for each unit, as units stand now."""
    pack = await get_pack(tx, transition.to_pack, transition.to_version)
    holders = await organisation.units_by_level(tx, sorted(set(unit_ids)))
    return {unit_id: _route(pack, found) for unit_id, found in holders.items()}


def _route(pack: PolicyPack, holders: Mapping[str, UUID]) -> tuple[LevelStop, ...]:
    """The way by this pack for a dossier below these units, which are named by their level."""
    return tuple(
        LevelStop(level=level.level, unit_id=UnitId(holders[level.unit_level]), pays=level.award_dong > 0)
        for level in pack.levels
        if level.unit_level in holders
    )


async def tell_dossiers(tx: Tx, command: TellDossiers) -> DossiersTold:
    """The next moved dossiers are told which pack holds, in the transaction that marks them told."""
    transition = await transitions.get_transition(tx, command.transition_id, lock=True)
    page = await transitions.take_untold(tx, transition.id, command.limit)
    if page:
        await transitions.set_running(tx, transition.id)
    is_way_back = transition.reverses is not None
    pack = None if is_way_back else PackRef(name=transition.to_pack, version=transition.to_version)
    routes = {} if is_way_back else await _routes(tx, transition, (dossier.unit_id for dossier in page))
    stages = await positions.stages_of(tx, [dossier.dossier_id for dossier in page])
    for dossier in page:
        dossier_id = DossierId(dossier.dossier_id)
        message = RulesChanged(
            event_id=EventId(new_id()),
            dossier_id=dossier_id,
            transition_id=TransitionId(transition.id),
            revision=transition.revision,
            pack=pack,
            levels=routes.get(dossier.unit_id, ()),
            level_moves=transition.level_moves,
            choice=dossier.choice,
            examined_at=_examined_at(stages.get(dossier.dossier_id, ())),
        )
        await signal_workflow(
            tx, message.event_id, initiative_workflow_id(dossier_id), Signal.RULES_CHANGED, message
        )
    return DossiersTold(told=len(page))


def _examined_at(stages: Sequence[StageSeen]) -> LevelStop | None:
    """The stage that is open, where it is."""
    last = stages[-1] if stages else None
    return LevelStop(level=last.level, unit_id=last.unit_id) if last and last.outcome is None else None


async def collect_answers(tx: Tx, command: CollectAnswers) -> AnswersCollected:
    """What became of the next that have not answered yet, as intake publishes it."""
    waiting = await transitions.list_unanswered(
        tx, command.transition_id, command.after or BEFORE_ALL, command.limit
    )
    answers = await positions.answers_of(tx, command.transition_id, waiting)
    await transitions.note_answers(tx, command.transition_id, answers)
    return AnswersCollected(
        missing=len(waiting) - len(answers),
        last=DossierId(waiting[-1]) if len(waiting) == command.limit else None,
    )


async def finish_transition(tx: Tx, command: FinishTransition) -> None:
    """Done, once."""
    transition = await transitions.get_transition(tx, command.transition_id, lock=True)
    if await transitions.set_done(tx, transition):
        rule_version = f"{transition.to_pack}@{transition.to_version}"
        fact = TransitionDone(reverses=transition.reverses)
        await record(tx, fact, about=transition.id, rule_version=rule_version)
