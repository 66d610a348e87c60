"""What a service is built from."""

from dataclasses import dataclass

from kit.clock import Clock
from kit.db import Database
from kit.settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Settings, clock and databases: everything concrete that a service's `build` needs. `database` is for
    requests."""

    settings: ServiceSettings
    clock: Clock
    database: Database
    activities: Database
    jobs: Database
