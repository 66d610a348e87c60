"""`sangkien db-provision` and `db-grant`: roles, schemas and what services may read, for a deployment."""

import asyncio
import os

from embedded.errors import CommandFailed
from embedded.provision import SERVICES, grant_views, provision


def provision_database() -> None:
    """Read the admin DSN and the passwords from the environment."""
    names = {service: f"{service.upper()}_DB_PASSWORD" for service in SERVICES}
    missing = [name for name in ("DATABASE_URL", *names.values()) if not os.environ.get(name)]
    if missing:
        raise CommandFailed(f"Set these in the environment first: {', '.join(missing)}")
    asyncio.run(
        provision(os.environ["DATABASE_URL"], {service: os.environ[name] for service, name in names.items()})
    )


def grant_published() -> None:
    """Grant the published views to their readers; fails while a view is missing."""
    admin_url = os.environ.get("DATABASE_URL")
    if not admin_url:
        raise CommandFailed("Set DATABASE_URL in the environment first")
    if missing := asyncio.run(grant_views(admin_url)):
        raise CommandFailed(f"Not there yet, start the services first: {', '.join(missing)}")
