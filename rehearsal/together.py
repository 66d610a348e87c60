"""Several who act at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def acting_together() -> AsyncIterator[asyncio.TaskGroup]:
    """A group of tasks, ended when all of them are. When one fails, the others are called off and waited for,
    and that first failure is raised, alone."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
