"""Payout put together."""

from pathlib import Path

from services.kit.clock_calendars import ClockCalendars
from services.kit.context import Context
from services.kit.http.app import create_app
from services.kit.http.clock_routes import clock_router
from services.kit.http.forecast import forecast_router
from services.kit.http.shared_routes import history_router, taking_router, tasks_router
from services.kit.service import Parts, Service
from services.payout.activities import Activities
from services.payout.api import routes
from services.payout.operations.clock_owner import OWNER
from services.payout.operations.foreseeing import foresee
from services.payout.operations.handing_over import OWNER as TASKS
from services.payout.operations.reading import MONEY_READERS, require_dossier_readable
from services.payout.settings import PayoutSettings
from workflows.contracts.names import TaskQueue


async def build(context: Context) -> Parts:
    """App and activities."""
    watched = (tasks_router(MONEY_READERS), forecast_router(MONEY_READERS, foresee), history_router(require_dossier_readable))
    routers = [routes.router, *watched, clock_router(OWNER), taking_router(TASKS)]
    app = create_app(context, title="Sáng Kiến: chi trả (payout)", routers=routers)
    work, calendars = Activities(context.database), ClockCalendars(context.database, OWNER)
    activities = (work.assess_award, work.climb_rung, work.list_given_tasks, work.hand_over_tasks, calendars.reproject_clocks)
    return Parts(app=app, activities=activities)


SERVICE = Service(name=TaskQueue.PAYOUT, settings=PayoutSettings, migrations=Path(__file__).parent / "migrations", build=build)
