"""`python -m processes.portal`: the pages as a process."""

import gc
from contextlib import AsyncExitStack

import uvloop

from kit.clock import Clock
from kit.http.probes import Front
from kit.keeping import Keeping
from kit.metrics import Meters
from kit.service import open_database, run_until_stopped, serve_http, serve_while
from kit.settings import settings_of
from kit.telemetry import set_up_logging
from kit.tracing import set_up_tracing
from language.names import PORTAL
from processes.migrate import folders_of
from processes.starting import refusals_told
from services.portal.app import create_portal
from services.portal.settings import PortalSettings
from services.portal.store.terms import TERMS


async def run() -> None:
    """Serve until a signal asks to stop, which may be before there is a database."""
    settings = settings_of(PortalSettings, PORTAL)
    set_up_logging(PORTAL, settings.log_level)
    set_up_tracing(PORTAL)
    front = Front()
    serving = serve_http(front, settings.http_host, settings.http_port, settings.trusted_proxies)

    async def work(stack: AsyncExitStack) -> None:
        clock, meters = Clock(settings.time_scale), Meters(whole_process=True)
        database = await open_database(PORTAL, settings, clock, folders_of(PORTAL), meters)
        stack.push_async_callback(database.close)
        app = create_portal(settings, database, clock)
        stack.push_async_callback(app.state.portal.services.close)
        front.app = app
        await Keeping(database, TERMS).run_unled()

    await run_until_stopped([serve_while(serving, work)])


def main() -> None:
    """The pages."""
    gc.freeze()
    with refusals_told():
        uvloop.run(run())


if __name__ == "__main__":
    main()
