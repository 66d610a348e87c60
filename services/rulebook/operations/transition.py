"""What people do with a change of rules over running dossiers: plan it, choose, approve, cancel, take it
back."""

from collections.abc import Sequence
from uuid import UUID

from casework import rights
from casework.history.record import record
from kit.auth import Principal
from kit.db import Tx
from kit.http.refusals import EditConflict
from kit.ids import new_id
from kit.outbox import WorkflowStart, signal_workflow, start_workflow
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.events.base import Change
from language.events.rulebook import (
    DossierChoice,
    TransitionApproved,
    TransitionCancelled,
    TransitionChoiceMade,
    TransitionPlanned,
)
from language.ids import EventId, TransitionId
from language.journey.transition import turned_round
from language.messages.transition import (
    LevelMove,
    StartTransition,
    TransitionChoice,
    TransitionClass,
    TransitionSettled,
)
from language.names import TRANSITION_WORKFLOW, Signal, transition_workflow_id
from language.posts.kinds import ADMINS
from language.refusals import NotFound
from packs.freezing import PolicyPack
from services.rulebook.domain.refusals import (
    ChoicesMissing,
    NothingToReplace,
    OtherTransitionOpen,
    SecondPersonNeeded,
    TransitionNotPlanned,
    TransitionSettledAlready,
    TransitionTooEarly,
)
from services.rulebook.domain.transition import (
    NewTransition,
    SortedDossier,
    Transition,
    TransitionState,
    TransitionView,
    TriedChoices,
)
from services.rulebook.store import packs, transitions


async def plan_transition(tx: Tx, caller: Principal, pack_name: str, pack_version: int) -> TransitionView:
    """Sort every open dossier of earlier versions of this pack, and of the pack that it replaces. A dry run:
    nothing moves."""
    actor = await rights.require_root(tx, caller, ADMINS)
    pack = await get_pack(tx, pack_name, pack_version)
    versions = (await packs.published_versions(tx, [pack.name]))[pack.name]
    if pack.transition is None and min(versions) == pack.version:
        raise NothingToReplace(pack=pack.rule_version)
    moves = tuple(
        LevelMove(from_level=move.from_level, to_level=move.to_level)
        for move in (pack.transition.level_moves if pack.transition else ())
    )
    new = NewTransition(
        id=new_id(),
        from_pack=pack.transition.replaces if pack.transition else pack.name,
        to_pack=pack.name,
        to_version=pack.version,
        level_moves=moves,
    )
    return await _begin(tx, actor, new)


async def plan_reversal(tx: Tx, caller: Principal, transition_id: UUID) -> TransitionView:
    """The way back of a finished transition, planned and approved like any other: dossiers on which something
    was done stay."""
    actor = await rights.require_root(tx, caller, ADMINS)
    done = await transitions.get_transition(tx, transition_id, lock=True)
    if done.state is not TransitionState.DONE or done.reverses:
        raise TransitionSettledAlready(state=done.state)
    new = NewTransition(
        id=new_id(),
        from_pack=done.to_pack,
        to_pack=done.to_pack,
        to_version=done.to_version,
        level_moves=turned_round(done.level_moves),
        reverses=done.id,
    )
    return await _begin(tx, actor, new)


async def get_pack(tx: Tx, name: str, version: int) -> PolicyPack:
    """A published pack; `NotFound` without one."""
    content = await packs.find_pack(tx, name, version)
    if content is None:
        raise NotFound
    return PolicyPack.model_validate(content)


async def _begin(tx: Tx, actor: Actor, new: NewTransition) -> TransitionView:
    if actor.person_id is None:
        raise AssertionError("a person plans")
    made = await transitions.insert_transition(tx, new, actor.person_id)
    if made is None:
        raise OtherTransitionOpen
    event_id, transition_id = new_id(), TransitionId(made.id)
    message = StartTransition(transition_id=transition_id)
    workflow_id = transition_workflow_id(transition_id)
    await start_workflow(
        tx,
        WorkflowStart(
            event_id=event_id,
            workflow_id=workflow_id,
            workflow=TRANSITION_WORKFLOW,
            message=message,
            search_attributes={},
        ),
    )
    fact = TransitionPlanned(
        replaces=made.from_pack,
        pack=made.to_pack,
        pack_version=made.to_version,
        level_moves=made.level_moves,
        reverses=made.reverses,
    )
    await record(tx, fact, about=made.id, actor=actor)
    return TransitionView(transition=made, counts=())


