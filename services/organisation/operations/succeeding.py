"""Acts about units come into force as their day begins: one leader looks for those that are due, and carries
each out in one transaction. Until then nothing has come of it; whoever begins something in its units in the
moment between waits (`casework.units`)."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from casework.history.record import record_all
from kit.db import Database, Tx
from kit.leading import Lease, lead, still_leads
from language.deadline.arithmetic import local_day
from language.events.actor import CLOCK_ACTED
from language.events.base import Change, Fact
from language.events.organisation import UnitChanged, UnitMoved
from language.events.succession import PostPassedOn, SuccessionHeldUp, SuccessionInForce, UnitEnded
from language.ids import UnitId
from language.posts import reach
from language.refusals import Refusal
from language.units.succession import Fate, StepKind, ThingKind, Verdict, parents_after, path_of
from services.organisation.domain.succession import Judgement, Succession, SuccessionState
from services.organisation.operations.delegating import end_resting_in
from services.organisation.operations.roster_changes import write_change
from services.organisation.operations.succession import judge, tell
from services.organisation.store import successions, units

_POLL_SECONDS: Final = 1.0
_DAY: Final = timedelta(days=1)
HELD_UP: Final = "HELD_UP"


class SuccessionKeeper:
    """Carries out what is due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        """Until cancelled; one process at a time."""
        await lead(self._database, "successions", self._work)

    async def _work(self, lease: Lease) -> None:
        while True:
            await lease.renew()
            async with self._database.reading() as tx:
                is_due = await successions.is_any_due(tx, local_day(tx.now))
            if is_due:
                async with self._database.transaction() as tx:
                    await still_leads(tx, lease)
                    await carry_out_due(tx)
            await lease.pause(_POLL_SECONDS)


async def carry_out_due(tx: Tx) -> None:
    """Every approved act whose day has come, in order. One for which something has no place to go waits, and
    is tried again each time."""
    await units.lock_imports(tx)
    for act in await successions.lock_due(tx, local_day(tx.now)):
        judgement = await _judged(tx, act)
        if judgement is None or _is_stuck(judgement):
            await _hold_up(tx, act, judgement)
        else:
            await carry_out(tx, act, judgement)


async def _judged(tx: Tx, act: Succession) -> Judgement | None:
    """None where the units have changed so that the steps are no act any more."""
    try:
        return await judge(tx, act.steps, act.from_day)
    except Refusal:
        return None


def _is_stuck(judgement: Judgement) -> bool:
    return any(verdict.fate is Fate.NO_PLACE for verdict in judgement.verdicts)


async def _hold_up(tx: Tx, act: Succession, judgement: Judgement | None) -> None:
    if act.held_up_at is None:
        await successions.hold_up(tx, act.id)
        unsettled = judgement.unsettled if judgement else len(act.steps)
        fact = SuccessionHeldUp(document=act.document, from_day=act.from_day, unsettled=unsettled)
        await tell(tx, act, fact, HELD_UP)


async def carry_out(tx: Tx, act: Succession, judgement: Judgement) -> None:
    """Units, posts and who holds them are as the act says, from now on."""
    own = {step.unit_id for step in act.steps if step.kind is not StepKind.RENAMES}
    told = await successions.concerned(tx, own, act.unit_ids, local_day(tx.now))
    last_day = act.from_day - _DAY
    facts = [
        *await _pass_posts(tx, act, judgement, last_day),
        *await _change_units(tx, act, judgement, last_day),
    ]
    await record_all(tx, facts)
    await successions.set_in_force(tx, act.id)
    fact = SuccessionInForce(document=act.document, from_day=act.from_day)
    await tell(tx, act, fact, SuccessionState.IN_FORCE, told=tuple(told))
    ended, papers = await end_resting_in(tx, CLOCK_ACTED, act.unit_ids, act.from_day)
    changes = [reach.UnitChanged(unit_id=UnitId(unit_id)) for unit_id in act.unit_ids]
    await write_change(tx, [*changes, *ended], last_day, None, papers)


async def _pass_posts(
    tx: Tx, act: Succession, judgement: Judgement, last_day: date
) -> list[tuple[UUID, Fact]]:
    facts: list[tuple[UUID, Fact]] = []
    for verdict in judgement.verdicts:
        if verdict.kind is not ThingKind.POST or verdict.to_id is None:
            continue
        if verdict.work_to is not None:
            await successions.end_post(tx, verdict.id, verdict.work_to, last_day)
        else:
            await successions.pass_post(tx, verdict.id, verdict.to_id)
        fact = PostPassedOn(document=act.document, into_id=verdict.to_id, work_to=verdict.work_to)
        facts.append((verdict.id, fact))
    return facts


async def _change_units(
    tx: Tx, act: Succession, judgement: Judgement, last_day: date
) -> list[tuple[UUID, Fact]]:
    parents = parents_after(act.steps, judgement.units, act.from_day)
    paths = {unit: path for unit in parents if (path := path_of(unit, parents))}
    await successions.place_units(tx, parents, paths)
    facts: list[tuple[UUID, Fact]] = [
        (unit.id, UnitMoved(parent_id=Change(old=unit.parent_id, new=parent)))
        for unit in judgement.units.values()
        if (parent := parents[unit.id]) and unit.parent_id and parent != unit.parent_id
    ]
    names = await successions.names_of(tx, [step.unit_id for step in act.steps])
    for step in act.steps:
        if step.is_end:
            await successions.end_unit(tx, step.unit_id, last_day, step.into_id)
            if step.into_id:
                passed = [one.id for one in judgement.verdicts if _is_passed(one, step.unit_id)]
                await successions.pass_delegations(tx, step.unit_id, step.into_id, last_day, passed)
            fact = UnitEnded(document=act.document, last_day=last_day, into_id=step.into_id)
            facts.append((step.unit_id, fact))
        elif step.name:
            await successions.rename_unit(tx, step.unit_id, step.name, last_day)
            name = Change(old=names[step.unit_id], new=step.name)
            facts.append((step.unit_id, UnitChanged(name=name, valid_to=None)))
    return facts


def _is_passed(verdict: Verdict, unit_id: UnitId) -> bool:
    """A post of the unit that went over with whoever holds it."""
    return verdict.kind is ThingKind.POST and verdict.from_id == unit_id and verdict.work_to is None
