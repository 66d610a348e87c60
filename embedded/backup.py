"""A backup of an embedded instance: PostgreSQL, Temporal's file, attachments and secrets, into a folder that
gets its name when it is whole.

PostgreSQL comes before the attachments: a file is written before its row, so every row that was copied has
its file."""

import contextlib
import fcntl
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from embedded.errors import AlreadyRunning, BackupRefused, DiskFull
from embedded.layout import lock_data
from embedded.manifest import FORM, SECRETS, Advance, KeptFile, Manifest, digest_of, walk
from embedded.postgres import ADMIN, programs
from embedded.secrets_file import SecretsFile
from embedded.state import end_orphans, running_state
from kit.release import RELEASE

POSTGRES: Final = "postgres"
TEMPORAL: Final = "temporal.db"
BLOBS: Final = "blobs"
_OF_A_SERVER_THAT_RUNS: Final = frozenset({"postmaster.pid", "postmaster.opts"})
_SPARE: Final = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be copied: bytes of each part, and whether its server runs."""

    sizes: dict[str, int]
    while_running: bool

    @property
    def size(self) -> int:
        """All of it."""
        return sum(self.sizes.values())


def plan(data: Path, target: Path) -> Plan:
    """Look at what there is; `BackupRefused` or `DiskFull` where no backup can be made of it there."""
    _require_fit(data, target)
    parts = {name: _size_of(data / name) for name in (POSTGRES, TEMPORAL, BLOBS) if (data / name).exists()}
    found = Plan(sizes=parts, while_running=running_state(data) is not None)
    place = next(folder for folder in target.parents if folder.exists())
    free = shutil.disk_usage(place).free
    if free < found.size * _SPARE:
        raise DiskFull(
            f"{place} chỉ còn {free // 1_000_000} MB, bản sao lưu cần khoảng {found.size // 1_000_000} MB "
            "(too little space)."
        )
    return found


def _require_fit(data: Path, target: Path) -> None:
    if not (data / POSTGRES / "PG_VERSION").exists() or not (data / SECRETS).exists():
        raise BackupRefused(
            f"{data} không có cơ sở dữ liệu nhúng nào. Với PostgreSQL bên ngoài, xem docs/backup.md (no "
            "embedded "
            "database there)."
        )
    if target == data or data in target.parents:
        raise BackupRefused(f"{target} nằm trong chính thư mục dữ liệu {data} (inside the data itself).")
    if target.exists():
        raise BackupRefused(f"{target} đã có: hãy chọn tên khác (it exists already).")


def _size_of(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in walk(path) if file.is_file()]
    total = 0
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            total += file.stat().st_size
    return total


def back_up(data: Path, target: Path, made_at: datetime, advance: Advance) -> Manifest:
    """Make it, whether the instance runs or not. Until it is whole it is called `TARGET.partial`."""
    with _alone(data):
        plan(data, target)
        partial = target.with_name(f"{target.name}.partial")
        # What an interrupted backup has left.
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        state = running_state(data)
        if state:
            _copy_running_postgres(data, partial / POSTGRES, state.ports["postgres"])
        else:
            _copy_resting_postgres(data, partial / POSTGRES)
        has_temporal = (data / TEMPORAL).exists()
        if has_temporal:
            _copy_temporal(data / TEMPORAL, partial / TEMPORAL)
        files = _digests(partial, advance)
        files |= {f"{BLOBS}/{name}": kept for name, kept in _copy_blobs(data, partial / BLOBS, advance)}
        manifest = Manifest(
            form=FORM,
            release=RELEASE,
            made_at=made_at.isoformat(),
            while_running=state is not None,
            postgres=(data / POSTGRES / "PG_VERSION").read_text(encoding="ascii").strip(),
            has_temporal=has_temporal,
            secrets_sha256=_copy_secrets(data, partial),
            folders=[str(path.relative_to(partial)) for path in walk(partial) if path.is_dir()],
            files=files,
        )
        manifest.write(partial)
        os.sync()
        partial.rename(target)
    return manifest


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One backup of this data at a time."""
    with (data / "backup.lock").open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"Một lần sao lưu khác của {data} đang chạy (another backup runs).") from None
        yield


def _copy_running_postgres(data: Path, target: Path, port: int) -> None:
    """A base backup with the log that makes it consistent."""
    command = [
        str(programs() / "pg_basebackup"),
        "--host=127.0.0.1",
        f"--port={port}",
        f"--username={ADMIN}",
        "--no-password",
        f"--pgdata={target}",
        "--format=plain",
        "--wal-method=stream",
        "--checkpoint=fast",
    ]
    password = {"PGPASSWORD": SecretsFile(data / SECRETS)["postgres_admin"]}
    made = subprocess.run(
        command, env={**os.environ, **password}, check=False, capture_output=True, text=True
    )
    if made.returncode:
        raise BackupRefused(
            f"PostgreSQL không cho sao lưu (pg_basebackup failed): {made.stderr.strip()[-500:]}"
        )


def _copy_resting_postgres(data: Path, target: Path) -> None:
    """Nothing runs, and nothing starts while this holds the folder's lock: its files are of one instant."""
    try:
        lock = lock_data(data)
    except AlreadyRunning:
        raise BackupRefused(
            "Hệ thống đang khởi động hoặc đang dừng: hãy thử lại sau ít giây (starting or stopping, try "
            "again)."
        ) from None
    with lock:
        end_orphans(data)
        shutil.copytree(
            data / POSTGRES,
            target,
            ignore=lambda folder, names: _OF_A_SERVER_THAT_RUNS & set(names),
        )


def _copy_temporal(source: Path, target: Path) -> None:
    """By SQLite's own way, in one step: one that goes page by page begins again with every write of the
    server."""
    with (
        contextlib.closing(sqlite3.connect(source)) as opened,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        opened.backup(copy)


def _digests(folder: Path, advance: Advance) -> dict[str, KeptFile]:
    return {
        str(file.relative_to(folder)): digest_of(file, advance) for file in walk(folder) if file.is_file()
    }


def _copy_blobs(data: Path, target: Path, advance: Advance) -> Iterator[tuple[str, KeptFile]]:
    """What people send at this moment may vanish again before it is copied."""
    target.mkdir()
    for source in walk(data / BLOBS) if (data / BLOBS).exists() else ():
        name = source.relative_to(data / BLOBS)
        if source.is_dir():
            (target / name).mkdir(exist_ok=True)
            continue
        try:
            shutil.copy2(source, target / name)
        except FileNotFoundError:
            continue
        yield str(name), digest_of(target / name, advance)


def _copy_secrets(data: Path, target: Path) -> str:
    """The digest of the secrets; readable for the owner only."""
    copy = target / SECRETS
    copy.touch(mode=0o600)
    shutil.copyfile(data / SECRETS, copy)
    return digest_of(copy, lambda _: None).sha256
