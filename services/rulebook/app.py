"""The rulebook put together."""

from casework.callers import find_caller
from casework.history.keeping import HistoryKeeper
from casework.routes.feed import feed_router
from casework.routes.shared import alarms_router
from kit.context import Context
from kit.http.app import create_app
from kit.service import Parts, Service
from language.events.base import Readers
from language.names import TaskQueue
from services.rulebook.activities import Activities
from services.rulebook.api import calendars, packs, seasons, transitions
from services.rulebook.settings import RulebookSettings


async def build(context: Context) -> Parts:
    """App and activities."""
    own = (calendars, seasons, packs, transitions)
    routers = [*(module.router for module in own), alarms_router(), feed_router(Readers.RULES)]
    work = Activities(context.activities)
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
        jobs={"relay": [HistoryKeeper(context).run]},
    )


SERVICE = Service(name=TaskQueue.RULEBOOK, settings=RulebookSettings, build=build)
