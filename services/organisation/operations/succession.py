"""Acts about units: drafted by an administrator, looked at, approved by another, taken back until their
day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from casework import rights
from casework.history.record import record
from casework.notices import Matter, NewNotice, notify
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from kit.sorting import ListPlace
from language.deadline.arithmetic import LOCAL_ZONE, local_day
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Fact
from language.events.succession import (
    SuccessionApproved,
    SuccessionCancelled,
    SuccessionDrafted,
    UnitStep,
)
from language.messages.notices import NoticeKind
from language.posts.kinds import ADMINS, PostKind
from language.refusals import NotFound
from language.units.succession import (
    KnownUnit,
    Step,
    StepKind,
    ThingKind,
    Units,
    Verdict,
    first_fault,
    judge_posts,
    judge_things,
    judge_units,
    judge_windows,
    parents_after,
    path_of,
)
from language.words.said import say
from language.words.values import coded_level
from services.organisation.domain.act_refusals import (
    OwnSuccession,
    SuccessionClosed,
    SuccessionDayOver,
    SuccessionFaulty,
    SuccessionUnsettled,
)
from services.organisation.domain.levels import may_lie_below
from services.organisation.domain.refusals import LevelOutOfOrder
from services.organisation.domain.succession import (
    JudgedSuccession,
    Judgement,
    Succession,
    SuccessionState,
)
from services.organisation.store import successions, units


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSuccession:
    """An act to be drafted."""

    document: str
    from_day: date
    steps: tuple[Step, ...]


async def draft(tx: Tx, caller: Principal, new: NewSuccession) -> JudgedSuccession:
    """Write an act down, as an administrator over every unit that it names from above."""
    named = tuple(sorted({unit for step in new.steps for unit in step.unit_ids}))
    actor = await _require_over(tx, caller, named)
    _require_ahead(tx, new.from_day)
    judgement = await judge(tx, new.steps, new.from_day)
    drafted = Succession(
        id=new_id(),
        document=new.document,
        from_day=new.from_day,
        steps=new.steps,
        unit_ids=named,
        state=SuccessionState.DRAFT,
        drafted_by=caller.person_id,
        drafted_at=tx.now,
        approved_by=None,
        approved_at=None,
        in_force_at=None,
        held_up_at=None,
        version=1,
    )
    await successions.insert_succession(tx, drafted)
    steps = tuple(
        UnitStep(step=step.kind, in_unit_id=step.unit_id, into_id=step.into_id, name=step.name)
        for step in new.steps
    )
    fact = SuccessionDrafted(document=new.document, from_day=new.from_day, steps=steps)
    await record(tx, fact, about=drafted.id, actor=actor)
    return await _shown(tx, drafted, judgement)


async def preview(tx: Tx, caller: Principal, succession_id: UUID) -> JudgedSuccession:
    """The act, and what it would make of everything as it stands now."""
    found = await successions.get_succession(tx, succession_id)
    await _require_readable(tx, caller, found)
    judgement = await judge(tx, found.steps, found.from_day) if found.may_change else None
    return await _shown(tx, found, judgement)


async def approve(tx: Tx, caller: Principal, succession_id: UUID) -> JudgedSuccession:
    """Another administrator over all its units says yes; everything has a place to go."""
    found = await successions.get_succession(tx, succession_id, lock=True)
    await _require_readable(tx, caller, found)
    actor = await _require_over(tx, caller, found.unit_ids)
    if found.state is not SuccessionState.DRAFT:
        raise SuccessionClosed
    if found.drafted_by == caller.person_id:
        raise OwnSuccession
    _require_ahead(tx, found.from_day)
    judgement = await judge(tx, found.steps, found.from_day)
    if judgement.unsettled:
        raise SuccessionUnsettled(count=judgement.unsettled)
    await successions.approve(tx, succession_id, caller.person_id)
    fact = SuccessionApproved(document=found.document, from_day=found.from_day)
    await tell(tx, found, fact, SuccessionState.APPROVED, actor)
    return await _shown(tx, await successions.get_succession(tx, succession_id), judgement)


async def cancel(tx: Tx, caller: Principal, succession_id: UUID) -> JudgedSuccession:
    """Take an act back, as long as it is not in force; what is in force is amended by another act."""
    found = await successions.get_succession(tx, succession_id, lock=True)
    await _require_readable(tx, caller, found)
    actor = await _require_over(tx, caller, found.unit_ids)
    if not found.may_change:
        raise SuccessionClosed
    await successions.cancel(tx, succession_id)
    fact = SuccessionCancelled(document=found.document, from_day=found.from_day)
    if found.state is SuccessionState.APPROVED:
        await tell(tx, found, fact, SuccessionState.CANCELLED, actor)
    else:
        await record(tx, fact, about=found.id, actor=actor)
    return await _shown(tx, await successions.get_succession(tx, succession_id), None)


async def list_acts(tx: Tx, caller: Principal, place: ListPlace, limit: int) -> list[Succession]:
    """All acts in the order of the place, from there on, for administrators of the province."""
    await rights.require_root(tx, caller, ADMINS)
    return await successions.list_successions(tx, place, limit)


async def judge(tx: Tx, steps: Sequence[Step], from_day: date) -> Judgement:
    """What becomes of every unit, post and open thing; a refusal where the steps cannot be an act."""
    named = {unit for step in steps for unit in step.unit_ids}
    known = await successions.units_around(tx, named)
    posts = await successions.posts_in(tx, named, from_day)
    if fault := first_fault(steps, known, posts, from_day):
        code, unit_id = fault
        name = (await successions.names_of(tx, [unit_id])).get(unit_id, str(unit_id))
        raise SuccessionFaulty(unit=name, fault_vi=say(code).vi, fault_en=say(code).en)
    _require_levels_in_order(steps, known, from_day)
    touched = {step.unit_id for step in steps}
    ended = [step.unit_id for step in steps if step.is_end]
    midnight = datetime.combine(from_day, time.min, LOCAL_ZONE)
    verdicts = (
        *judge_units(steps, known, from_day),
        *judge_posts(steps, posts),
        *judge_things(steps, await successions.open_things(tx, touched)),
        *judge_windows(steps, known, await successions.open_windows(tx, ended, midnight)),
    )
    return Judgement(units=known, posts=posts, verdicts=await _with_codes(tx, verdicts))


def _require_levels_in_order(steps: Sequence[Step], known: Units, from_day: date) -> None:
    """Of every unit that lies elsewhere from the day on; what has ended is passed over."""
    parents = parents_after(steps, known, from_day)
    ended = {step.unit_id for step in steps if step.is_end}

    def is_there(unit: KnownUnit) -> bool:
        return unit.id not in ended and unit.stands_on(from_day)

    for unit in known.values():
        above = (known[one] for one in (path_of(unit.id, parents) or ())[:-1])
        levels = [one.level for one in above if is_there(one)]
        if is_there(unit) and parents[unit.id] != unit.parent_id and not may_lie_below(unit.level, levels):
            raise LevelOutOfOrder(level=coded_level(unit.level))


async def _with_codes(tx: Tx, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    codes = await successions.codes_of(tx, [one.id for one in verdicts if one.kind is ThingKind.UNIT])
    return tuple(replace(one, code=codes[one.id]) if one.kind is ThingKind.UNIT else one for one in verdicts)


async def tell(
    tx: Tx, act: Succession, fact: Fact, what: str, actor: Actor = CLOCK_ACTED, told: tuple[UUID, ...] = ()
) -> None:
    """Record what became of an approved act, and tell everybody in the units that it is about, with whoever
    heads the units that take over."""
    event_id = await record(tx, fact, about=act.id, actor=actor)
    own = {step.unit_id for step in act.steps if step.kind is not StepKind.RENAMES}
    people = told or await successions.concerned(tx, own, act.unit_ids, local_day(tx.now))
    matter = Matter(subject_id=act.id, subject_code=act.document)
    await notify(
        tx,
        [
            NewNotice(
                event_id=event_id,
                person_id=person,
                kind=NoticeKind.UNITS_CHANGED,
                matter=matter,
                detail=str(what),
            )
            for person in people
        ],
    )


async def _require_over(tx: Tx, caller: Principal, unit_ids: tuple[UUID, ...]) -> Actor:
    """Units are rearranged from above: an administrator over the units above all of these."""
    paths = [unit.path for unit in await units.some_units(tx, unit_ids)]
    return await rights.require_over_all(tx, caller, ADMINS, [path[:-1] or path for path in paths])


async def _require_readable(tx: Tx, caller: Principal, act: Succession) -> None:
    """Whoever holds a post in or over one of its units may read an act; others do not learn of it."""
    held = set(await rights.units_of(tx, caller, frozenset(PostKind)))
    paths = [unit.path for unit in await units.some_units(tx, act.unit_ids)]
    if not any(held.intersection(path) for path in paths):
        raise NotFound


def _require_ahead(tx: Tx, from_day: date) -> None:
    if from_day < local_day(tx.now):
        raise SuccessionDayOver


async def _shown(tx: Tx, act: Succession, judgement: Judgement | None) -> JudgedSuccession:
    verdicts = judgement.verdicts if judgement else ()
    named = {unit for one in verdicts for unit in (one.from_id, one.to_id) if unit} | set(act.unit_ids)
    return JudgedSuccession(succession=act, verdicts=verdicts, names=await successions.names_of(tx, named))
