"""What a backup says of itself: which release made it, of which data, and the SHA-256 of every file in it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import Any, Final

from embedded.errors import BackupDamaged, BackupNewer
from kit.release import RELEASE

MANIFEST: Final = "manifest.json"
SECRETS: Final = "secrets.json"
FORM: Final = 1
_CHUNK: Final = 1 << 20
_RELEASE: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:\.dev(\d+))?")

Advance = Callable[[int], None]
"""Told how many bytes more are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One file of a backup."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`made_at` is the instant at which the backup began, in ISO 8601; `while_running` says how PostgreSQL
    was copied. Paths lie below the backup, with slashes. The secrets are none of `files`: they may be kept
    elsewhere."""

    form: int
    release: str
    made_at: str
    while_running: bool
    postgres: str
    has_temporal: bool
    secrets_sha256: str
    folders: Sequence[str]
    files: Mapping[str, KeptFile]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files.values())

    def write(self, folder: Path) -> None:
        """Write it into the backup, with a digest of itself."""
        text = _canonical(asdict(self))
        told = {**asdict(self), "digest": sha256(text.encode()).hexdigest()}
        (folder / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")


def _canonical(told: Mapping[str, Any]) -> str:
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def read_manifest(folder: Path) -> Manifest:
    """What the backup in this folder says; `BackupDamaged` when it is none or says nonsense, `BackupNewer`
    when a later release has made it."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        digest, form, release = told.pop("digest"), told["form"], told["release"]
    except FileNotFoundError:
        raise BackupDamaged(
            f"{folder} không phải một bản sao lưu trọn vẹn: không có {MANIFEST} (no whole backup)."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _damaged(folder) from None
    if digest != sha256(_canonical(told).encode()).hexdigest():
        raise _damaged(folder)
    if form != FORM or _age(release) > _age(RELEASE):
        raise BackupNewer(
            f"Bản sao lưu do bản phát hành {release} tạo, chương trình này là {RELEASE}: hãy dùng bản phát "
            "hành "
            "đó hoặc mới hơn (made by a later release)."
        )
    try:
        files = {name: KeptFile(**file) for name, file in told.pop("files").items()}
        return Manifest(files=files, **told)
    except (TypeError, AttributeError):
        raise _damaged(folder) from None


def _damaged(folder: Path) -> BackupDamaged:
    return BackupDamaged(f"{folder / MANIFEST} hỏng, không đọc được (the manifest is damaged).")


def _age(release: str) -> tuple[float, ...]:
    """Releases in their order; what is under development comes before what it becomes."""
    found = _RELEASE.fullmatch(release)
    if found is None:
        return (inf,)
    *numbers, dev = found.groups()
    return (*(float(number) for number in numbers), inf if dev is None else float(dev))


def check_files(folder: Path, manifest: Manifest, advance: Advance) -> None:
    """Every file is there, none is changed, and none is there besides; `BackupDamaged` otherwise."""
    there = {str(file.relative_to(folder)) for file in walk(folder) if file.is_file()}
    strangers = there - {*manifest.files, MANIFEST, SECRETS}
    missing = set(manifest.files) - there
    for what, names in (("thiếu (missing)", missing), ("thừa (not part of it)", strangers)):
        if names:
            raise BackupDamaged(f"Bản sao lưu {folder} {what}: {', '.join(sorted(names)[:5])}.")
    for name, file in manifest.files.items():
        if digest_of(folder / name, advance) != file:
            raise BackupDamaged(f"Bản sao lưu {folder} có tệp không đúng như lúc tạo (changed): {name}.")


def walk(folder: Path) -> Iterator[Path]:
    """Everything below the folder, in a stable order; links are not followed."""
    for entry in sorted(folder.iterdir()):
        yield entry
        if entry.is_dir() and not entry.is_symlink():
            yield from walk(entry)


def digest_of(file: Path, advance: Advance) -> KeptFile:
    """The size and hash of a file as it is."""
    digest, size = sha256(), 0
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            advance(len(chunk))
    return KeptFile(size=size, sha256=digest.hexdigest())
