"""What people may do to a clock: extend it within the rules' limit, suspend it for a complaint or force
majeure, let it go on."""

from dataclasses import replace
from uuid import UUID

from casework import rights
from casework.case import AnyCase, Cases
from casework.clocks.kept import KeptClock, find_clock
from casework.clocks.moves import MoveKind, NewMove, PastMove, move_clock, moves_of
from kit.auth import Principal
from kit.db import Tx
from language.deadline.arithmetic import SuspensionKind
from language.events.actor import Actor
from language.posts.kinds import PostKind
from language.refusals import NotFound, Refusal

_HEADS = frozenset({PostKind.UNIT_HEAD})


class ClockClosed(Refusal):
    """What the clock was for is over."""

    vi = "Việc này đã kết thúc nên thời hạn không còn thay đổi được."
    en = "This is over, so its deadline can no longer be moved."


class AlreadySuspended(Refusal):
    """The clock stands still already."""

    vi = "Thời hạn đang tạm dừng. Hãy cho tiếp tục trước khi tạm dừng vì lý do khác."
    en = "The clock is suspended already. Let it go on before suspending it for another reason."


class NotSuspended(Refusal):
    """The clock is running."""

    vi = "Thời hạn đang chạy, không có gì để tiếp tục."
    en = "The clock is running; there is nothing to resume."


class SupplementAwaited(Refusal):
    """Only the supplement, or the end of its time, ends a suspension for a supplement."""

    vi = "Thời hạn tạm dừng để chờ bổ sung hồ sơ; chỉ tiếp tục khi tác giả bổ sung hoặc hết hạn bổ sung."
    en = (
        "The clock waits for the author's supplement; it goes on when the supplement comes or its time "
        "is over."
    )


class NoExtensionInRules(Refusal):
    """The frozen rules of the dossier give no extension of this clock."""

    vi = "Bộ quy định của hồ sơ không cho gia hạn ở bước này. Hãy xử lý trong thời hạn đã có."
    en = "The rules of this dossier allow no extension of this clock. Act within the deadline as it stands."


class ExtensionLimitExceeded(Refusal):
    """All extensions together would be longer than the rules allow."""

    vi = "Tổng thời gian gia hạn tối đa là {most}, đã gia hạn {used}. Hãy gia hạn ít hơn."
    en = "Extensions may be {most} together and {used} were given. Ask for less."


class ClockOfOwnDossier(Refusal):
    """An author never acts on their own dossier."""

    status = 403
    vi = "Bạn là tác giả của hồ sơ này nên không được thay đổi thời hạn của nó. Hãy để người khác quyết định."
    en = "You are an author of this dossier and may not move its clock. Leave it to somebody else."


class ClockOfOwnDoing(Refusal):
    """Nobody holds up a complaint about what they have done themselves."""

    status = 403
    vi = (
        "Khiếu nại này là về việc chính bạn đã quyết định hoặc trả lời, nên bạn không được thay đổi thời hạn "
        "của nó. Hãy để người khác quyết định."
    )
    en = (
        "This complaint is about what you have decided or answered yourself, so you may not move its clock. "
        "Leave it to somebody else."
    )


async def extend_clock(
    tx: Tx, cases: Cases, caller: Principal, about_id: UUID, amount: int, reason: str
) -> KeptClock:
    """So much longer, in the unit that the rules give, for this reason."""
    clock, actor, moves = await _lock_for_head(tx, cases, caller, about_id)
    rule = clock.extension
    if rule is None:
        raise NoExtensionInRules
    used = sum(move.budget.amount for move in moves if move.budget)
    if used + amount > rule.most.amount:
        raise ExtensionLimitExceeded(most=rule.most, used=replace(rule.most, amount=used))
    budget = replace(rule.most, amount=amount)
    move = NewMove(kind=MoveKind.EXTENDED, reason=reason, actor=actor, rule=rule.basis.rule, budget=budget)
    return await move_clock(tx, cases.of(clock.kind), clock, move)


async def suspend_clock(
    tx: Tx, cases: Cases, caller: Principal, about_id: UUID, cause: SuspensionKind, reason: str
) -> KeptClock:
    """The clock stands still from now on."""
    clock, actor, _ = await _lock_for_head(tx, cases, caller, about_id)
    move = NewMove(kind=MoveKind.SUSPENDED, reason=reason, actor=actor, cause=cause)
    return await stand_still(tx, cases.of(clock.kind), clock, move)


async def resume_clock(tx: Tx, cases: Cases, caller: Principal, about_id: UUID, reason: str) -> KeptClock:
    """The clock goes on."""
    clock, actor, moves = await _lock_for_head(tx, cases, caller, about_id)
    cause = next((move.cause for move in reversed(moves) if move.cause), None)
    if clock.is_suspended and cause is SuspensionKind.SUPPLEMENT:
        raise SupplementAwaited
    move = NewMove(kind=MoveKind.RESUMED, reason=reason, actor=actor)
    return await go_on(tx, cases.of(clock.kind), clock, move)


async def stand_still(tx: Tx, kind: AnyCase, clock: KeptClock, move: NewMove) -> KeptClock:
    """Suspend a clock that runs; the thing is locked."""
    if clock.is_suspended:
        raise AlreadySuspended
    return await move_clock(tx, kind, clock, move)


async def go_on(tx: Tx, kind: AnyCase, clock: KeptClock, move: NewMove) -> KeptClock:
    """Resume a clock that stands still; the thing is locked."""
    if not clock.is_suspended:
        raise NotSuspended
    return await move_clock(tx, kind, clock, move)


async def kept(tx: Tx, about_id: UUID) -> KeptClock:
    """The clock; `NotFound` without one."""
    clock = await find_clock(tx, about_id)
    if clock is None:
        raise NotFound
    return clock


async def _lock_for_head(
    tx: Tx, cases: Cases, caller: Principal, about_id: UUID
) -> tuple[KeptClock, Actor, list[PastMove]]:
    """For the head of a unit above the one that acts (of the root itself at the root), who is no author; the
    thing locked, its clock open."""
    seen = await kept(tx, about_id)
    kind = cases.of(seen.kind)
    await kind.require_readable(tx, caller, seen.subject_id)
    actor = await rights.require(tx, caller, _HEADS, seen.unit_path[:-1] or seen.unit_path)
    await kind.lock(tx, about_id)
    if caller.person_id in (await kind.excluded(tx, [about_id])).get(about_id, ()):
        raise ClockOfOwnDossier
    if caller.person_id in await kind.answers_for(tx, about_id):
        raise ClockOfOwnDoing
    clock = await kept(tx, about_id)
    if clock.closed_at:
        raise ClockClosed
    return clock, actor, await moves_of(tx, about_id)
