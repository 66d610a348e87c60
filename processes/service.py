"""`python -m processes.service NAME…`: one service as a process, or several in one."""

import gc
import importlib
import sys

import uvloop

from kit.service import Service, run_services
from language.names import SERVICES, TaskQueue
from processes.migrate import folders_of
from processes.starting import refusals_told


def load(name: str) -> Service:
    """The service of this name."""
    service: Service = importlib.import_module(f"services.{TaskQueue(name)}.app").SERVICE
    return service


def main() -> None:
    """Run the services named on the command line."""
    names = sys.argv[1:]
    if not names or not set(names) <= set(SERVICES):
        sys.exit(f"usage: python -m processes.service {{{'|'.join(SERVICES)}}} …")
    # Nothing that is imported ever becomes garbage: collecting while it loads, or walking over it later, is
    # time lost.
    gc.disable()
    services = [load(name) for name in dict.fromkeys(names)]
    gc.freeze()
    gc.enable()
    with refusals_told():
        uvloop.run(run_services(services, folders_of))


if __name__ == "__main__":
    main()
