"""One Temporal server a test session."""

from collections.abc import AsyncIterator

import pytest

from tests.workflows.world import World, open_world


@pytest.fixture(scope="session")
async def world() -> AsyncIterator[World]:
    """The server, the workers and the office."""
    async with open_world() as opened:
        yield opened
