"""Services as a process: API, activity worker and relay of each, with pools of their own; each part can also
run apart."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

import structlog
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.types import ASGIApp
from temporalio.client import Client

from kit.calls import CallBook
from kit.clock import Clock
from kit.connecting import WrongSchema
from kit.context import Context
from kit.db import Database
from kit.http.probes import Front, Readiness, probe_app
from kit.http.server import Doors, guarded
from kit.keeping import Keeping, Term
from kit.metrics import Meters
from kit.migrate import lacking
from kit.outages import OUTAGES, reason_of
from kit.plumbing import plumbing_terms
from kit.relay import Patience, Relay
from kit.settings import JOBS_POOL_SIZE, ServiceSettings, settings_of
from kit.telemetry import Repeated, set_up_logging
from kit.temporal import RefusalsAreWaitedOut, activity_worker, connect
from kit.temporal_tls import until_renewed
from kit.tracing import set_up_tracing
from language.names import TaskQueue
from language.views import READ_BY, View

log = structlog.get_logger()

_RETRY_SECONDS = 0.2
_STOPS_WITHIN = 12.0
_ADVICE = "Hãy chạy `./sangkien migrate`; dịch vụ đang chờ (run it: the service waits for its tables)."


Job = Callable[[], Coroutine[Any, Any, None]]
"""Something that runs until it is cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a service gives: its app, its activities as bound methods, and what else it does by itself, by the
    part's name in `run_parts`; `watches` are what its relay part does by itself with Temporal, `terms` what
    it keeps for a time only, beside the plumbing."""

    app: FastAPI
    activities: Sequence[Callable[..., Any]]
    jobs: Mapping[str, Sequence[Job]] = field(default_factory=dict)
    watches: Sequence[Callable[[Client], Coroutine[Any, Any, None]]] = ()
    terms: Sequence[Term] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a service is put together; its name is its schema and its task queue."""

    name: TaskQueue
    settings: type[ServiceSettings]
    build: Callable[[Context], Awaitable[Parts]]


_READ_BY: Final[Mapping[str, Collection[View]]] = {owner.value: views for owner, views in READ_BY.items()}
FoldersOf = Callable[[TaskQueue], Sequence[Path]]
"""Where the migrations of a service lie."""


class DatabaseSettings(Protocol):
    """What one has to know to connect."""

    database_url: SecretStr
    database_pool_size: int
    database_wait_seconds: float


async def open_database(
    name: str,
    settings: DatabaseSettings,
    clock: Clock,
    folders: Sequence[Path],
    meters: Meters | None = None,
) -> Database:
    """Connect, waiting for a database that is still starting, and for the job that migrates it."""
    dsn = settings.database_url.get_secret_value()
    reported: list[str] = []
    outage_told = Repeated()
    while True:
        try:
            database = await Database.open(
                dsn,
                schema=name,
                clock=clock,
                size=settings.database_pool_size,
                wait_seconds=settings.database_wait_seconds,
                meters=meters,
            )
            missing = await _missing(database, name, folders)
        except OUTAGES as outage:
            if outage_told.is_due():
                log.info("database.waiting", reason=reason_of(outage))
            missing = reported
        except WrongSchema:
            missing = ["search_path"]
        else:
            if not missing:
                return database
            await database.close()
        if missing != reported:
            log.warning("database.not_migrated", lacking=missing[:5], advice=_ADVICE)
        reported = missing
        await asyncio.sleep(_RETRY_SECONDS)


async def open_context(
    name: TaskQueue, settings: ServiceSettings, clock: Clock, folders: Sequence[Path], meters: Meters
) -> Context:
    """All pools of a service."""
    database = await open_database(name, settings, clock, folders, meters)
    dsn = settings.database_url.get_secret_value()
    activities = await database.beside(dsn, size=settings.activity_pool_size, name="activities")
    jobs = await database.beside(dsn, size=JOBS_POOL_SIZE, name="jobs")
    return Context(settings=settings, clock=clock, database=database, activities=activities, jobs=jobs)


async def _missing(database: Database, name: str, folders: Sequence[Path]) -> list[str]:
    try:
        async with database.reading() as tx:
            return await lacking(tx.conn, folders, _READ_BY.get(name, frozenset()))
    except OUTAGES:
        await database.close()
        raise


