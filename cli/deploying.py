"""`sangkien db-provision`: roles and schemas for a deployment."""

import asyncio
import os

from embedded.errors import CommandFailed
from embedded.provision import SERVICES, provision


def provision_database() -> None:
    """Read the admin DSN and the passwords from the environment."""
    names = {service: f"{service.upper()}_DB_PASSWORD" for service in SERVICES}
    missing = [name for name in ("DATABASE_URL", *names.values()) if not os.environ.get(name)]
    if missing:
        raise CommandFailed(f"Set these in the environment first: {', '.join(missing)}")
    asyncio.run(
        provision(os.environ["DATABASE_URL"], {service: os.environ[name] for service, name in names.items()})
    )
