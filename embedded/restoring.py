"""A backup becomes the data of an embedded instance again, in an empty folder."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from embedded.backup import POSTGRES
from embedded.errors import BackupDamaged, DiskFull, ForeignDatabase, RestoreRefused
from embedded.layout import LEAST_FREE_BYTES, UNFINISHED
from embedded.manifest import SECRETS, Advance, Manifest, check_files, digest_of, read_manifest
from embedded.postgres import EmbeddedPostgres, version
from embedded.state import is_held


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A backup, and where its secrets lie if they are kept apart."""

    folder: Path
    secrets: Path
    manifest: Manifest


def source_of(folder: Path, secrets: Path | None) -> Source:
    """What the backup says of itself, believed so far; its files are looked at by `restore` or `check`."""
    manifest = read_manifest(folder)
    ours = version().split(".")[0]
    if manifest.postgres != ours:
        raise ForeignDatabase(
            f"Bản sao lưu là của PostgreSQL {manifest.postgres}, chương trình này là bản {ours}: hãy đặt "
            "PG_BIN "
            f"đến bản {manifest.postgres} (another version)."
        )
    return Source(folder=folder, secrets=secrets or folder / SECRETS, manifest=manifest)


def require_empty(data: Path) -> None:
    """`RestoreRefused` where something runs or lies."""
    if is_held(data):
        raise RestoreRefused(f"Hệ thống đang chạy trên {data}: hãy dừng nó trước (it runs).")
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise RestoreRefused(
            f"{data} không trống: hãy trỏ SANGKIEN_DATA sang thư mục mới, hoặc chuyển dữ liệu cũ đi nơi "
            "khác (not "
            "empty; nothing is overwritten)."
        )


def check(source: Source, advance: Advance) -> None:
    """The backup is whole and as it was made, its secrets too."""
    check_files(source.folder, source.manifest, advance)
    if not source.secrets.is_file():
        raise BackupDamaged(
            f"Không có {source.secrets}: tệp khóa được giữ riêng thì nêu bằng --secrets (the secrets are "
            "missing)."
        )
    if digest_of(source.secrets, lambda _: None).sha256 != source.manifest.secrets_sha256:
        raise BackupDamaged(
            f"{source.secrets} không phải tệp khóa của bản sao lưu này (not the secrets of this backup)."
        )


def restore(source: Source, data: Path, advance: Advance) -> None:
    """Check the backup, and copy it into the empty folder. A folder in which this was interrupted is of no
    use to anybody, and says so."""
    require_empty(data)
    check(source, advance)
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    _require_room(source, data)
    (data / UNFINISHED).touch()
    for folder in source.manifest.folders:
        (data / folder).mkdir(mode=0o700, exist_ok=True)
    for name, file in source.manifest.files.items():
        shutil.copy2(source.folder / name, data / name)
        advance(file.size)
    secrets = data / SECRETS
    secrets.touch(mode=0o600)
    shutil.copyfile(source.secrets, secrets)
    EmbeddedPostgres(data / POSTGRES, 0, "").take_over()
    os.sync()
    (data / UNFINISHED).unlink()


def _require_room(source: Source, data: Path) -> None:
    needed, free = source.manifest.size + LEAST_FREE_BYTES, shutil.disk_usage(data).free
    if free < needed:
        raise DiskFull(
            f"Nơi chứa {data} chỉ còn {free // 1_000_000} MB, cần {needed // 1_000_000} MB (too little "
            "space)."
        )
