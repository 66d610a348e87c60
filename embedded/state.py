"""What a running instance writes down about itself: other commands find it by this, and the next start ends
what a killed one left behind."""

import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from embedded.layout import Ports
from embedded.processes import works_on

_ORPHANS_END_WITHIN = 10.0
_LOOK_EVERY = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The launcher and its children. `ready` is set once everything is healthy and the first start is
    done; `restarts` says how often each child has been started again since then."""

    launcher: int
    port_base: int
    ready: bool
    processes: Mapping[str, int]
    restarts: Mapping[str, int] = field(default_factory=dict)

    @property
    def ports(self) -> Ports:
        """Where it listens."""
        return Ports(self.port_base)


def state_now(
    ports: Ports, processes: Mapping[str, int], restarts: Mapping[str, int], *, ready: bool
) -> State:
    """Of the instance that this process launched."""
    return State(
        launcher=os.getpid(), port_base=ports.base, ready=ready, processes=processes, restarts=restarts
    )


def _file(data: Path) -> Path:
    return data / "state.json"


def write_state(data: Path, state: State) -> None:
    """Replace what was written before."""
    fresh = _file(data).with_suffix(".new")
    fresh.write_text(json.dumps(asdict(state)), encoding="ascii")
    fresh.replace(_file(data))


def read_state(data: Path) -> State | None:
    """What was written last, if anything."""
    try:
        return State(**json.loads(_file(data).read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError):
        return None


def forget_state(data: Path) -> None:
    """Everything has ended in order."""
    _file(data).unlink(missing_ok=True)


def is_held(data: Path) -> bool:
    """A launcher holds the folder's lock."""
    try:
        with (data / "lock").open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def running_state(data: Path) -> State | None:
    """The state of the instance that runs on this folder now."""
    return read_state(data) if is_held(data) else None


def launcher_of(data: Path) -> int | None:
    """The process that holds the folder."""
    if not is_held(data):
        return None
    told = (data / "lock").read_text(encoding="ascii").strip()
    return int(told) if told else None


def end_orphans(data: Path) -> None:
    """End the children of a launcher that was killed, and a PostgreSQL on this folder. Call it with the lock
    held."""
    state = read_state(data)
    left = set(state.processes.values()) if state else set()
    with contextlib.suppress(OSError, ValueError):
        left.add(int((data / "postgres" / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0]))
    left = {pid for pid in left if works_on(pid, data)}
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    give_up_at = time.monotonic() + _ORPHANS_END_WITHIN
    while any(works_on(pid, data) for pid in left) and time.monotonic() < give_up_at:
        time.sleep(_LOOK_EVERY)
    forget_state(data)
