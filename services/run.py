"""`python -m services.run NAME`: one service as a process."""

import importlib
import sys

import uvloop

from services.kit.service import Service, run_service
from workflows.contracts.names import TaskQueue

SERVICES = (TaskQueue.DIRECTORY, TaskQueue.INTAKE, TaskQueue.REVIEW, TaskQueue.PAYOUT)


def load(name: str) -> Service:
    """The service of this name."""
    service: Service = importlib.import_module(f"services.{TaskQueue(name)}.app").SERVICE
    return service


def main() -> None:
    """Run the service named on the command line."""
    if len(sys.argv) != 2 or sys.argv[1] not in SERVICES:
        sys.exit(f"usage: python -m services.run {{{'|'.join(SERVICES)}}}")
    uvloop.run(run_service(load(sys.argv[1])))


if __name__ == "__main__":
    main()
