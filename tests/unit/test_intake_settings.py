"""Attachments are kept in one place, and what is said of it fits together."""

from pathlib import Path
from typing import Any

import pytest

from embedded.instance import Instance
from embedded.layout import Ports
from embedded.secrets_file import SecretsFile
from kit.objects.bucket import Bucket
from kit.objects.folder import Folder
from kit.settings import SettingsUnfit, settings_of
from language.names import TaskQueue
from services.intake.settings import IntakeSettings
from tests.unit.test_settings import RIGHT

FOLDER = {"BLOB_DIR": "/x"}
BUCKET = {"BLOB_STORE": "s3://province/attachments", "BLOB_STORE_ENDPOINT": "https://s3.example.vn"}
KEYS = {"BLOB_STORE_KEY_ID": "id", "BLOB_STORE_SECRET": "very-secret"}


def read(monkeypatch: pytest.MonkeyPatch, told: dict[str, str]) -> IntakeSettings:
    for name, value in {**RIGHT, **told}.items():
        monkeypatch.setenv(name, value)
    return settings_of(IntakeSettings, TaskQueue.INTAKE)


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({}, ["BLOB_DIR", "BLOB_STORE"]),
        ({"BLOB_DIR": "", "BLOB_STORE": ""}, ["BLOB_DIR", "BLOB_STORE"]),
        ({**FOLDER, **BUCKET}, ["BLOB_DIR", "BLOB_STORE"]),
        ({**FOLDER, **KEYS}, ["BLOB_STORE_KEY_ID", "BLOB_STORE_SECRET", "BLOB_STORE"]),
        ({**FOLDER, "BLOB_STORE_ENDPOINT": "https://x"}, ["BLOB_STORE_ENDPOINT"]),
        ({**BUCKET, "BLOB_STORE_KEY_ID": "id"}, ["BLOB_STORE_KEY_ID", "BLOB_STORE_SECRET"]),
        ({**BUCKET, "BLOB_STORE_SECRET": "very-secret"}, ["BLOB_STORE_KEY_ID", "BLOB_STORE_SECRET"]),
        ({**BUCKET, "BLOB_STORE_ENDPOINT": "s3.example.vn"}, ["BLOB_STORE_ENDPOINT"]),
        ({"BLOB_STORE": "https://s3.example.vn/province"}, ["BLOB_STORE"]),
        ({"BLOB_STORE": "s3://"}, ["BLOB_STORE"]),
        ({"BLOB_STORE": "s3://id:very-secret@province"}, ["BLOB_STORE"]),
        ({"BLOB_STORE": "province"}, ["BLOB_STORE"]),
    ],
)
def test_what_does_not_fit_together_is_named(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], names: list[str]
) -> None:
    with pytest.raises(SettingsUnfit) as refused:
        read(monkeypatch, told)
    for name in names:
        assert name in refused.value.detail_vi
        assert name in refused.value.detail_en
    assert "very-secret" not in refused.value.detail_vi + refused.value.detail_en


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (FOLDER, Folder),
        ({**FOLDER, "BLOB_STORE": "", "BLOB_STORE_KEY_ID": "", "BLOB_STORE_SECRET": ""}, Folder),
        ({"BLOB_DIR": "", **BUCKET, **KEYS}, Bucket),
        (BUCKET, Bucket),
        ({"BLOB_STORE": "s3://province"}, Bucket),
    ],
)
def test_it_is_a_folder_or_a_bucket(monkeypatch: pytest.MonkeyPatch, told: dict[str, str], kind: Any) -> None:
    found = read(monkeypatch, told)
    assert isinstance(found.objects(), kind)
    assert found.blob_dir == (Path("/x") if kind is Folder else None)


@pytest.mark.parametrize("private", [False, True])
def test_an_instance_keeps_attachments_in_the_bucket_that_it_was_given_and_a_private_one_at_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, private: bool
) -> None:
    for name, value in {**BUCKET, **KEYS}.items():
        monkeypatch.setenv(name, value)
    instance = Instance(data=tmp_path, ports=Ports(9000), private=private)
    instance.secrets = SecretsFile(tmp_path / "secrets.json")
    handed_on = instance.environment("intake")
    assert ("INTAKE_BLOB_DIR" in handed_on) == private
    assert any(name.startswith("BLOB_STORE") for name in handed_on) != private
