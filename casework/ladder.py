"""Climbing a rung, once for every kind of case: look under the lock first, act only while nobody has.

A fired rung is a unique row, so it fires once however often the activity is repeated. After the last rung
the work goes on upward for as long as nobody acts; where nothing is above, the case is an alarm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic
from uuid import UUID

from casework import alarms
from casework.case import AnyCase, C, CaseKind, Cases, E, X
from casework.clocks.kept import KeptClock, kept_clock
from casework.clocks.moves import add_rung, as_it_stands, moves_of, running_clock, too_early
from casework.forecast import Foreseen, RungAhead, RungKey
from casework.history.record import record
from casework.notices import notify_of
from casework.posts_seen import PostsSeen, keep_posts, posts_seen
from casework.roster import resolve
from kit.db import Tx
from kit.inserts import Insert
from language.cases import AlarmKind
from language.deadline.arithmetic import days_counted
from language.deadline.clock import Rung
from language.events.casework import RungFired, WorkGivenOut
from language.events.rungs import RungEffect
from language.ids import PersonId
from language.messages.clock import CaseClock, RungFinding
from language.plan.ladder import look_again, onward
from language.plan.review_plan import RungAction, RungRule
from language.posts.holders import PostsResolved
from language.refusals import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbed(Generic[C]):
    """The case as it was found under the lock; `clock` is set when it moved since the run set its timer, or
    got a further rung."""

    case: C
    finding: RungFinding
    clock: CaseClock | None = None


FIND = "select finding from rungs_fired where about_id = $1 and rung_id = $2"


async def has_fired(tx: Tx, about_id: UUID, rung: Rung) -> bool:
    """Somebody climbed this rung before (the activity is being repeated)."""
    return await tx.conn.fetchval(FIND, about_id, rung.id) is not None


INSERT = Insert("rungs_fired", "about_id, rung_id, action, finding, planned_at, fired_at, rule")


async def mark_fired(tx: Tx, about_id: UUID, rung: Rung, finding: RungFinding) -> None:
    """Write down that the rung fired and what it found; a second time violates the primary key."""
    row = INSERT.row(
        rung, about_id=about_id, rung_id=rung.id, finding=finding, planned_at=rung.at, fired_at=tx.now
    )
    await tx.conn.execute(INSERT.statement, *row)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Climb(Generic[C, X, E]):
    """A rung that is due: where, with whom, and what it does."""

    kind: CaseKind[C, X, E]
    case: C
    clock: KeptClock
    rung: Rung
    posts: PostsResolved | None
    context: X
    effect: E

    @property
    def finding(self) -> RungFinding:
        """Whether there was something to do."""
        return RungFinding.FIRED if self.effect.did else RungFinding.NOTHING_TO_DO


async def climb(tx: Tx, kind: CaseKind[C, X, E], about_id: UUID, rung_id: str) -> Climbed[C]:
    """Fire the rung once, unless somebody has acted or its time has not come. What it finds is written down,
    also when there is nothing to do. Who is in the posts is read after the lock, in the same transaction."""
    case = await kind.lock(tx, about_id)
    clock = await kept_clock(tx, about_id)
    rung = next((known for known in clock.rungs if known.id == rung_id), None)
    if rung is None:
        raise NotFound
    if await has_fired(tx, about_id, rung):
        # The first answer may have been lost, and with it a rung that it brought.
        return Climbed(case=case, finding=RungFinding.ALREADY_FIRED, clock=as_it_stands(clock))
    if kind.is_over(case):
        return Climbed(case=case, finding=RungFinding.TOO_LATE)
    moved = await too_early(tx, kind, clock, rung)
    if moved:
        return Climbed(case=case, finding=RungFinding.NOT_YET, clock=as_it_stands(moved))
    rule = _rule_of(clock, rung)
    posts = await who_is_there(tx, kind, case) if await kind.looks_at_posts(tx, case, rung.action) else None
    context = (await kind.contexts(tx, [case], {about_id: posts} if posts else {}, {rung.action}))[about_id]
    effect = kind.effect(rung.action, context, tx.now, rule.quorum if rule else None)
    done = _Climb(kind=kind, case=case, clock=clock, rung=rung, posts=posts, context=context, effect=effect)
    if effect.did:
        await kind.carry_out(tx, case, effect, posts)
    await mark_fired(tx, about_id, rung, done.finding)
    if posts:
        await keep_posts(tx, about_id, posts)
    await _record(tx, done)
    longer = await _go_on(tx, done)
    return Climbed(case=case, finding=done.finding, clock=as_it_stands(longer) if longer else None)


async def who_is_there(tx: Tx, kind: CaseKind[C, X, E], case: C) -> PostsResolved:
    """Who acts now in the posts whose work the case is, and who is above them."""
    of = kind.particulars(case)
    out = (await kind.excluded(tx, [of.about_id])).get(of.about_id, ())
    excluded = [PersonId(person) for person in out]
    return await resolve(tx, of.unit_id, kind.posts(case), tx.now, excluded=excluded, level=of.level)


def _rule_of(clock: KeptClock, rung: Rung) -> RungRule | None:
    return next((rule for rule in clock.ladder if rule.id == rung.id), None)


async def _record(tx: Tx, done: _Climb[C, X, E]) -> None:
    """What the rung found, and what it did."""
    kind, rung = done.kind, done.rung
    case = kind.particulars(done.case)
    fact = RungFired(
        case=kind.type,
        about_id=case.about_id,
        level=case.level,
        rung_id=rung.id,
        action=rung.action,
        finding=done.finding,
        planned_at=rung.at,
        did=done.effect.did,
        found=kind.found(done.context),
    )
    event_id = await record(tx, fact, about=case.subject_id, rule_version=case.rule_version, rule=rung.rule)
    await notify_of(tx, event_id, fact, case.matter)


async def _go_on(tx: Tx, done: _Climb[C, X, E]) -> KeptClock | None:
    """The clock with what comes next, if the rung was the last; the alarm, if nothing can."""
    lack = done.kind.lack(done.context, done.effect)
    longer = await _watch(tx, done.kind, done.case, done.clock, lack, done.posts)
    clock, rule = longer or done.clock, _rule_of(done.clock, done.rung)
    if rule is None or rule.action is RungAction.LOOK_AGAIN or await _has_rung_ahead(tx, clock, done.rung):
        return longer
    if rule.action is RungAction.HAND_UP and not done.effect.did:
        case = done.kind.particulars(done.case)
        await alarms.raise_alarm(tx, AlarmKind.NOBODY_ACTS, done.kind.type, case, _heads(done.posts))
        return longer
    return await add_rung(tx, done.kind, clock, onward(clock.ladder, rule))


AHEAD = "select rung_id from rungs_ahead where about_id = $1"


async def _has_rung_ahead(tx: Tx, clock: KeptClock, fired: Rung) -> bool:
    """Another rung of the ladder is still to come."""
    ordinary = {rung.id: rung for rung in clock.rungs if rung.action is not RungAction.LOOK_AGAIN}
    if any(rung.at > fired.at for rung in ordinary.values()):
        return True
    return any(row["rung_id"] in ordinary for row in await tx.conn.fetch(AHEAD, clock.about_id))


def _heads(posts: PostsResolved | None) -> list[UUID]:
    """The nearest head above learns of an alarm."""
    return [head.person_id for head in posts.superiors[:1]] if posts else []


OF_STAFFING: Final = (AlarmKind.COUNCIL_TOO_SMALL, AlarmKind.NOBODY_THERE)
"""The alarms of a case with too few people."""


async def _watch(
    tx: Tx,
    kind: CaseKind[C, X, E],
    case: C,
    clock: KeptClock,
    lack: AlarmKind | None,
    posts: PostsResolved | None,
) -> KeptClock | None:
    """While too few people are there the case is an alarm, and is looked at each day; the clock, if it got a
    rung for that."""
    particulars = kind.particulars(case)
    was_watched = any(rule.action is RungAction.LOOK_AGAIN for rule in clock.ladder)
    for alarm in OF_STAFFING if was_watched else ():
        if alarm is not lack:
            await alarms.clear_alarm(tx, alarm, kind.type, particulars)
    if lack is None:
        return None
    await alarms.raise_alarm(tx, lack, kind.type, particulars, _heads(posts))
    looks = {rung.id for rung in clock.rungs if rung.action is RungAction.LOOK_AGAIN}
    if looks and any(row["rung_id"] in looks for row in await tx.conn.fetch(AHEAD, clock.about_id)):
        return None
    tomorrow = days_counted(running_clock(clock, await moves_of(tx, clock.about_id)), tx.now) + 1
    return await add_rung(tx, kind, clock, look_again(clock.ladder, tomorrow, clock.rule))


async def give_out(tx: Tx, kind: CaseKind[C, X, E], about_id: UUID) -> Climbed[C]:
    """Give what nobody has to those who are there: at the opening, and as often as one likes afterwards."""
    case = await kind.lock(tx, about_id)
    if kind.is_over(case):
        return Climbed(case=case, finding=RungFinding.TOO_LATE)
    posts = await who_is_there(tx, kind, case)
    context = (await kind.contexts(tx, [case], {about_id: posts}, {RungAction.LOOK_AGAIN}))[about_id]
    effect = kind.effect(RungAction.LOOK_AGAIN, context, tx.now)
    await keep_posts(tx, about_id, posts)
    if effect.did:
        await kind.carry_out(tx, case, effect, posts)
        of = kind.particulars(case)
        fact = WorkGivenOut(case=kind.type, about_id=of.about_id, level=of.level, did=effect.did)
        await record(tx, fact, about=of.subject_id, rule_version=of.rule_version)
    clock = await kept_clock(tx, about_id)
    longer = await _watch(tx, kind, case, clock, kind.lack(context, effect), posts)
    finding = RungFinding.FIRED if effect.did else RungFinding.NOTHING_TO_DO
    return Climbed(case=case, finding=finding, clock=as_it_stands(longer) if longer else None)


async def go_on_upward(tx: Tx, kind: CaseKind[C, X, E], about_id: UUID) -> KeptClock | None:
    """A ladder that had ended with nobody left above goes on by a further rung, once somebody is there; the
    clock with that rung."""
    case = await kind.lock(tx, about_id)
    clock = await kept_clock(tx, about_id)
    last = next((rule for rule in reversed(clock.ladder) if rule.action is RungAction.HAND_UP), None)
    if kind.is_over(case) or last is None or not await alarms.stands(tx, AlarmKind.NOBODY_ACTS, about_id):
        return None
    posts = await who_is_there(tx, kind, case)
    context = (await kind.contexts(tx, [case], {about_id: posts}, {RungAction.HAND_UP}))[about_id]
    if not kind.effect(RungAction.HAND_UP, context, tx.now).did:
        return None
    await keep_posts(tx, about_id, posts)
    await alarms.clear_alarm(tx, AlarmKind.NOBODY_ACTS, kind.type, kind.particulars(case))
    return await add_rung(tx, kind, clock, onward(clock.ladder, last))


async def watch_opening(
    tx: Tx, kind: CaseKind[C, X, E], case: C, lack: AlarmKind | None, posts: PostsResolved
) -> CaseClock:
    """A case that opens with too few people is an alarm from the start, and is looked at each day: the clock
    as its run begins with it."""
    clock = await kept_clock(tx, kind.particulars(case).about_id)
    return as_it_stands(await _watch(tx, kind, case, clock, lack, posts) or clock)


async def foresee(tx: Tx, cases: Cases, ahead: Sequence[RungAhead]) -> Mapping[RungKey, Foreseen]:
    """What a page of rungs would do as things stand: the climb's own rule over rows that nobody locks, with a
    handful of statements for each kind of case."""
    foreseen: dict[RungKey, Foreseen] = {}
    seen = await posts_seen(tx, [rung.about_id for rung in ahead])
    for kind in cases.kinds:
        foreseen |= await _foresee(tx, kind, [rung for rung in ahead if rung.kind is kind.type], seen)
    return foreseen


async def _foresee(
    tx: Tx, kind: AnyCase, ahead: Sequence[RungAhead], seen: Mapping[UUID, PostsSeen]
) -> dict[RungKey, Foreseen]:
    about = {rung.about_id for rung in ahead}
    found = await kind.some(tx, sorted(about)) if about else []
    open_cases = [case for case in found if not kind.is_over(case)]
    posts = {about_id: one.posts for about_id, one in seen.items() if about_id in about}
    contexts = await kind.contexts(tx, open_cases, posts, {rung.rule.action for rung in ahead})
    foreseen: dict[RungKey, Foreseen] = {}
    for rung in ahead:
        context = contexts.get(rung.about_id)
        as_of = seen[rung.about_id].seen_at if rung.about_id in seen else None
        if context is None:
            foreseen[rung.key] = Foreseen(finding=RungFinding.TOO_LATE, effect=RungEffect(), as_of=as_of)
            continue
        effect = kind.effect(rung.rule.action, context, rung.at, rung.rule.quorum)
        finding = RungFinding.FIRED if effect.did else RungFinding.NOTHING_TO_DO
        foreseen[rung.key] = Foreseen(finding=finding, effect=effect, as_of=as_of)
    return foreseen
