"""The rulebook put together."""

from casework.notices import GATHERING
from kit.context import Context
from kit.http.app import create_app
from kit.service import Parts, Service
from language.names import TaskQueue
from services.rulebook.activities import Activities
from services.rulebook.api import calendars, packs, seasons, transitions
from services.rulebook.settings import RulebookSettings


async def build(context: Context) -> Parts:
    """App and activities."""
    routers = [module.router for module in (calendars, seasons, packs, transitions)]
    work = Activities(context.activities)
    return Parts(
        app=create_app(context, title="Sáng Kiến: quy định (rulebook)", routers=routers),
        gathering=GATHERING,
        activities=(
            work.freeze_plan,
            work.classify_dossiers,
            work.tell_dossiers,
            work.list_told,
            work.note_answers,
            work.finish_transition,
        ),
    )


SERVICE = Service(name=TaskQueue.RULEBOOK, settings=RulebookSettings, build=build)
