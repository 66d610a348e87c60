"""Prometheus and Alertmanager from Debian's packages, unpacked into a cache: nothing is installed or started
as a service."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGES = ("prometheus", "prometheus-alertmanager")
PROGRAMS = ("prometheus", "promtool", "prometheus-alertmanager", "amtool")
_KEPT_IN = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sangkien-tests" / "watching"
_SECONDS = 180


def programs() -> Path:
    """The folder with the programs; where they cannot be had the test is skipped."""
    found = shutil.which("promtool")
    if found and all(shutil.which(name, path=str(Path(found).parent)) for name in PROGRAMS):
        return Path(found).parent
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        pytest.skip("promtool, amtool, prometheus and alertmanager are not here, and there is no apt-get")
    _KEPT_IN.mkdir(parents=True, exist_ok=True)
    folder = _KEPT_IN / "usr" / "bin"
    with (_KEPT_IN / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all((folder / name).exists() for name in PROGRAMS):
            _unpack()
    return folder


def _unpack() -> None:
    got = _apt("download", *PACKAGES)
    if got.returncode != 0 and os.geteuid() == 0:
        _apt("update", "-qq")
        got = _apt("download", *PACKAGES)
    if got.returncode != 0:
        pytest.skip(f"{' and '.join(PACKAGES)} cannot be had: {got.stderr.strip()[-200:]}")
    for package in _KEPT_IN.glob("*.deb"):
        subprocess.run(["dpkg", "-x", str(package), str(_KEPT_IN)], check=True, timeout=_SECONDS)


def _apt(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", *words], cwd=_KEPT_IN, capture_output=True, text=True, timeout=_SECONDS, check=False
    )


def command_of(name: str) -> list[str]:
    """How it is started. Debian's Alertmanager looks for its templates where the package would have put them:
    the unpacked ones are laid there for this process alone."""
    program = programs() / name
    shared = _KEPT_IN / "usr" / "share"
    if name != "prometheus-alertmanager" or not program.is_relative_to(_KEPT_IN):
        return [str(program)]
    lay = f"mount --bind '{shared}' /usr/share && exec '{program}' \"$@\""
    apart = ["unshare", "--mount", "--map-root-user"]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("Alertmanager needs its templates in /usr/share, and no mount namespace can be made here")
    return [*apart, "sh", "-c", lay, name]
