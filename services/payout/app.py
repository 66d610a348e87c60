"""Payout put together."""

from casework.clocks.editions import ClockCalendars
from casework.history.keeping import HistoryKeeper
from casework.notices import GATHERING
from casework.roster_watch import RosterWatch
from casework.routes.clocks import clock_router
from casework.routes.feed import feed_router
from casework.routes.forecast import forecast_router
from casework.routes.shared import history_router, taking_router, tasks_router
from kit.context import Context
from kit.http.app import create_app
from kit.service import Parts, Service
from language.events.base import Readers
from language.names import TaskQueue
from services.payout.activities import Activities
from services.payout.api import routes
from services.payout.operations.clock_owner import OWNER
from services.payout.operations.foreseeing import foresee
from services.payout.operations.handing_over import OWNER as TASKS
from services.payout.operations.reading import MONEY_READERS, require_dossier_readable
from services.payout.settings import PayoutSettings


async def build(context: Context) -> Parts:
    """App and activities."""
    watched = (
        tasks_router(MONEY_READERS),
        forecast_router(MONEY_READERS, foresee),
        history_router(require_dossier_readable),
        feed_router(Readers.MONEY),
    )
    routers = [routes.router, *watched, clock_router(OWNER), taking_router(TASKS)]
    app = create_app(context, title="Sáng Kiến: chi trả (payout)", routers=routers)
    work, calendars = Activities(context.activities), ClockCalendars(context.activities, OWNER)
    activities = (
        work.assess_award,
        work.climb_rung,
        calendars.reproject_clocks,
    )
    return Parts(
        app=app,
        gathering=GATHERING,
        activities=activities,
        jobs={"relay": [HistoryKeeper(context).run, RosterWatch(context.jobs, TASKS).run]},
    )


SERVICE = Service(
    name=TaskQueue.PAYOUT,
    settings=PayoutSettings,
    build=build,
)
