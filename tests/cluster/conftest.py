"""Without the server's programs no test of it can run: each says so and is counted."""

from collections.abc import AsyncIterator

import pytest

from bench.instance import Bed, bench_bed
from embedded.servers import TemporalServer
from embedded.temporal_programs import ProgramsMissing, installed


@pytest.fixture(scope="session")
def programs() -> None:
    """They were built before the tests began, where that was possible."""
    try:
        installed()
    except ProgramsMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
async def bed(programs: None) -> AsyncIterator[Bed]:
    """A small province on a cluster, gone before the next module has one of its own."""
    async with bench_bed(server=TemporalServer.CLUSTER) as running:
        yield running
