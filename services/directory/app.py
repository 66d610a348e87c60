"""The directory put together."""

from pathlib import Path

from services.directory.activities import Activities
from services.directory.api import openid, organisation, packs, rules, transitions
from services.directory.operations.identity import Issuer, Signer
from services.directory.settings import DirectorySettings
from services.kit.context import Context
from services.kit.http.app import create_app
from services.kit.service import Parts, Service
from workflows.contracts.names import TaskQueue


async def build(context: Context) -> Parts:
    """App and activities."""
    settings = context.settings
    if not isinstance(settings, DirectorySettings):
        raise TypeError("the directory needs DirectorySettings")
    signer = Signer(context.database)
    issuer = Issuer(settings, context.clock, signer)
    sign_in = [openid.discovery_router(settings, signer), openid.sign_in_router(settings), openid.token_router(settings, issuer)]
    routers = [*sign_in, organisation.router, rules.router, packs.router, transitions.router]
    app = create_app(context, title="Sáng Kiến: danh bạ (directory)", routers=routers, keys=signer)
    app.state.issuer_keys = signer
    work = Activities(context.database)
    activities = (
        work.freeze_plan,
        work.resolve_posts,
        work.classify_dossiers,
        work.tell_dossiers,
        work.list_told,
        work.note_answers,
        work.finish_transition,
    )
    return Parts(app=app, activities=activities)


SERVICE = Service(name=TaskQueue.DIRECTORY, settings=DirectorySettings, migrations=Path(__file__).parent / "migrations", build=build)
