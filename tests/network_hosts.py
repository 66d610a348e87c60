"""Hosts on this machine: network namespaces, each with a cable to the host of the database, reachable from
nowhere else."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Host:
    """A namespace, its end of the cable, and the address at which it finds the database's host."""

    name: str
    cable: str
    database: str

    def command(self, *words: str) -> list[str]:
        """What runs there."""
        return ["ip", "netns", "exec", self.name, *words]

    def cut(self) -> None:
        """From now on nothing gets through, and nobody is told."""
        _ip("-n", self.name, "link", "set", self.cable, "down")

    def mend(self) -> None:
        """As before."""
        _ip("-n", self.name, "link", "set", self.cable, "up")


@dataclass(frozen=True)
class Network:
    """The database's host, and two others."""

    database: Host
    one: Host
    two: Host


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextmanager
def a_network() -> Iterator[Network]:
    """Three hosts, gone afterwards. The test is skipped where none can be made."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and `ip`")
    token = secrets.token_hex(2)
    names = [f"sangkien-{token}-{name}" for name in ("database", "one", "two")]
    made = []
    try:
        for name in names:
            _ip("netns", "add", name)
            made.append(name)
            _ip("-n", name, "link", "set", "lo", "up")
        database = Host(names[0], "", "127.0.0.1")
        yield Network(database, _cabled(names, 1), _cabled(names, 2))
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no network namespaces here: {error.stderr.decode().strip()[-200:]}")
    finally:
        for name in made:
            _ip("netns", "delete", name)


def _cabled(names: list[str], number: int) -> Host:
    near, far, database = f"host{number}", f"cable{number}", f"198.18.{number}.1"
    _ip("link", "add", near, "netns", names[number], "type", "veth", "peer", "name", far, "netns", names[0])
    for name, cable, address in ((names[number], near, f"198.18.{number}.2"), (names[0], far, database)):
        _ip("-n", name, "address", "add", f"{address}/24", "dev", cable)
        _ip("-n", name, "link", "set", cable, "up")
    return Host(names[number], near, database)
