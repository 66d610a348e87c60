"""The programs of Temporal's real server, of the version that `.env.example` names: Temporal publishes them
in images only, so they are built from the module by a Go toolchain, once, into the user's cache."""

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from embedded.children import Say
from embedded.errors import StartFailed

_PINNED = Path(__file__).resolve().parents[1] / ".env.example"
_MODULE = "go.temporal.io/server"
_PACKAGES: Mapping[str, str] = MappingProxyType({"server": "cmd/server", "sql": "cmd/tools/sql"})
"""Program, as `go install` calls it, and its package."""
_SQL_TOOL = "temporal-sql-tool"
"""What the images call `sql`, and what our script looks for."""
_KEPT = ("schema/postgresql/v12", "config/docker.yaml")
_WORD_EVERY = 20.0


class ProgramsMissing(StartFailed):
    """The real server cannot run here."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the server's programs lie, the schema of its databases, and the image's template of its
    configuration."""

    folder: Path

    @property
    def bin(self) -> Path:
        """The folder with `server` and `temporal-sql-tool`."""
        return self.folder / "bin"

    @property
    def schema(self) -> Path:
        """What is /etc/temporal/schema/postgresql in the image."""
        return self.folder / "schema" / "postgresql"

    @property
    def config(self) -> Path:
        """The template that the image fills in from its environment."""
        return self.folder / "config" / "docker.yaml"


def version() -> str:
    """The version of Temporal's server that runs in containers, and so here."""
    found = re.search(r"^TEMPORAL_VERSION=(\S+)$", _PINNED.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ProgramsMissing(f"{_PINNED.name} không nêu TEMPORAL_VERSION (names no version of Temporal).")
    return found[1]


def _place() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "sangkien" / "temporal" / version()


def installed() -> Programs:
    """The programs; `ProgramsMissing` where they have not been built."""
    place = _place()
    if place.exists():
        return Programs(place)
    if shutil.which("go") is None:
        raise ProgramsMissing(
            f"Máy chủ Temporal {version()} phải dịch từ mã nguồn, mà ở đây không có Go (there is no Go "
            "toolchain here to build it)."
        )
    raise ProgramsMissing(
        f"Máy chủ Temporal {version()} chưa được dịch; `./sangkien test cluster` dịch một lần (not built)."
    )


def install(say: Say) -> Programs:
    """The programs, built first if they are missing: minutes the first time, seconds where Go has built them
    before. Several who ask at once wait for one of them."""
    place = _place()
    if not place.exists() and shutil.which("go"):
        place.parent.mkdir(parents=True, exist_ok=True)
        with (place.parent / "lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.exists():
                _build(place, say)
    return installed()


def _build(place: Path, say: Say) -> None:
    """All of it in a folder beside, which takes its name when it is complete."""
    say(f"Đang dịch máy chủ Temporal {version()}; lần đầu mất vài phút (building it, once).")
    with tempfile.TemporaryDirectory(dir=place.parent, ignore_cleanup_errors=True) as fresh:
        folder = Path(fresh) / place.name
        (folder / "bin").mkdir(parents=True)
        for package in _PACKAGES.values():
            target = f"{_MODULE}/{package}@v{version()}"
            _go(["install", "-v", target], say, GOBIN=str(folder / "bin"))
        (folder / "bin" / "sql").rename(folder / "bin" / _SQL_TOOL)
        source = _module_folder()
        for kept in _KEPT:
            _copy(source / kept, folder / kept)
        folder.rename(place)


def _module_folder() -> Path:
    told = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", f"{_MODULE}@v{version()}"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "GO111MODULE": "on", "GOFLAGS": "-mod=mod"},
    )
    if told.returncode != 0:
        raise ProgramsMissing(_last_line(told.stderr))
    return Path(told.stdout.strip())


def _go(arguments: Sequence[str], say: Say, **environment: str) -> None:
    """With `-v` Go names every package when it is compiled: a word of it now and then."""
    packages, told_at, last = 0, time.monotonic(), ""
    with subprocess.Popen(
        ["go", *arguments], stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    ) as process:
        for line in process.stderr or ():
            last = line.strip() or last
            packages += not line.startswith("go: ")
            if time.monotonic() - told_at > _WORD_EVERY:
                told_at = time.monotonic()
                say(f"… {packages} gói đã dịch (packages compiled)")
    if process.returncode != 0:
        raise ProgramsMissing(_last_line(last))


def _last_line(told: str) -> str:
    words = told.strip().splitlines() or [""]
    return f"Không dịch được máy chủ Temporal {version()} (could not be built): {words[-1]}"


def _copy(source: Path, target: Path) -> None:
    """Modules lie read-only in Go's cache; what is copied is ours."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copyfile(source, target)
    else:
        shutil.copytree(source, target, copy_function=shutil.copyfile)
        for folder in (target, *(one for one in target.rglob("*") if one.is_dir())):
            folder.chmod(0o755)
