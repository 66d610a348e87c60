"""`python -m tests.workflows.killable ADDRESS QUEUE`: the real workflow worker as a process of its own, for
tests that kill it."""

import asyncio
import sys

from temporalio.client import Client

from kit.wire import data_converter
from processes.worker import sandbox, workflow_worker


async def main(address: str, queue: str) -> None:
    """Work until killed."""
    client = await Client.connect(address, data_converter=data_converter())
    await workflow_worker(client, queue, runner=sandbox()).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
