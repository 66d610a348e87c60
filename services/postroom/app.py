"""The postroom put together."""

from casework.callers import find_caller
from casework.history.keeping import HistoryKeeper
from casework.joining_watch import JoiningWatch
from casework.late.watch import LatePaperWatch
from casework.routes.acts import acts_router
from casework.routes.feed import feed_router
from casework.routes.metrics import metrics_router
from casework.routes.personal_data import personal_data_router
from casework.routes.questions import questions_router
from casework.routes.shared import alarms_router
from casework.terms import casework_terms
from kit.context import Context
from kit.http.app import create_app
from kit.service import Job, Parts, Service
from language.events.base import Readers
from language.names import TaskQueue
from services.postroom.api import notices, webhooks
from services.postroom.delivery.collecting import Collecting
from services.postroom.delivery.mail_server import MailServer
from services.postroom.delivery.mailing import Mailing, Sender
from services.postroom.delivery.webhook_sending import WebhookSending
from services.postroom.operations.calling import Calling
from services.postroom.operations.joining import COLUMNS, FOLLOWERS
from services.postroom.settings import PostroomSettings
from services.postroom.store.forgetting import postroom_terms
from services.postroom.store.personal_data import PERSONAL_DATA


async def build(context: Context) -> Parts:
    """App, what comes in, and what goes out."""
    settings = context.settings
    if not isinstance(settings, PostroomSettings):
        raise TypeError("the postroom needs PostroomSettings")
    watched = (
        alarms_router(),
        questions_router(),
        acts_router(),
        personal_data_router(TaskQueue.POSTROOM, PERSONAL_DATA),
        metrics_router(context.database, context.clock),
        feed_router(Readers.SECURITY),
    )
    calling = Calling(ring=settings.webhook_ring, loopback=settings.webhook_loopback)
    choosing = notices.settings_router(mails_go_out=settings.mails_go_out)
    routers = [notices.router, choosing, webhooks.router(calling), *watched]
    joinings = JoiningWatch(context.jobs, followers=FOLLOWERS, columns=COLUMNS)
    collecting = Collecting(context.jobs, mails_go_out=settings.mails_go_out)
    return Parts(
        app=create_app(
            context, title="Sáng Kiến: văn thư thông báo (postroom)", find_caller=find_caller, routers=routers
        ),
        activities=(),
        jobs={
            "delivery": _delivery(context, settings, calling),
            "relay": [
                HistoryKeeper(context).run,
                collecting.run,
                LatePaperWatch(context.jobs).run,
                joinings.run,
            ],
        },
        terms=(
            *casework_terms(context),
            *postroom_terms(settings.notices_kept_days, settings.links_kept_days),
        ),
    )


def _delivery(context: Context, settings: PostroomSettings, calling: Calling) -> list[Job]:
    """Webhooks, and mails where there is a server for them."""
    jobs: list[Job] = [WebhookSending(context.jobs, context.clock, calling).run]
    if settings.mails_go_out:
        server = MailServer(settings.smtp_url.get_secret_value(), settings.mail_from)
        sender = Sender(mail_from=settings.mail_from, address=settings.public_address.rstrip("/"))
        jobs.append(Mailing(context.jobs, server, sender).run)
    return jobs


SERVICE = Service(name=TaskQueue.POSTROOM, settings=PostroomSettings, build=build)
