"""Where an instance listens and keeps its data."""

import fcntl
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cli.errors import AlreadyRunning, DataFolderUnusable, DiskFull, PortBusy

DEFAULT_PORT_BASE = 8100
_LEAST_FREE_BYTES = 500_000_000
_OFFSETS = {
    "directory": 1, "intake": 2, "review": 3, "payout": 4, "worker": 5, "postgres": 20, "temporal": 30, "temporal-ui": 31,
    "temporal-metrics": 32,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ports:
    """All ports of an instance, counted from one base."""

    base: int

    def __getitem__(self, name: str) -> int:
        return self.base + _OFFSETS[name]

    def url(self, name: str) -> str:
        """The address of a part on this machine."""
        return f"http://127.0.0.1:{self[name]}"

    def check_free(self, names: tuple[str, ...]) -> None:
        """`PortBusy` for the first port that somebody else listens on."""
        for name in names:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", self[name]))
                except OSError:
                    raise PortBusy(
                        f"Port {self[name]} (for {name}) is in use by another program: stop it, or set SANGKIEN_PORT_BASE "
                        f"(now {self.base}) to another number."
                    ) from None


def all_parts() -> tuple[str, ...]:
    """The names of everything that listens."""
    return tuple(_OFFSETS)


def default_data() -> Path:
    """SANGKIEN_DATA, else `.sangkien` beside the program."""
    chosen = os.environ.get("SANGKIEN_DATA")
    return Path(chosen).expanduser().resolve() if chosen else Path(__file__).resolve().parents[2] / ".sangkien"


def default_ports() -> Ports:
    """From SANGKIEN_PORT_BASE, else 8100 and what follows."""
    return Ports(int(os.environ.get("SANGKIEN_PORT_BASE", DEFAULT_PORT_BASE)))


def free_ports() -> Ports:
    """A base from which every port is free now, for private instances."""
    for base in range(21_000, 60_000, 100):
        ports = Ports(base)
        try:
            ports.check_free(all_parts())
        except PortBusy:
            continue
        return ports
    raise PortBusy("No free range of ports was found between 21000 and 60000.")


def prepare_data(data: Path) -> None:
    """Make the folder; refuse one that cannot be written or a disk that is nearly full."""
    try:
        (data / "logs").mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        probe = data / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DataFolderUnusable(f"{data} cannot be written ({error.strerror}): set SANGKIEN_DATA to another folder.") from None
    free = shutil.disk_usage(data).free
    if free < _LEAST_FREE_BYTES:
        raise DiskFull(f"Only {free // 1_000_000} MB are free where {data} lies; at least {_LEAST_FREE_BYTES // 1_000_000} MB are needed.")


def lock_data(data: Path) -> IO[str]:
    """Hold the folder for this process; `AlreadyRunning` when another holds it. The lock ends with the process."""
    file = (data / "lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "?"
        file.close()
        raise AlreadyRunning(f"Sáng Kiến already runs on {data} (process {holder}): try `./sangkien status` or `down`.") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
