"""A Docker Engine of the tests' own, from Debian's packages: unpacked, not installed, with its images, its
socket and its networks apart from any other; firewall rules are put back when it ends.

Debian 12 has the engine, Debian 13 the compose plugin; the latter's packages come by a list of sources beside
the machine's own."""

import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sangkien-tests" / "containers"
NEWER = "trixie"
_ENGINE = ("docker.io", "containerd", "runc", "tini", "iptables", "mmdebstrap")
_LIBRARIES = (
    "libip4tc2",
    "libip6tc2",
    "libnetfilter-conntrack3",
    "libnfnetlink0",
    "libnftnl11",
    "libxtables12",
    "libmnl0",
)
_CLIENT = ("docker-compose", "docker-cli", "docker-buildx")
_TABLES = (
    "iptables",
    "iptables-save",
    "iptables-restore",
    "ip6tables",
    "ip6tables-save",
    "ip6tables-restore",
)
# The engine's own networks, and those of the compose file: what this machine hardly uses elsewhere.
_BRIDGE, _POOL = "172.31.240.1/24", "172.31.244.0/22"
_CHAINS = {"filter": ("INPUT", "FORWARD", "OUTPUT"), "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")}
_FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")
_PATIENCE = 60


def _run(command: Sequence[str | Path], folder: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if done.returncode != 0:
        raise EngineMissing(f"{command[0]}: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


class EngineMissing(Exception):
    """No engine can be started here."""


def _require_machine() -> None:
    if os.geteuid() != 0:
        raise EngineMissing("an engine of one's own needs root")
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise EngineMissing("its packages are Debian's, and there is no apt-get here")
    if not Path("/sys/fs/cgroup").is_dir():
        raise EngineMissing("there are no control groups here")
    if (
        shutil.which("pgrep")
        and subprocess.run(["pgrep", "-x", "dockerd"], capture_output=True, check=False).returncode == 0
    ):
        raise EngineMissing("another Docker Engine runs here, and two would share their firewall rules")


def mirror() -> str:
    """Where this machine gets its Debian packages from."""
    told = _run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(SUITE)", "Created-By: Packages"])
    places = [line.split() for line in sorted(set(told.splitlines()))]
    found = [
        place for place, suite in places if "security" not in f"{place}{suite}" and "updates" not in suite
    ]
    if not found:
        raise EngineMissing("this machine names no source of Debian packages")
    return found[0]


def _unpack(folder: Path) -> None:
    """Both sets of packages, each in a folder of its own."""
    _run(["apt-get", "update", "-qq"])
    _fetch((), (*_ENGINE, *_LIBRARIES), folder / "engine")
    sources = folder / "newer"
    for place in ("lists/partial", "cache/archives/partial"):
        (sources / place).mkdir(parents=True)
    (sources / "sources.list").write_text(
        f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror()} {NEWER} main\n",
        encoding="utf-8",
    )
    options = {"Dir::Etc::sourcelist": "sources.list", "Dir::State::lists": "lists", "Dir::Cache": "cache"}
    view = [word for name, place in options.items() for word in ("-o", f"{name}={sources / place}")]
    view += ["-o", "Dir::Etc::sourceparts=/dev/null"]
    _run(["apt-get", *view, "update", "-qq"])
    _fetch(view, _CLIENT, folder / "client")
    names = folder / "bin"
    names.mkdir()
    for name in _TABLES:
        (names / name).symlink_to("../engine/usr/sbin/xtables-nft-multi")
    plugins = folder / "config" / "cli-plugins"
    plugins.mkdir(parents=True)
    for plugin in ("docker-compose", "docker-buildx"):
        (plugins / plugin).symlink_to(f"../../client/usr/libexec/docker/cli-plugins/{plugin}")


def _fetch(view: Sequence[str], packages: Sequence[str], folder: Path) -> None:
    archives = folder.with_name(f"{folder.name}-packages")
    archives.mkdir()
    _run(["apt-get", *view, "download", "-qq", *packages], archives)
    for archive in archives.glob("*.deb"):
        _run(["dpkg", "-x", archive, folder])
    shutil.rmtree(archives)


def _make_base(folder: Path) -> None:
    """A small Debian with Python, as the images have it that are published."""
    command = [
        "mmdebstrap",
        "--variant=minbase",
        "--include=python3,python3-venv,ca-certificates",
        "--quiet",
        NEWER,
    ]
    _run([*command, folder / "base.tar", mirror()], PATH=f"{folder / 'engine/usr/bin'}:{os.environ['PATH']}")


def unpacked() -> Path:
    """The folder with engine, client and base image, made once; several who ask wait for one of them."""
    _require_machine()
    place = CACHE / f"{NEWER}-1"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            fresh = CACHE / "fresh"
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir()
            _unpack(fresh)
            _make_base(fresh)
            fresh.rename(place)
    return place


@dataclass(frozen=True)
class Engine:
    """An engine that runs; `docker` and its compose plugin speak to this one only."""

    programs: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """For the client."""
        path = f"{self.programs / 'client/usr/bin'}:{os.environ['PATH']}"
        own = {
            "DOCKER_HOST": f"unix://{self.folder / 'docker.sock'}",
            "DOCKER_CONFIG": str(self.programs / "config"),
        }
        return {"PATH": path, "HOME": str(self.folder), "BUILDX_CONFIG": str(self.folder / "buildx"), **own}

    def docker(self, *words: str | Path, seconds: float = 600, fails: bool = False) -> str:
        """What `docker` with these words prints; with `fails` also where it ends badly."""
        done = subprocess.run(
            ["docker", *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=seconds,
        )
        assert fails or done.returncode == 0, f"docker {words[0]}: {done.stdout[-3000:]}"
        return done.stdout


@contextmanager
def running(folder: Path) -> Iterator[Engine]:
    """An engine while the block runs; the test is skipped where there can be none."""
    try:
        programs = unpacked()
    except EngineMissing as missing:
        pytest.skip(f"no container engine: {missing}")
    configuration = folder / "dockerd.json"
    where = {name: str(folder / name.removesuffix("-root")) for name in ("data-root", "exec-root")}
    pools = [{"base": _POOL, "size": 26}]
    told = {**where, "pidfile": str(folder / "dockerd.pid"), "hosts": [f"unix://{folder / 'docker.sock'}"]}
    configuration.write_text(
        json.dumps({**told, "bip": _BRIDGE, "default-address-pools": pools}), encoding="utf-8"
    )
    inside = programs / "engine"
    libraries = next((inside / "usr" / "lib").glob("*-linux-gnu*"))
    environment = {
        **os.environ,
        "LD_LIBRARY_PATH": str(libraries),
        "XTABLES_LIBDIR": str(libraries / "xtables"),
        "PATH": ":".join(map(str, (programs / "bin", *inside.glob("*/*bin"), *inside.glob("sbin"))))
        + f":{os.environ['PATH']}",
    }
    rules, forwarding = _rules(environment), _FORWARDING.read_text(encoding="ascii")
    with (folder / "dockerd.log").open("w") as log:
        process = subprocess.Popen(
            ["dockerd", "--config-file", configuration],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            engine = Engine(programs, folder)
            _wait(engine, process, folder / "dockerd.log")
            yield engine
        finally:
            process.terminate()
            process.wait(_PATIENCE)
            _put_back(rules, environment)
            _FORWARDING.write_text(forwarding, encoding="ascii")


def _wait(engine: Engine, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while "Server Version" not in engine.docker("info", fails=True):
        if process.poll() is not None or time.monotonic() > until:
            pytest.skip(
                f"no container engine: {log.read_text(encoding='utf-8').strip().splitlines()[-1][-300:]}"
            )
        time.sleep(0.2)


def _rules(environment: dict[str, str]) -> str:
    return subprocess.run(
        ["iptables-save"], env=environment, capture_output=True, text=True, check=False, timeout=_PATIENCE
    ).stdout


def _put_back(rules: str, environment: dict[str, str]) -> None:
    """The rules as they were, and the bridge away."""
    emptied = "".join(
        f"*{table}\n" + "".join(f":{chain} ACCEPT [0:0]\n" for chain in chains) + "COMMIT\n"
        for table, chains in _CHAINS.items()
        if f"*{table}" not in rules
    )
    for told in (emptied, rules):
        subprocess.run(
            ["iptables-restore"],
            env=environment,
            input=told,
            text=True,
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
        )
    if shutil.which("ip"):
        subprocess.run(
            ["ip", "link", "delete", "docker0"], capture_output=True, check=False, timeout=_PATIENCE
        )
