"""`python -m processes.portal`: the pages as a process."""

import asyncio
import gc

import structlog
import uvloop

from kit.clock import Clock
from kit.connecting import OUTAGES
from kit.db import Database
from kit.service import run_until_stopped, serve_http
from kit.settings import settings_of
from kit.telemetry import set_up_logging
from language.names import PORTAL
from services.portal.app import create_portal
from services.portal.settings import PortalSettings

log = structlog.get_logger()
_RETRY_SECONDS = 0.2


async def run() -> None:
    """Serve until a signal asks to stop."""
    settings = settings_of(PortalSettings, PORTAL)
    set_up_logging(PORTAL, settings.log_level)
    clock = Clock()
    database = await _database(settings, clock)
    app = create_portal(settings, database, clock)
    try:
        await run_until_stopped(
            [serve_http(app, settings.http_host, settings.http_port, settings.trusted_proxies)]
        )
    finally:
        await app.state.portal.services.close()
        await database.close()


async def _database(settings: PortalSettings, clock: Clock) -> Database:
    dsn = settings.database_url.get_secret_value()
    while True:
        try:
            return await Database.open(
                dsn, schema=PORTAL, clock=clock, size=settings.database_pool_size, wait_seconds=2.0
            )
        except OUTAGES as outage:
            log.info("database.waiting", reason=type(outage).__name__)
            await asyncio.sleep(_RETRY_SECONDS)


def main() -> None:
    """The pages."""
    gc.freeze()
    uvloop.run(run())


if __name__ == "__main__":
    main()
