"""A backup says what it is, and what is not as it says is never restored."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from embedded.backup import plan
from embedded.errors import (
    BackupDamaged,
    BackupNewer,
    BackupRefused,
    CommandFailed,
    DataFolderUnusable,
    RestoreRefused,
)
from embedded.layout import UNFINISHED, lock_data, prepare_data
from embedded.manifest import FORM, MANIFEST, SECRETS, Manifest, check_files, digest_of, read_manifest
from embedded.postgres import version
from embedded.restoring import check, require_empty, restore, source_of
from kit.release import RELEASE


def quietly(_: int) -> None:
    """Nobody looks."""


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A small whole backup."""
    folder = tmp_path / "backup"
    (folder / "postgres" / "pg_notify").mkdir(parents=True)
    (folder / "blobs" / "ab").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("18", encoding="ascii")
    (folder / "blobs" / "ab" / "x").write_bytes(b"attachment")
    (folder / SECRETS).write_text("{}", encoding="ascii")
    names = ("postgres/PG_VERSION", "blobs/ab/x")
    _manifest(folder, names).write(folder)
    return folder


def _manifest(folder: Path, names: tuple[str, ...]) -> Manifest:
    return Manifest(
        form=FORM,
        release=RELEASE,
        made_at="2026-11-26T10:00:00+00:00",
        while_running=False,
        postgres=version().split(".")[0],
        has_temporal=False,
        secrets_sha256=digest_of(folder / SECRETS, quietly).sha256,
        folders=["postgres", "postgres/pg_notify", "blobs", "blobs/ab"],
        files={name: digest_of(folder / name, quietly) for name in names},
    )


def test_a_whole_backup_is_restored_with_its_empty_folders_and_secrets_for_the_owner_only(
    backup: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    seen: list[int] = []
    restore(source_of(backup, None), data, seen.append)
    assert (data / "blobs" / "ab" / "x").read_bytes() == b"attachment"
    assert (data / "postgres" / "pg_notify").is_dir()
    assert (data / SECRETS).stat().st_mode & 0o777 == 0o600
    assert not (data / UNFINISHED).exists()
    assert sum(seen) == 2 * read_manifest(backup).size


@pytest.mark.parametrize("hurt", ["changed", "missing", "strange", "secrets changed", "secrets missing"])
def test_what_is_not_as_it_was_made_is_refused_before_anything_is_written(
    backup: Path, tmp_path: Path, hurt: str
) -> None:
    blob, secrets = backup / "blobs" / "ab" / "x", backup / SECRETS
    {
        "changed": lambda: blob.write_bytes(b"attachmenT"),
        "missing": blob.unlink,
        "strange": (backup / "postgres" / "y").touch,
        "secrets changed": lambda: secrets.write_text("[]", encoding="ascii"),
        "secrets missing": secrets.unlink,
    }[hurt]()
    data = tmp_path / "data"
    with pytest.raises(BackupDamaged):
        restore(source_of(backup, None), data, quietly)
    assert not data.exists()


def test_secrets_that_are_kept_apart_are_named(backup: Path, tmp_path: Path) -> None:
    apart = tmp_path / "safe.json"
    (backup / SECRETS).rename(apart)
    check(source_of(backup, apart), quietly)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"digest": "x"}', '{"digest": "x", "form": 1, "release": "0.1.0"}']
)
def test_a_manifest_that_makes_no_sense_is_refused(backup: Path, text: str) -> None:
    (backup / MANIFEST).write_text(text, encoding="ascii")
    with pytest.raises(BackupDamaged):
        read_manifest(backup)


def test_a_manifest_that_somebody_has_changed_is_refused(backup: Path) -> None:
    told = json.loads((backup / MANIFEST).read_text(encoding="utf-8"))
    told["files"]["blobs/ab/x"]["sha256"] = "0" * 64
    (backup / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(BackupDamaged):
        read_manifest(backup)


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupDamaged):
        read_manifest(tmp_path)


@pytest.mark.parametrize("release", ["99.0.0", "99.0.0.dev1", "of tomorrow"])
def test_a_backup_of_a_later_release_is_refused(backup: Path, release: str) -> None:
    replace(read_manifest(backup), release=release).write(backup)
    with pytest.raises(BackupNewer):
        read_manifest(backup)


def test_a_backup_of_an_earlier_release_is_taken(backup: Path) -> None:
    replace(read_manifest(backup), release="0.1.0").write(backup)
    check_files(backup, read_manifest(backup), quietly)


def test_another_major_version_of_postgresql_is_refused(backup: Path) -> None:
    replace(read_manifest(backup), postgres="9").write(backup)
    with pytest.raises(CommandFailed, match="PG_BIN"):
        source_of(backup, None)


def test_nothing_is_restored_over_anything(tmp_path: Path) -> None:
    require_empty(tmp_path / "nowhere")
    empty = tmp_path / "empty"
    empty.mkdir()
    require_empty(empty)
    (empty / "x").touch()
    with pytest.raises(RestoreRefused):
        require_empty(empty)
    running = tmp_path / "running"
    running.mkdir()
    with lock_data(running), pytest.raises(RestoreRefused, match="đang chạy"):
        require_empty(running)


def test_half_a_restore_is_not_started(tmp_path: Path) -> None:
    (tmp_path / UNFINISHED).touch()
    with pytest.raises(DataFolderUnusable, match="restore"):
        prepare_data(tmp_path)


def test_a_backup_needs_something_to_keep_and_a_place_of_its_own(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused):
        plan(tmp_path / "nothing", tmp_path / "to")
    # A backup has the form of the data itself.
    for target in (backup, backup / "inside", tmp_path):
        with pytest.raises(BackupRefused):
            plan(backup, target)
    planned = plan(backup, tmp_path / "to")
    assert planned.sizes == {"postgres": 2, "blobs": 10}
    assert not planned.while_running
