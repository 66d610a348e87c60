"""`python -m processes.service NAME`: one service as a process."""

import gc
import importlib
import sys

import uvloop

from kit.service import Service, run_service
from language.names import TaskQueue

SERVICES = (TaskQueue.DIRECTORY, TaskQueue.INTAKE, TaskQueue.REVIEW, TaskQueue.PAYOUT)


def load(name: str) -> Service:
    """The service of this name."""
    service: Service = importlib.import_module(f"services.{TaskQueue(name)}.app").SERVICE
    return service


def main() -> None:
    """Run the service named on the command line."""
    if len(sys.argv) != 2 or sys.argv[1] not in SERVICES:
        sys.exit(f"usage: python -m processes.service {{{'|'.join(SERVICES)}}}")
    # Nothing that is imported ever becomes garbage: collecting while it loads, or walking over it later, is
    # time lost.
    gc.disable()
    service = load(sys.argv[1])
    gc.freeze()
    gc.enable()
    uvloop.run(run_service(service))


if __name__ == "__main__":
    main()
