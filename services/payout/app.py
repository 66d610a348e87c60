"""Payout put together."""

from casework.activities import LooseCases
from casework.annulments import AnnulmentWatch
from casework.callers import find_caller
from casework.clocks.editions import CalendarWatch
from casework.history.keeping import HistoryKeeper
from casework.joining_watch import JoiningWatch
from casework.late.watch import LatePaperWatch
from casework.roster_watch import RosterWatch
from casework.routes.acts import acts_router
from casework.routes.batches import many_clocks_router, many_takings_router, reminders_router
from casework.routes.cases import cases_router
from casework.routes.clocks import clock_router
from casework.routes.feed import feed_router
from casework.routes.forecast import forecast_router
from casework.routes.metrics import metrics_router
from casework.routes.personal_data import personal_data_router
from casework.routes.questions import questions_router
from casework.routes.runs import comparisons_router, run_alarms_router, runs_router
from casework.routes.shared import alarms_router, history_router
from casework.routes.tasks import taking_router, tasks_router
from casework.runs.comparing import RunComparer
from casework.runs.watch import RunWatch
from casework.succession_watch import Inheritance, SuccessionWatch
from casework.terms import casework_terms
from kit.context import Context
from kit.http.app import create_app
from kit.service import Parts, Service
from language.events.base import Readers
from language.names import TaskQueue
from services.payout.activities import Activities
from services.payout.api import batches, routes
from services.payout.operations.cases import CASES, UNIT_ROWS
from services.payout.operations.claiming_back import follow_annulment
from services.payout.operations.inheriting import SettleOwed
from services.payout.operations.joining import COLUMNS, FOLLOWERS
from services.payout.operations.reading import MONEY_READERS, interested_in, require_dossier_readable
from services.payout.operations.runs import CASE_RUNS
from services.payout.settings import PayoutSettings
from services.payout.store.personal_data import PERSONAL_DATA


async def build(context: Context) -> Parts:
    """App and activities."""
    watched = (
        tasks_router(MONEY_READERS),
        cases_router(MONEY_READERS),
        alarms_router(),
        questions_router(interested_in),
        acts_router(),
        personal_data_router(TaskQueue.PAYOUT, PERSONAL_DATA),
        metrics_router(context.database, context.clock),
        forecast_router(MONEY_READERS, CASES),
        history_router(require_dossier_readable),
        feed_router(Readers.MONEY),
    )
    clocks = clock_router(CASES, require_dossier_readable)
    many = (many_clocks_router(CASES), many_takings_router(CASES), reminders_router(CASES))
    runs = (run_alarms_router(), runs_router(CASE_RUNS), comparisons_router())
    routers = [routes.router, batches.router, *watched, clocks, taking_router(CASES), *many, *runs]
    app = create_app(context, title="Sáng Kiến: chi trả (payout)", find_caller=find_caller, routers=routers)
    work, loose = Activities(context.activities), LooseCases(context.activities, CASES)
    activities = (work.assess_award, work.climb_rung, loose.climb)
    watches = [watch(context.jobs, CASES).run for watch in (RosterWatch, CalendarWatch)]
    inheritance = Inheritance(rows=UNIT_ROWS, settle=SettleOwed(context.clock.scale))
    successions = SuccessionWatch(context.jobs, CASES, inheritance)
    annulments = AnnulmentWatch(context.jobs, follow_annulment)
    joinings = JoiningWatch(context.jobs, cases=CASES, followers=FOLLOWERS, columns=COLUMNS)
    return Parts(
        app=app,
        activities=activities,
        jobs={
            "relay": [
                HistoryKeeper(context).run,
                LatePaperWatch(context.jobs).run,
                *watches,
                successions.run,
                annulments.run,
                joinings.run,
            ]
        },
        terms=casework_terms(context),
        watches=[RunWatch(context.jobs, CASE_RUNS).run, RunComparer(context.jobs, CASE_RUNS).run],
    )


SERVICE = Service(
    name=TaskQueue.PAYOUT,
    settings=PayoutSettings,
    build=build,
)
