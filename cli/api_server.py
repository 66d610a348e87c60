"""A real Kubernetes API server with its etcd, for tests of what is given to a cluster: no controllers and no
kubelet, but what a server refuses is refused. Kubernetes publishes it in images only, so it is built from its
module by a Go toolchain, and etcd is Debian's, unpacked and not installed: once, into the user's cache."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from embedded.errors import StartFailed

VERSION: Final = "1.36.3"
_SOURCE = Path(__file__).resolve().parents[1] / "tests" / "cluster" / "api_server"
_STAMP = "k8s.io/component-base/version"
_ETCD: Final = "etcd-server"


class ApiServerMissing(StartFailed):
    """It cannot run here."""


def _cache() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "sangkien" / "kube-apiserver" / VERSION


def _etcd() -> Path | None:
    unpacked, installed_here = _cache() / "etcd" / "usr" / "bin" / "etcd", shutil.which("etcd")
    if unpacked.exists():
        return unpacked
    return Path(installed_here) if installed_here else None


def installed() -> tuple[Path, Path]:
    """The programs `kube-apiserver` and `etcd`; `ApiServerMissing` where something is not there."""
    for program in ("kubectl", "openssl"):
        if shutil.which(program) is None:
            raise ApiServerMissing(f"Không có {program} (there is no {program} here).")
    server, etcd = _cache() / "kube-apiserver", _etcd()
    if not server.exists() or etcd is None:
        raise ApiServerMissing(
            f"Chưa có máy chủ API Kubernetes {VERSION} với etcd; có Go và apt-get thì `./sangkien test "
            "cluster` dịch và tải một lần (neither built nor fetched)."
        )
    return server, etcd


def install(say: Callable[[str], None]) -> tuple[Path, Path]:
    """The programs, got first if they are missing: ten minutes the first time, seconds where Go has built
    them before."""
    place = _cache()
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _etcd() is None and shutil.which("apt-get"):
            _unpack_etcd(place)
        if not (place / "kube-apiserver").exists() and shutil.which("go"):
            say(
                f"Đang dịch máy chủ API Kubernetes {VERSION}; lần đầu mất khoảng mười phút "
                "(building it, once)."
            )
            _build(place)
    return installed()


def _unpack_etcd(place: Path) -> None:
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as fresh:
        _run(["apt-get", "download", _ETCD], Path(fresh))
        [package] = Path(fresh).glob(f"{_ETCD}_*.deb")
        _run(["dpkg", "-x", str(package), "etcd"], Path(fresh))
        (Path(fresh) / "etcd").rename(place / "etcd")


def _build(place: Path) -> None:
    major, minor, _ = VERSION.split(".")
    said = {"gitVersion": f"v{VERSION}", "gitMajor": major, "gitMinor": minor}
    stamps = " ".join(f"-X {_STAMP}.{name}={value}" for name, value in said.items())
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as fresh:
        built = Path(fresh) / "kube-apiserver"
        _run(["go", "build", "-ldflags", f"-s -w {stamps}", "-o", str(built), "."], _SOURCE)
        built.rename(place / built.name)


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or [""]
        raise ApiServerMissing(f"Không có được máy chủ API Kubernetes ({' '.join(command[:2])}): {words[-1]}")
