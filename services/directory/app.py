"""The directory put together."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from casework.history.keeping import HistoryKeeper
from casework.migrations import CASEWORK_MIGRATIONS
from casework.notices import GATHERING
from casework.routes.feed import feed_router
from kit.context import Context
from kit.http.app import create_app
from kit.service import Job, Parts, Service
from language.events.base import Readers
from language.names import TaskQueue
from services.directory.activities import Activities
from services.directory.api import (
    calendars,
    delegations,
    notices,
    openid,
    organisation,
    packs,
    rules,
    transitions,
    webhooks,
)
from services.directory.forgetting import Forgetting
from services.directory.hooking import Hooking
from services.directory.mail_server import MailServer
from services.directory.mailing import Mailing, Sender
from services.directory.operations.hand_over import start_hand_over
from services.directory.operations.identity import Issuer, Signer
from services.directory.settings import DirectorySettings


async def build(context: Context) -> Parts:
    """App and activities."""
    settings = context.settings
    if not isinstance(settings, DirectorySettings):
        raise TypeError("the directory needs DirectorySettings")
    signer = Signer(context.database)
    issuer = Issuer(settings, context.clock, signer)
    sign_in = [
        openid.discovery_router(settings, signer),
        openid.sign_in_router(settings),
        openid.token_router(settings, issuer),
    ]
    own = [organisation, delegations, calendars, rules, packs, transitions, notices]
    feed = feed_router(Readers.ORGANISATION)
    routers = [*sign_in, *(module.router for module in own), webhooks.router(settings), feed]
    app = create_app(context, title="Sáng Kiến: danh bạ (directory)", routers=routers, keys=signer)
    app.state.issuer_keys = signer
    async with context.database.transaction() as tx:
        await start_hand_over(tx, settings.time_scale)
    activities = Activities(context.database, mails_go_out=settings.mails_go_out)
    bound: list[Callable[..., Any]] = [
        activities.freeze_plan,
        activities.resolve_posts,
        activities.resolve_tasks,
        activities.accept_notices,
        activities.classify_dossiers,
        activities.tell_dossiers,
        activities.list_told,
        activities.note_answers,
        activities.finish_transition,
    ]
    return Parts(
        app=app,
        gathering=GATHERING,
        activities=bound,
        jobs={"delivery": _delivery(context, settings), "relay": [HistoryKeeper(context).run]},
    )


def _delivery(context: Context, settings: DirectorySettings) -> list[Job]:
    """Webhooks, the removal of what is old, and mails where there is a server for them."""
    jobs: list[Job] = [
        Hooking(context.database, context.clock, loopback=settings.webhook_loopback).run,
        Forgetting(context.database, timedelta(days=settings.notices_kept_days)).run,
    ]
    if settings.mails_go_out:
        server = MailServer(settings.smtp_url.get_secret_value(), settings.mail_from)
        jobs.append(
            Mailing(
                context.database,
                context.clock,
                server,
                Sender(mail_from=settings.mail_from, address=settings.address),
            ).run
        )
    return jobs


SERVICE = Service(
    name=TaskQueue.DIRECTORY,
    settings=DirectorySettings,
    migrations=(CASEWORK_MIGRATIONS, Path(__file__).parent / "migrations"),
    build=build,
)
