"""What a service is built from."""

from dataclasses import dataclass

from services.kit.clock import Clock
from services.kit.db import Database
from services.kit.settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Settings, clock and database: everything concrete that a service's `build` needs."""

    settings: ServiceSettings
    clock: Clock
    database: Database
