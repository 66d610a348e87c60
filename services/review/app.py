"""Review put together."""

from casework.activities import LooseCases
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
from services.review.activities import Activities
from services.review.api import backtest, batches, complaints, decision_acts
from services.review.api.routes import router
from services.review.operations.cases import CASES, POST_COLUMNS, UNIT_ROWS
from services.review.operations.complaint_runs import CASE_RUNS
from services.review.operations.inheriting import open_anew
from services.review.operations.joining import COLUMNS, FOLLOWERS, SEATED
from services.review.operations.reading import WATCHERS, interested_in, may_read_history
from services.review.settings import ReviewSettings
from services.review.store.personal_data import PERSONAL_DATA


async def build(context: Context) -> Parts:
    """App and activities on one database."""
    activities, loose = Activities(context.activities), LooseCases(context.activities, CASES)
    watches = [watch(context.jobs, CASES).run for watch in (RosterWatch, CalendarWatch)]
    inheritance = Inheritance(rows=UNIT_ROWS, posts=POST_COLUMNS, anew=open_anew)
    successions = SuccessionWatch(context.jobs, CASES, inheritance)
    joinings = JoiningWatch(context.jobs, cases=CASES, followers=FOLLOWERS, columns=COLUMNS, seated=SEATED)
    followers = (*watches, successions.run, joinings.run)
    watched = (
        tasks_router(WATCHERS),
        cases_router(WATCHERS),
        taking_router(CASES),
        alarms_router(),
        questions_router(interested_in),
        acts_router(),
        personal_data_router(TaskQueue.REVIEW, PERSONAL_DATA),
        metrics_router(context.database, context.clock),
        forecast_router(WATCHERS, CASES),
    )
    routers = (
        router,
        decision_acts.router,
        complaints.router,
        batches.router,
        batches.owed_router,
        backtest.router,
        *watched,
        history_router(may_read_history),
        clock_router(CASES, may_read_history),
        many_clocks_router(CASES),
        many_takings_router(CASES),
        reminders_router(CASES),
        feed_router(Readers.CASES),
        run_alarms_router(),
        runs_router(CASE_RUNS),
        comparisons_router(),
    )
    return Parts(
        jobs={
            "relay": [
                HistoryKeeper(context).run,
                LatePaperWatch(context.jobs).run,
                *followers,
            ]
        },
        terms=casework_terms(context),
        watches=[RunWatch(context.jobs, CASE_RUNS).run, RunComparer(context.jobs, CASE_RUNS).run],
        app=create_app(
            context, title="Sáng Kiến: xét công nhận (review)", find_caller=find_caller, routers=routers
        ),
        activities=(
            activities.open_stage,
            activities.climb_rung,
            activities.withdraw_stage,
            activities.move_stage,
            loose.climb,
        ),
    )


SERVICE = Service(
    name=TaskQueue.REVIEW,
    settings=ReviewSettings,
    build=build,
)
