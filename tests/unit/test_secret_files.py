"""Every secret may stand in a file that NAME_FILE names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from casework.history.keys import history_keys
from cli.verifying import admin_url, history_setting
from embedded.instance import Instance
from embedded.layout import Ports
from embedded.secrets_file import SecretsFile
from kit.environment import SecretUnfit, secret
from kit.settings import ProcessSettings, ServiceSettings, SettingsUnfit, settings_of
from language.names import PORTAL, SCHEMAS, SERVICES
from processes.migrate import password_name
from processes.service import load
from services.portal.settings import PortalSettings

NEEDED = {
    "HTTP_PORT": "1",
    "DATABASE_URL": "postgresql://x",
    "OIDC_ISSUER": "http://issuer.test",
    "HISTORY_KEYS": "x",
    "BLOB_STORE": "s3://bucket",
    "BLOB_STORE_KEY_ID": "x",
    "BLOB_STORE_SECRET": "x",
    "PUBLIC_ADDRESS": "http://localhost",
    "SERVICES": " ".join(f"{name}=http://x" for name in SERVICES),
    "SESSION_KEYS": "a:" + "A" * 43 + "=",
}
CLASSES: dict[str, type[BaseSettings]] = {
    **{name: load(name).settings for name in SERVICES},
    "workflows": ProcessSettings,
    PORTAL: PortalSettings,
}


def secrets_of(kind: type[BaseSettings]) -> list[str]:
    return [name for name, field in kind.model_fields.items() if "SecretStr" in str(field.annotation)]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.endswith(("_KEYS", "_FILE")):
            monkeypatch.delenv(name)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize(
    ("service", "name"), [(service, name) for service, kind in CLASSES.items() for name in secrets_of(kind)]
)
def test_every_secret_of_every_process_may_stand_in_a_file(
    environment: pytest.MonkeyPatch, tmp_path: Path, service: str, name: str
) -> None:
    value = NEEDED.get(name.upper(), "as-in-the-file")
    (tmp_path / "file").write_text(f"{value}\n")
    environment.delenv(name.upper(), raising=False)
    environment.setenv(f"{name}_FILE".upper(), str(tmp_path / "file"))
    said = getattr(settings_of(CLASSES[service], service), name)
    assert isinstance(said, SecretStr)
    assert said.get_secret_value() == value


def test_a_file_under_the_services_own_name_goes_first(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "own").write_text("own")
    environment.setenv("INTAKE_DATABASE_URL_FILE", str(tmp_path / "own"))
    assert settings_of(ServiceSettings, "x").database_url.get_secret_value() == NEEDED["DATABASE_URL"]
    intake = settings_of(CLASSES["intake"], "intake")
    assert isinstance(intake, ServiceSettings)
    assert intake.database_url.get_secret_value() == "own"


def test_a_value_and_a_file_at_once_are_refused(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("very-secret")
    environment.setenv("DATABASE_URL_FILE", str(tmp_path / "file"))
    with pytest.raises(SettingsUnfit) as unfit:
        settings_of(ServiceSettings, "x")
    assert "DATABASE_URL lẫn DATABASE_URL_FILE" in unfit.value.detail_vi
    assert "very-secret" not in unfit.value.detail_vi + unfit.value.detail_en


@pytest.mark.parametrize("broken", ["gone", "folder", "binary"])
def test_a_file_that_cannot_be_read_is_named(
    environment: pytest.MonkeyPatch, tmp_path: Path, broken: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    environment.delenv("HISTORY_KEYS")
    environment.setenv("HISTORY_KEYS_FILE", str(tmp_path / broken))
    with pytest.raises(SettingsUnfit) as unfit:
        settings_of(ServiceSettings, "x")
    assert "HISTORY_KEYS_FILE" in unfit.value.detail_vi
    assert "HISTORY_KEYS_FILE" in unfit.value.detail_en


def test_only_the_end_of_the_line_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(" a\nb \r\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "file"))
    assert secret("X") == " a\nb "
    monkeypatch.setenv("X", "")
    assert secret("X") == " a\nb "
    monkeypatch.delenv("X_FILE")
    assert secret("X") == ""
    monkeypatch.delenv("X")
    assert secret("X") is None


def test_what_is_read_without_settings_may_stand_in_files_too(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.delenv("HISTORY_KEYS")
    environment.delenv("DATABASE_URL")
    (tmp_path / "keys").write_text("one:" + "A" * 43 + "=\n")
    (tmp_path / "url").write_text("postgresql://there\n")
    environment.setenv("HISTORY_KEYS_FILE", str(tmp_path / "keys"))
    environment.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    history_keys.cache_clear()
    try:
        assert history_keys().newest == "one"
    finally:
        history_keys.cache_clear()
    assert admin_url() == "postgresql://there"
    assert (history_setting("HISTORY_KEYS") or "").startswith("one:")
    environment.setenv("HISTORY_KEYS", "two")
    with pytest.raises(SecretUnfit, match="HISTORY_KEYS_FILE"):
        history_setting("HISTORY_KEYS")


def test_an_instance_hands_on_neither_the_file_nor_somebody_elses_temporal(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.delenv("HISTORY_KEYS")
    environment.delenv("DATABASE_URL")
    (tmp_path / "keys").write_text("one:key")
    (tmp_path / "url").write_text("postgresql://admin:x@there/db")
    for name, value in {
        "HISTORY_KEYS_FILE": tmp_path / "keys",
        "DATABASE_URL_FILE": tmp_path / "url",
        "TEMPORAL_API_KEY_FILE": tmp_path / "keys",
        "TEMPORAL_TLS": "true",
        "TEMPORAL_NAMESPACE": "theirs",
        "TEMPORAL_DEPLOYMENT_NAME": "theirs",
        "BUILD_ID": "7",
    }.items():
        environment.setenv(name, str(value))
    instance = Instance(data=tmp_path, ports=Ports(9000))
    instance.secrets = SecretsFile(tmp_path / "secrets.json")
    handed_on = instance.environment("intake")
    assert handed_on["HISTORY_KEYS"] == "one:key"
    assert handed_on["INTAKE_DATABASE_URL"].endswith("@there/db")
    assert [name for name in handed_on if name.startswith("TEMPORAL_")] == [
        "TEMPORAL_ADDRESS",
        "TEMPORAL_RETENTION_DAYS",
    ]
    assert handed_on["BUILD_ID"] == "7"
    assert not {"HISTORY_KEYS_FILE", "DATABASE_URL_FILE"} & handed_on.keys()
    environment.setenv("TEMPORAL_ADDRESS", "theirs:7233")
    handed_on = instance.environment("intake")
    assert handed_on["TEMPORAL_TLS"] == "true"
    assert handed_on["TEMPORAL_NAMESPACE"] == "theirs"
    assert handed_on["TEMPORAL_API_KEY_FILE"] == str(tmp_path / "keys")


@pytest.mark.parametrize("command", [["processes.migrate"], ["cli", "migrate"]], ids=" ".join)
def test_a_job_that_cannot_read_a_file_ends_with_a_sentence(command: list[str], tmp_path: Path) -> None:
    told = {password_name(schema): "00" for schema in SCHEMAS} | {"DATABASE_URL_FILE": str(tmp_path / "gone")}
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, env=os.environ | told
    )
    assert done.returncode in {1, 16}
    assert "DATABASE_URL_FILE" in done.stderr
    assert "Traceback" not in done.stderr