async def run_services(services: Sequence[Service], folders_of: FoldersOf) -> None:
    """Run the parts their settings name, of all these services in this process, until SIGTERM or SIGINT; a
    part that ends early ends the process."""
    settings = [settings_of(service.settings, service.name) for service in services]
    set_up_logging("+".join(service.name for service in services), settings[0].log_level)
    set_up_tracing("+".join(service.name for service in services))
    each = [
        _run(service, own, folders_of(service.name), Meters(whole_process=service is services[0]))
        for service, own in zip(services, settings, strict=True)
    ]
    await run_until_stopped(each)


async def _run(service: Service, settings: ServiceSettings, folders: Sequence[Path], meters: Meters) -> None:
    """One service; its lines in the log bear its name."""
    structlog.contextvars.bind_contextvars(service=service.name.value)
    front = Front()
    doors = Doors(
        head_bytes=settings.max_head_bytes,
        head_seconds=settings.head_seconds,
        idle_seconds=settings.idle_seconds,
    )
    serving = serve_http(front, settings.http_host, settings.http_port, settings.trusted_proxies, doors)

    async def work(stack: AsyncExitStack) -> None:
        context = await open_context(service.name, settings, Clock(settings.time_scale), folders, meters)
        for database in (context.database, context.activities, context.jobs):
            stack.push_async_callback(database.close)
        parts = await service.build(context)
        jobs = [job() for name, own in parts.jobs.items() if name in settings.parts for job in own]
        if "relay" in settings.parts:
            jobs.append(Keeping(context.jobs, (*plumbing_terms(settings), *parts.terms)).run())
        needs_temporal = bool(settings.parts & {"activities", "relay"})
        readiness = Readiness(database=context.database, needs_temporal=needs_temporal)
        if needs_temporal:
            jobs.append(_run_temporal_parts(service, context, parts, readiness))
            jobs.append(until_renewed(settings, service.name))
        probes = partial(probe_app, parts.app.title, readiness, meters)
        front.app = parts.app if "api" in settings.parts else probes()
        await _until_one_ends([*jobs, for_ever()])

    await serve_while(serving, work)


async def serve_while(
    serving: Coroutine[Any, Any, None], work: Callable[[AsyncExitStack], Coroutine[Any, Any, None]]
) -> None:
    """Serve and work side by side until one of them ends. What the work opens and pushes onto the stack is
    closed when the last request has been answered."""
    async with AsyncExitStack() as stack:
        await _until_one_ends([serving, work(stack)])


async def for_ever() -> None:
    """Until it is cancelled."""
    await asyncio.Event().wait()


async def _until_one_ends(jobs: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run side by side; when one ends, or this is cancelled, the others are asked to end and waited for."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in done:
        task.result()


async def _run_temporal_parts(service: Service, context: Context, parts: Parts, readiness: Readiness) -> None:
    settings = context.settings
    client = readiness.client = await connect(settings)
    async with asyncio.TaskGroup() as group:
        if "relay" in settings.parts:
            patience = Patience(unknown=timedelta(hours=settings.unknown_run_hours))
            group.create_task(Relay(context.jobs, client, patience).run())
            for watch in parts.watches:
                group.create_task(watch(client))
        if "activities" in settings.parts and parts.activities:
            slots = settings.activity_pool_size
            calls = RefusalsAreWaitedOut(CallBook(context.activities), context.database.meters)
            worker = activity_worker(client, service.name, parts.activities, slots, settings.build_id, calls)
            group.create_task(worker.run())


async def serve_http(
    app: ASGIApp, host: str, port: int, trusted_proxies: str = "", doors: Doors | None = None
) -> None:
    """Serve until cancelled; requests under way are finished first. Who asks, and over TLS or not, is taken
    from what these proxies say."""
    doors = doors or Doors()
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=guarded(doors),
        timeout_keep_alive=doors.idle_seconds,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        lifespan="off",
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise


async def run_until_stopped(jobs: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run all jobs until a signal asks to stop or one of them ends."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    tasks = [asyncio.create_task(job) for job in jobs]
    # uvicorn installs its own handlers when it starts serving; these cover the parts without it, and the time
    # before.
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    for task in [*tasks, stopping]:
        task.cancel()
    _, stuck = await asyncio.wait(tasks, timeout=_STOPS_WITHIN)
    if stuck:
        # A part that does not end (a worker whose server is gone) must not keep a half-dead process alive:
        # the supervisor starts a whole one.
        log.error("service.stuck", parts=len(stuck))
        os._exit(1)
    for task in done - {stopping}:
        task.result()
