"""The directory put together."""

from pathlib import Path

from services.directory.activities import Activities
from services.directory.api import delegations, openid, organisation, packs, rules
from services.directory.operations.hand_over import start_hand_over
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
    routers = [*sign_in, organisation.router, delegations.router, rules.router, packs.router]
    app = create_app(context, title="Sáng Kiến: danh bạ (directory)", routers=routers, keys=signer)
    app.state.issuer_keys = signer
    async with context.database.transaction() as tx:
        await start_hand_over(tx, settings.time_scale)
    activities = Activities(context.database)
    return Parts(app=app, activities=[activities.freeze_plan, activities.resolve_posts, activities.resolve_tasks])


SERVICE = Service(name=TaskQueue.DIRECTORY, settings=DirectorySettings, migrations=Path(__file__).parent / "migrations", build=build)
