"""What administrators do about runs that do not go on: in every service that sends messages to runs."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from casework.runs import acts
from casework.runs.own import OwnRuns
from kit.http.commands import Caller, Commanded, Db
from kit.http.models import In, Line, Out
from language.cases import AlarmKind


class ReasonIn(In):
    """Why it is done; it stays in the history."""

    reason: Line


class MendedOut(Out):
    """The run it concerns, and how many messages to it."""

    workflow_id: str
    messages: int


class RunAlarmOut(Out):
    """Messages that do not arrive at the run, which is about this dossier or case."""

    id: UUID
    kind: AlarmKind
    workflow_id: str
    about_id: UUID
    raised_at: datetime


def run_alarms_router() -> APIRouter:
    """Messages that do not arrive at a run: sent again, or dismissed."""
    router = APIRouter(prefix="/v1/run-alarms", tags=["alarms"])

    @router.get("/{alarm_id}")
    async def read_alarm(alarm_id: UUID, caller: Caller, database: Db) -> RunAlarmOut:
        """One alarm that stands, for administrators over the unit."""
        async with database.reading() as tx:
            return RunAlarmOut.of(await acts.read_alarm(tx, caller, alarm_id))

    @router.post("/{alarm_id}/retry", response_model=MendedOut)
    async def try_again(alarm_id: UUID, command: Commanded) -> Response:
        """Send what does not arrive again, once its cause is mended; for administrators over the unit."""
        return await command.run(lambda tx: acts.try_again(tx, command.caller, alarm_id), MendedOut.of)

    @router.post("/{alarm_id}/dismissal", response_model=MendedOut)
    async def dismiss(alarm_id: UUID, body: ReasonIn, command: Commanded) -> Response:
        """What does not arrive need not any more; for administrators over the unit."""
        return await command.run(
            lambda tx: acts.dismiss(tx, command.caller, alarm_id, body.reason), MendedOut.of
        )

    return router


def runs_router(own: OwnRuns) -> APIRouter:
    """Starting the service's own runs anew."""
    router = APIRouter(prefix="/v1/runs", tags=["alarms"])

    @router.post("/{about_id}/restart", response_model=MendedOut)
    async def restart(about_id: UUID, body: ReasonIn, command: Commanded, request: Request) -> Response:
        """Start the run of this dossier, payment list, complaint or change of rules anew from what the
        services know, where it failed, was terminated, timed out or is not known any more; one that runs is
        left alone. For administrators of the province."""
        scale = request.app.state.clock.scale
        return await command.run(
            lambda tx: acts.start_anew(tx, own, command.caller, about_id, body.reason, scale), MendedOut.of
        )

    return router
