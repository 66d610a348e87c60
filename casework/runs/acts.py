"""What administrators do about runs that do not go on."""

from dataclasses import dataclass
from uuid import UUID

from casework import rights
from casework.history.record import record
from casework.runs.alarms import (
    RunAlarm,
    about_of,
    clear_alarm,
    get_alarm,
    raise_alarms,
    standing_alarms,
)
from casework.runs.own import OwnRuns, not_over
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from kit.outbox import (
    dismiss_messages,
    end_workflow,
    ends_wait,
    replace_workflow,
    restart_waits,
    restart_workflow,
    retry_messages,
)
from language.cases import STOPPED, AlarmKind
from language.events.actor import Actor
from language.events.casework import (
    MessagesDismissed,
    MessagesTriedAgain,
    RunStartedAnew,
    RunStopped,
    StrayRunEnded,
)
from language.ids import EventId
from language.posts.kinds import ADMINS
from language.refusals import NotFound, Refusal
from language.time_scale import TimeScale


class RunIsBeingStarted(Refusal):
    """The run was started anew already, and the message to it is on its way."""

    status = 409
    vi = "Quy trình này đang được cho chạy lại."
    en = "This workflow is being started anew already."


class RunIsBeingStopped(Refusal):
    """The run was stopped already, and the message to it is on its way."""

    status = 409
    vi = "Quy trình này đang được dừng."
    en = "This workflow is being stopped already."


class RunIsOver(Refusal):
    """What the run is about is over: nothing is to be stopped."""

    status = 409
    vi = "Việc này đã xong, không còn quy trình nào để dừng."
    en = "This is over; there is no workflow left to stop."


class RunOfAnother(Refusal):
    """The run is none that this service starts, or it is about something else."""

    status = 422
    vi = "Quy trình này không phải của việc đã nêu."
    en = "This workflow is not one of what was named."


class RunHasItsCase(Refusal):
    """What the run is about is not over: it is not ended, but started anew."""

    status = 409
    vi = "Việc của quy trình này chưa xong: hãy cho chạy lại, không kết thúc."
    en = "What this workflow is about is not over: start it anew instead of ending it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What was done: to which run, and how many messages it concerned."""

    workflow_id: str
    messages: int


async def read_alarm(tx: Tx, caller: Principal, alarm_id: UUID) -> RunAlarm:
    """The alarm of messages that do not arrive, for an administrator over the unit."""
    alarm, _ = await _stuck_messages(tx, caller, alarm_id)
    return alarm


async def _stuck_messages(
    tx: Tx, caller: Principal, alarm_id: UUID, *, lock: bool = False
) -> tuple[RunAlarm, Actor]:
    """The same, and as whom the caller acts; `NotFound` for anybody else."""
    alarm = await get_alarm(tx, alarm_id, lock=lock)
    post = await rights.post_over(tx, caller, ADMINS, alarm.unit_path)
    if post is None or alarm.kind is not AlarmKind.MESSAGE_DOES_NOT_ARRIVE:
        raise NotFound
    return alarm, rights.in_post(caller, post)


async def try_again(tx: Tx, caller: Principal, alarm_id: UUID) -> Mended:
    """Send what does not arrive again. If it still does not, it is an alarm again."""
    alarm, actor = await _stuck_messages(tx, caller, alarm_id, lock=True)
    messages = await retry_messages(tx, alarm.workflow_id)
    fact = MessagesTriedAgain(workflow_id=alarm.workflow_id, messages=messages)
    await record(tx, fact, about=alarm.about_id, actor=actor)
    await clear_alarm(tx, alarm)
    return Mended(workflow_id=alarm.workflow_id, messages=messages)


async def dismiss(tx: Tx, caller: Principal, alarm_id: UUID, reason: str) -> Mended:
    """What does not arrive need not any more; what comes after it goes out."""
    alarm, actor = await _stuck_messages(tx, caller, alarm_id, lock=True)
    messages = await dismiss_messages(tx, alarm.workflow_id)
    fact = MessagesDismissed(workflow_id=alarm.workflow_id, messages=messages, reason=reason)
    await record(tx, fact, about=alarm.about_id, actor=actor)
    await clear_alarm(tx, alarm)
    return Mended(workflow_id=alarm.workflow_id, messages=messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """Which run is to be started anew and why; `in_place`: also where one goes on, which is terminated."""

    about_id: UUID
    reason: str
    in_place: bool = False


async def start_anew(
    tx: Tx, own: OwnRuns, caller: Principal, wanted: Anew, scale: TimeScale | None
) -> Mended:
    """Start a run that has ended before its time from what the services know. Where it runs all the same,
    nothing happens to it, unless it is to be replaced."""
    actor = await rights.require_root(tx, caller, ADMINS)
    event_id = EventId(new_id())
    start = await own.start(tx, wanted.about_id, event_id, scale)
    if await restart_waits(tx, start.workflow_id):
        raise RunIsBeingStarted
    await (replace_workflow if wanted.in_place else restart_workflow)(tx, start)
    fact = RunStartedAnew(workflow_id=start.workflow_id, reason=wanted.reason)
    await record(tx, fact, about=wanted.about_id, actor=actor)
    return Mended(workflow_id=start.workflow_id, messages=1)


async def end_run(
    tx: Tx, own: OwnRuns, caller: Principal, about_id: UUID, workflow_id: str, reason: str
) -> Mended:
    """Terminate a run that is about nothing that the service knows, or about what is over: Temporal was ahead
    of a restored service, or is behind it."""
    actor = await rights.require_root(tx, caller, ADMINS)
    if not workflow_id.startswith(own.prefixes) or about_of(workflow_id) != about_id:
        raise RunOfAnother
    if await own.startable(tx, [about_id]):
        raise RunHasItsCase
    event_id = EventId(new_id())
    await end_workflow(tx, event_id, workflow_id)
    fact = StrayRunEnded(workflow_id=workflow_id, reason=reason)
    await record(tx, fact, about=about_id, actor=actor)
    return Mended(workflow_id=workflow_id, messages=1)


async def stop(
    tx: Tx, own: OwnRuns, caller: Principal, about_id: UUID, reason: str, scale: TimeScale | None
) -> Mended:
    """Terminate the run of something that is not over. It is on the alarm list from this moment on, until it
    is started anew. What people do is accepted meanwhile and kept for the run to come; days that are due
    stay, and no rung is climbed: those that are late then are climbed one after the other."""
    actor = await rights.require_root(tx, caller, ADMINS)
    workflow_id = (await own.start(tx, about_id, EventId(new_id()), scale)).workflow_id
    if not await not_over(tx, own, [about_id]):
        raise RunIsOver
    if await ends_wait(tx, [workflow_id]):
        raise RunIsBeingStopped
    await end_workflow(tx, new_id(), workflow_id)
    await record(tx, RunStopped(workflow_id=workflow_id, reason=reason), about=about_id, actor=actor)
    stopped = workflow_id, AlarmKind.RUN_ENDED
    # Where it had ended before, that it was stopped is what holds from now on.
    if before := (await standing_alarms(tx)).get(stopped):
        await clear_alarm(tx, before)
    await raise_alarms(tx, {stopped: STOPPED})
    return Mended(workflow_id=workflow_id, messages=1)
