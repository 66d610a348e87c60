"""The PostgreSQL of an instance by itself, while nothing else of it runs."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from embedded.children import Child
from embedded.layout import Ports, lock_data, prepare_data
from embedded.postgres import EmbeddedPostgres
from embedded.secrets_file import SecretsFile

_ENDS_WITHIN = 10.0


@asynccontextmanager
async def postgres_alone(data: Path, ports: Ports) -> AsyncIterator[str]:
    """The DSN of its admin, for as long as this goes on."""
    prepare_data(data)
    with lock_data(data):
        ports.check_free(("postgres",))
        password = SecretsFile(data / "secrets.json")["postgres_admin"]
        postgres = EmbeddedPostgres(data / "postgres", ports["postgres"], password)
        postgres.initialise()
        child = Child(
            name="postgres",
            command=postgres.command(),
            log=data / "logs" / "postgres.log",
            environment=os.environ,
            say=lambda _: None,
            before_start=postgres.forget_dead_server,
            stop_signal=signal.SIGINT,
        )
        await child.start()
        try:
            await postgres.wait_ready()
            yield postgres.admin_url
        finally:
            await child.stop(_ENDS_WITHIN)
