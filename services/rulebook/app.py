"""The rulebook put together."""

from casework.callers import find_caller
from casework.history.keeping import HistoryKeeper
from casework.joining_watch import JoiningWatch
from casework.late.watch import LatePaperWatch
from casework.routes.acts import acts_router
from casework.routes.feed import feed_router
from casework.routes.metrics import metrics_router
from casework.routes.personal_data import personal_data_router
from casework.routes.questions import questions_router
from casework.routes.runs import comparisons_router, run_alarms_router, runs_router
from casework.routes.shared import alarms_router
from casework.runs.comparing import RunComparer
from casework.runs.watch import RunWatch
from casework.terms import casework_terms
from kit.context import Context
from kit.http.app import create_app
from kit.service import Parts, Service
from language.events.base import Readers
from language.names import TaskQueue
from services.rulebook.activities import Activities
from services.rulebook.api import calendars, packs, seasons, transitions
from services.rulebook.operations.joining import PERSON_COLUMNS
from services.rulebook.operations.transition_runs import TRANSITION_RUNS
from services.rulebook.settings import RulebookSettings
from services.rulebook.store.personal_data import PERSONAL_DATA


async def build(context: Context) -> Parts:
    """App and activities."""
    own = (calendars, seasons, packs, transitions)
    watched = (
        alarms_router(),
        questions_router(),
        acts_router(),
        personal_data_router(TaskQueue.RULEBOOK, PERSONAL_DATA),
        metrics_router(context.database, context.clock),
        run_alarms_router(),
        runs_router(TRANSITION_RUNS),
        comparisons_router(),
    )
    routers = [*(module.router for module in own), *watched, feed_router(Readers.RULES)]
    work = Activities(context.activities)
    joinings = JoiningWatch(context.jobs, columns=PERSON_COLUMNS)
    return Parts(
        app=create_app(
            context, title="Sáng Kiến: quy định (rulebook)", find_caller=find_caller, routers=routers
        ),
        activities=(
            work.sort_dossiers,
            work.tell_dossiers,
            work.collect_answers,
            work.finish_transition,
        ),
        jobs={
            "relay": [
                HistoryKeeper(context).run,
                LatePaperWatch(context.jobs).run,
                joinings.run,
            ]
        },
        terms=casework_terms(context),
        watches=[RunWatch(context.jobs, TRANSITION_RUNS).run, RunComparer(context.jobs, TRANSITION_RUNS).run],
    )


SERVICE = Service(name=TaskQueue.RULEBOOK, settings=RulebookSettings, build=build)