async def _lock_draft(
    tx: Tx, caller: Principal, transition_id: UUID, version: int
) -> tuple[Transition, Actor]:
    actor = await rights.require_root(tx, caller, ADMINS)
    transition = await transitions.get_transition(tx, transition_id, lock=True)
    if transition.state is not TransitionState.DRAFT:
        raise TransitionSettledAlready(state=transition.state)
    if transition.version != version:
        raise EditConflict(current=transition.version)
    return transition, actor


async def choose(
    tx: Tx,
    caller: Principal,
    transition_id: UUID,
    version: int,
    chosen: tuple[TransitionChoice, Sequence[UUID]],
) -> TransitionView:
    """Choose for these dossiers; those that the choice is not offered for stay as they are, and the counts
    show it."""
    transition, actor = await _lock_draft(tx, caller, transition_id, version)
    choice, dossier_ids = chosen
    done = await transitions.choose(tx, transition.id, dossier_ids, choice, caller.person_id)
    if done:
        await transitions.next_version(tx, transition.id)
        changes = tuple(
            DossierChoice(dossier_id=dossier_id, choice=Change(old=before, new=choice))
            for dossier_id, before in sorted(done.items())
        )
        await record(tx, TransitionChoiceMade(dossiers=changes), about=transition.id, actor=actor)
    return await _view(tx, transition.id)


async def try_choices(
    tx: Tx,
    caller: Principal,
    transition_id: UUID,
    version: int,
    chosen: tuple[TransitionChoice, Sequence[UUID]],
) -> TriedChoices:
    """Choose, in a transaction that is not kept, and say what the rows have become."""
    view = await choose(tx, caller, transition_id, version, chosen)
    return TriedChoices(
        dossiers=await transitions.some_dossiers(tx, transition_id, chosen[1]),
        choices_missing=view.choices_missing,
    )


async def approve(tx: Tx, caller: Principal, transition_id: UUID, version: int) -> TransitionView:
    """Carry the plan out. Somebody else made it and chose, every choice is made, and the new pack is in force
    since before the plan."""
    transition, actor = await _lock_draft(tx, caller, transition_id, version)
    if caller.person_id in {transition.made_by, *await transitions.choosers(tx, transition.id)}:
        raise SecondPersonNeeded
    if transition.planned_at is None:
        raise TransitionNotPlanned
    pack = await get_pack(tx, transition.to_pack, transition.to_version)
    if local_day(transition.made_at) < pack.effective_from:
        raise TransitionTooEarly(day=pack.effective_from)
    missing = (await _view(tx, transition.id)).choices_missing
    if missing:
        raise ChoicesMissing(missing=missing)
    return await _settle(tx, actor, transition, TransitionState.APPROVED)


async def cancel(tx: Tx, caller: Principal, transition_id: UUID, version: int) -> TransitionView:
    """Drop the plan; it can still be read."""
    transition, actor = await _lock_draft(tx, caller, transition_id, version)
    return await _settle(tx, actor, transition, TransitionState.CANCELLED)


async def _settle(tx: Tx, actor: Actor, transition: Transition, state: TransitionState) -> TransitionView:
    if actor.person_id is None:
        raise AssertionError("a person settles")
    await transitions.settle(tx, transition.id, state, actor.person_id)
    message = TransitionSettled(event_id=EventId(new_id()), approved=state is TransitionState.APPROVED)
    await signal_workflow(
        tx,
        message.event_id,
        transition_workflow_id(TransitionId(transition.id)),
        Signal.TRANSITION_SETTLED,
        message,
    )
    fact = TransitionApproved() if message.approved else TransitionCancelled()
    await record(tx, fact, about=transition.id, actor=actor)
    return await _view(tx, transition.id)


async def _view(tx: Tx, transition_id: UUID) -> TransitionView:
    return TransitionView(
        transition=await transitions.get_transition(tx, transition_id),
        counts=await transitions.count_dossiers(tx, transition_id),
    )


async def read_transition(tx: Tx, caller: Principal, transition_id: UUID) -> TransitionView:
    """The plan with its counts, for administrators of the province."""
    await rights.require_root(tx, caller, ADMINS)
    return await _view(tx, transition_id)


async def list_dossiers(
    tx: Tx, caller: Principal, transition_id: UUID, kind: TransitionClass | None, page: tuple[UUID, int]
) -> list[SortedDossier]:
    """The rows of the plan."""
    await rights.require_root(tx, caller, ADMINS)
    await transitions.get_transition(tx, transition_id)
    return await transitions.list_dossiers(tx, transition_id, kind, *page)
