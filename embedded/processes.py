"""What /proc says about processes: whose they are, how much memory they hold, who listens on a port."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")
_LISTEN = "0A"


def _read(pid: int, name: str) -> str:
    try:
        return (_PROC / str(pid) / name).read_bytes().decode(errors="replace")
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    """It runs; a dead process that nobody has waited for does not count."""
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return bool(fields) and fields[0] != "Z"


def works_on(pid: int, data: Path) -> bool:
    """It belongs to the instance in this folder. A recorded pid may have been given to a stranger
    meanwhile."""
    arguments = _read(pid, "cmdline").split("\0")
    named = any(argument == str(data) or argument.startswith(f"{data}/") for argument in arguments)
    return is_alive(pid) and (named or f"SANGKIEN_DATA={data}" in _read(pid, "environ").split("\0"))


def command_of(pid: int) -> str:
    """The short name of its program."""
    return _read(pid, "comm").strip()


def with_descendants(pids: Iterable[int]) -> set[int]:
    """These processes and everything they started."""
    parents: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            fields = _read(int(entry.name), "stat").rpartition(")")[2].split()
            if fields:
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found: set[int] = set()
    waiting = list(pids)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += parents.get(pid, [])
    return found


def memory_bytes(pid: int) -> int:
    """Proportional set size: pages shared by several processes count once over all of them. Resident size
    where that cannot be read."""
    for name, label in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        for line in _read(pid, name).splitlines():
            if line.startswith(label):
                return int(line.split()[1]) * 1024
    return 0


def processor_seconds(pid: int) -> float:
    """What it has used of the processors, with its children that have ended."""
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def listener_on(port: int) -> int | None:
    """The process that listens on this port of IPv4, if we may see it."""
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and wanted and _holds(entry / "fd", wanted):
            return int(entry.name)
    return None


def _listening_inodes(port: int) -> list[str]:
    rows = [line.split() for line in (_PROC / "net" / "tcp").read_text(encoding="ascii").splitlines()[1:]]
    return [row[9] for row in rows if row[3] == _LISTEN and int(row[1].rpartition(":")[2], 16) == port]


def _holds(folder: Path, sockets: set[str]) -> bool:
    with contextlib.suppress(OSError):
        for descriptor in folder.iterdir():
            with contextlib.suppress(OSError):
                if os.readlink(descriptor) in sockets:
                    return True
    return False
