"""What administrators do about runs that do not go on: in every service that sends messages to runs."""

from datetime import datetime
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from casework.runs import acts
from casework.runs.comparing import ask_comparison, list_findings, read_comparison
from casework.runs.own import OwnRuns
from kit.auth import Principal
from kit.db import Tx
from kit.http.batches import Batched, BatchIn, BatchOut, Named
from kit.http.commands import Caller, Commanded, Db
from kit.http.cursors import decode_cursor, plain_text
from kit.http.models import Cursor, In, Instant, Line, Out, Page, PageSize, page_of
from kit.http.routers import Router
from language.cases import AlarmKind, RunFinding


class ReasonIn(In):
    """Why it is done; it stays in the history."""

    reason: Line


class RestartIn(ReasonIn):
    """The same; `in_place`: also where a run goes on, which is terminated. After a restore it may know more
    than the services, or less."""

    in_place: bool = False


class RestartItemIn(Named, RestartIn):
    """The run of this thing."""


class EndIn(ReasonIn):
    """Why this run is ended."""

    workflow_id: Line


class EndItemIn(Named, EndIn):
    """`id` is what the run is about."""


class ComparisonIn(In):
    """After a restore of the services' database or of Temporal's: the instant at which work began again. What
    began before is not trusted."""

    restored_at: Instant | None = None


class ComparisonOut(Out):
    """How far the comparison is."""

    id: UUID
    asked_at: datetime
    restored_at: datetime | None
    total: int | None
    examined: int
    finished_at: datetime | None


class FoundOut(Out):
    """A run that does not fit."""

    workflow_id: str
    about_id: UUID
    kind: RunFinding


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


def run_alarms_router() -> Router:
    """Messages that do not arrive at a run: sent again, or dismissed."""
    router = Router(prefix="/v1/run-alarms", tags=["alarms"])

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


def runs_router(own: OwnRuns) -> Router:
    """Starting the service's own runs anew, and ending those that are about nothing."""
    router = Router(prefix="/v1", tags=["alarms"])

    @router.post("/runs/{about_id}/restart", response_model=MendedOut)
    async def restart(about_id: UUID, body: RestartIn, command: Commanded, request: Request) -> Response:
        """Start the run of this dossier, payment list, complaint or change of rules anew from what the
        services know, where it failed, was terminated, timed out or is not known any more; one that runs is
        left alone, unless it is to be replaced. For administrators of the province."""
        scale = request.app.state.clock.scale
        wanted = acts.Anew(about_id=about_id, reason=body.reason, in_place=body.in_place)
        return await command.run(
            lambda tx: acts.start_anew(tx, own, command.caller, wanted, scale), MendedOut.of
        )

    @router.post("/runs/{about_id}/stop", response_model=MendedOut)
    async def stop(about_id: UUID, body: ReasonIn, command: Commanded, request: Request) -> Response:
        """Stop the run of this dossier, payment list, complaint or change of rules, which is not over: it is
        on the alarm list until it is started anew. People's acts are kept for it, days that are due stay,
        and no rung is climbed meanwhile. For administrators of the province."""
        scale = request.app.state.clock.scale
        return await command.run(
            lambda tx: acts.stop(tx, own, command.caller, about_id, body.reason, scale), MendedOut.of
        )

    @router.post("/batch/runs/restart", response_model=BatchOut[MendedOut])
    async def restart_many(body: BatchIn[RestartItemIn], batch: Batched, request: Request) -> Response:
        """The same for many."""
        scale = request.app.state.clock.scale

        async def act(tx: Tx, caller: Principal, item: RestartItemIn) -> acts.Mended:
            wanted = acts.Anew(about_id=item.id, reason=item.reason, in_place=item.in_place)
            return await acts.start_anew(tx, own, caller, wanted, scale)

        return await batch.run(body.items, act, MendedOut.of)

    @router.post("/runs/{about_id}/end", response_model=MendedOut)
    async def end(about_id: UUID, body: EndIn, command: Commanded) -> Response:
        """Terminate a run that is about nothing this service knows, or about what is over. For administrators
        of the province."""
        return await command.run(
            lambda tx: acts.end_run(tx, own, command.caller, about_id, body.workflow_id, body.reason),
            MendedOut.of,
        )

    @router.post("/batch/runs/end", response_model=BatchOut[MendedOut])
    async def end_many(body: BatchIn[EndItemIn], batch: Batched) -> Response:
        """The same for many."""
        return await batch.run(
            body.items,
            lambda tx, caller, item: acts.end_run(tx, own, caller, item.id, item.workflow_id, item.reason),
            MendedOut.of,
        )

    return router


def comparisons_router() -> Router:
    """Runs compared with what they are about."""
    router = Router(prefix="/v1/run-comparisons", tags=["alarms"])

    @router.post("", status_code=201, response_model=ComparisonOut)
    async def ask(body: ComparisonIn, command: Commanded) -> Response:
        """Have everything that must have a run compared with what Temporal knows, and the other way round. It
        takes its time, and changes nothing. For administrators of the province."""
        return await command.run(
            lambda tx: ask_comparison(tx, command.caller, body.restored_at),
            ComparisonOut.of,
            status=201,
            location=lambda made: f"/v1/run-comparisons/{made.id}",
        )

    @router.get("/{comparison_id}")
    async def read_one(comparison_id: UUID, caller: Caller, database: Db) -> ComparisonOut:
        """How far it is."""
        async with database.reading() as tx:
            return ComparisonOut.of(await read_comparison(tx, caller, comparison_id))

    @router.get("/{comparison_id}/findings")
    async def list_found(
        comparison_id: UUID,
        caller: Caller,
        database: Db,
        after: Cursor = None,
        limit: PageSize = 50,
    ) -> Page[FoundOut]:
        """What does not fit."""
        beginning = "" if after is None else decode_cursor(after, plain_text)
        async with database.reading() as tx:
            found = await list_findings(tx, caller, comparison_id, beginning, limit + 1)
        return page_of([FoundOut.of(one) for one in found], limit, lambda one: (one.workflow_id,), after)

    return router
