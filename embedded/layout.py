"""Where an instance listens and keeps its data."""

import fcntl
import os
import shutil
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import IO

from embedded.errors import AlreadyRunning, DataFolderUnusable, DiskFull, PortBusy, WrongSetting
from embedded.processes import command_of, listener_on

DEFAULT_PORT_BASE = 8100
_LOWEST_BASE = 1024
_HIGHEST_BASE = 65_500
_CAUGHT_MAILS_DAYS = 90
_MOST_DAYS = 36_500
LEAST_FREE_BYTES = 500_000_000
UNFINISHED = "restore-unfinished"
"""This file lies in a folder whose restore has not come to its end."""
_LOCK_TRIES = 5
_LOCK_PAUSE = 0.1
_OFFSETS = {
    "portal": 0,
    "organisation": 1,
    "intake": 2,
    "review": 3,
    "payout": 4,
    "worker": 5,
    "rulebook": 6,
    "postroom": 7,
    "postgres": 20,
    "mail": 25,
    "temporal": 30,
    "temporal-ui": 31,
    "temporal-metrics": 32,
}
CLUSTER_PARTS: Mapping[str, str] = MappingProxyType(
    {
        name: f"{name}-membership"
        for name in (
            "temporal-history-1",
            "temporal-history-2",
            "temporal-matching",
            "temporal-frontend",
            "temporal-worker",
        )
    }
)
"""The processes of Temporal's real server, and by what name the ports go at which they find each other."""
_CLUSTER_OFFSETS = {part: 40 + place for place, part in enumerate(chain.from_iterable(CLUSTER_PARTS.items()))}


@dataclass(frozen=True, slots=True)
class Ports:
    """All ports of an instance, counted from one base."""

    base: int

    def __getitem__(self, name: str) -> int:
        return self.base + {**_OFFSETS, **_CLUSTER_OFFSETS}[name]

    def url(self, name: str) -> str:
        """The address of a part on this machine."""
        return f"http://127.0.0.1:{self[name]}"

    def is_free(self, name: str) -> bool:
        """Nobody listens on the port of this part."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self[name]))
            except OSError:
                return False
        return True

    def check_free(self, names: tuple[str, ...]) -> None:
        """`PortBusy` for the first port that somebody else listens on."""
        for name in names:
            if not self.is_free(name):
                raise PortBusy(
                    f"Cổng {self[name]} (của {name}) đang do {_named(listener_on(self[name]))} dùng: hãy "
                    f"dừng chương trình đó, hoặc đặt SANGKIEN_PORT_BASE khác {self.base} (in use)."
                )


def _named(pid: int | None) -> str:
    return "chương trình khác" if pid is None else f"{command_of(pid)}, tiến trình {pid},"


def all_parts() -> tuple[str, ...]:
    """The names of everything of `up` that listens."""
    return tuple(_OFFSETS)


def default_data() -> Path:
    """SANGKIEN_DATA, else `.sangkien` beside the program."""
    chosen = os.environ.get("SANGKIEN_DATA")
    return (
        Path(chosen).expanduser().resolve() if chosen else Path(__file__).resolve().parents[1] / ".sangkien"
    )


def default_ports() -> Ports:
    """From SANGKIEN_PORT_BASE, else 8100 and what follows."""
    chosen = os.environ.get("SANGKIEN_PORT_BASE", str(DEFAULT_PORT_BASE))
    if not chosen.isdecimal() or not _LOWEST_BASE <= int(chosen) <= _HIGHEST_BASE:
        raise WrongSetting(
            f"SANGKIEN_PORT_BASE đang là {chosen!r}: phải là số từ {_LOWEST_BASE} đến {_HIGHEST_BASE} "
            "(it must be a number between these)."
        )
    return Ports(int(chosen))


def caught_mails_days() -> int:
    """From CAUGHT_MAILS_DAYS, else 90."""
    chosen = os.environ.get("CAUGHT_MAILS_DAYS") or str(_CAUGHT_MAILS_DAYS)
    if not chosen.isdecimal() or not 1 <= int(chosen) <= _MOST_DAYS:
        raise WrongSetting(
            f"CAUGHT_MAILS_DAYS đang là {chosen!r}: phải là số ngày từ 1 đến {_MOST_DAYS} (a number of days)."
        )
    return int(chosen)


def free_ports() -> Ports:
    """A base from which every port is free now, for private instances. Outside the range from which systems
    give ports to clients; processes that ask at the same time look in different places first."""
    bases = range(20_000, 32_600, 100)
    first = os.getpid() % len(bases)
    for base in (*bases[first:], *bases[:first]):
        if all(Ports(base).is_free(name) for name in (*_OFFSETS, *_CLUSTER_OFFSETS)):
            return Ports(base)
    raise PortBusy(
        f"Không tìm được dải cổng trống từ {bases.start} đến {bases.stop} (no free range of ports)."
    )


def prepare_data(data: Path) -> None:
    """Make the folder; refuse one that cannot be written, a disk that is nearly full, or half a restore."""
    if (data / UNFINISHED).exists():
        raise DataFolderUnusable(
            f"Việc khôi phục vào {data} chưa xong: hãy xóa thư mục này rồi chạy lại `./sangkien restore` (a "
            "restore into it was interrupted)."
        )
    try:
        data.mkdir(parents=True, exist_ok=True)
        for folder in (data, data / "logs", data / "blobs", data / "mail"):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)
        probe = data / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DataFolderUnusable(
            f"Không ghi được vào {data}: hãy đặt SANGKIEN_DATA là thư mục khác (cannot be written: "
            f"{error.strerror})."
        ) from None
    free = shutil.disk_usage(data).free
    if free < LEAST_FREE_BYTES:
        raise DiskFull(
            f"Nơi chứa {data} chỉ còn {free // 1_000_000} MB; cần ít nhất "
            f"{LEAST_FREE_BYTES // 1_000_000} MB (too little space)."
        )


def lock_data(data: Path) -> IO[str]:
    """Hold the folder for this process; `AlreadyRunning` when another holds it. The lock ends with the
    process."""
    file = (data / "lock").open("a+", encoding="ascii")
    if not _took(file):
        file.seek(0)
        holder = file.read().strip() or "?"
        file.close()
        raise AlreadyRunning(
            f"Sáng Kiến đang chạy ở {data} (tiến trình {holder}; already runs): hãy thử "
            "`./sangkien status` hoặc `./sangkien down`."
        )
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _took(file: IO[str]) -> bool:
    for _ in range(_LOCK_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # `status` looks by taking the lock for an instant.
            time.sleep(_LOCK_PAUSE)
        else:
            return True
    return False
