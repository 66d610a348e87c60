"""`python -m processes.portal`: the pages as a process."""

import gc

import uvloop

from kit.clock import Clock
from kit.service import open_database, run_until_stopped, serve_http
from kit.settings import settings_of
from kit.telemetry import set_up_logging
from language.names import PORTAL
from processes.migrate import folders_of
from processes.starting import refusals_told
from services.portal.app import create_portal
from services.portal.settings import PortalSettings


async def _serve(settings: PortalSettings) -> None:
    clock = Clock(settings.time_scale)
    database = await open_database(PORTAL, settings, clock, folders_of(PORTAL))
    app = create_portal(settings, database, clock)
    try:
        await serve_http(app, settings.http_host, settings.http_port, settings.trusted_proxies)
    finally:
        await app.state.portal.services.close()
        await database.close()


async def run() -> None:
    """Serve until a signal asks to stop, which may be before there is a database."""
    settings = settings_of(PortalSettings, PORTAL)
    set_up_logging(PORTAL, settings.log_level)
    await run_until_stopped([_serve(settings)])


def main() -> None:
    """The pages."""
    gc.freeze()
    with refusals_told():
        uvloop.run(run())


if __name__ == "__main__":
    main()
