"""What is wrong in the environment stops a process by name, in both languages, and no value is repeated."""

import os
import subprocess
import sys

import pytest

from kit.settings import ClockSettings, ServiceSettings, SettingsUnfit, WorkerSettings, settings_of
from language.names import SERVICES, TaskQueue

RIGHT = {
    "HTTP_PORT": "1",
    "DATABASE_URL": "postgresql://x",
    "OIDC_ISSUER": "http://issuer.test",
    "HISTORY_KEYS": "x",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RUN_PARTS", "api,relais"),
        ("RUN_PARTS", ""),
        ("RUN_PARTS", " , "),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_LEVEL", ""),
        ("HTTP_PORT", "many"),
        ("DATABASE_POOL_SIZE", "1"),
        ("CLOCK_DAY_SECONDS", "1.5"),
        ("CLOCK_REAL_ORIGIN", "2026-01-01T00:00:00Z"),
        ("CLOCK_REAL_ORIGIN", "2026-01-01T00:00:00"),
        ("TEMPORAL_RETENTION_DAYS", "-1"),
        ("OUTBOX_KEPT_DAYS", "1"),
    ],
)
def test_what_no_process_can_run_with_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for right, told in {**RIGHT, name: value}.items():
        monkeypatch.setenv(right, told)
    with pytest.raises(SettingsUnfit) as refused:
        settings_of(ServiceSettings, TaskQueue.INTAKE)
    assert name in refused.value.detail_vi
    assert name in refused.value.detail_en


def test_what_is_missing_is_named_and_secrets_are_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in RIGHT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://sangkien:very-secret@h")
    with pytest.raises(SettingsUnfit) as refused:
        settings_of(ServiceSettings, TaskQueue.INTAKE)
    assert "HTTP_PORT: thiếu" in refused.value.detail_vi
    assert "OIDC_ISSUER" in refused.value.detail_en
    assert "very-secret" not in refused.value.detail_vi + refused.value.detail_en


def test_levels_are_written_as_one_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**RIGHT, "LOG_LEVEL": "warning"}.items():
        monkeypatch.setenv(name, value)
    assert settings_of(ServiceSettings, TaskQueue.INTAKE).log_level == "WARNING"


def test_a_clock_is_told_whole() -> None:
    whole = {
        "clock_day_seconds": 2,
        "clock_real_origin": "2026-01-01T00:00:00Z",
        "clock_domain_origin": "2025-01-01T00:00:00Z",
    }
    assert ClockSettings.model_validate(whole).time_scale is not None
    assert ClockSettings.model_validate({}).time_scale is None


@pytest.mark.parametrize(
    "process",
    [["processes.service", SERVICES[0]], ["processes.worker"], ["processes.portal"], ["processes.bootstrap"]],
    ids=lambda process: process[0],
)
def test_a_process_ends_with_a_sentence_and_no_traceback(process: list[str]) -> None:
    environment = {**os.environ, "LOG_LEVEL": "LOUD", "RUN_PARTS": "x"}
    done = subprocess.run(
        [sys.executable, "-m", *process], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "LOG_LEVEL" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "TEMPORAL_WORKER_BUILD_ID"),
        ({"BUILD_ID": "development"}, "TEMPORAL_WORKER_BUILD_ID"),
        ({"BUILD_ID": "1", "TEMPORAL_DEPLOYMENT_NAME": "a.b"}, "TEMPORAL_DEPLOYMENT_NAME"),
        ({"TEMPORAL_WORKER_BUILD_ID": "a:b"}, "TEMPORAL_WORKER_BUILD_ID"),
    ],
    ids=["no build", "the build of nobody", "a dot in the name", "a colon in the build"],
)
def test_a_versioned_worker_has_a_build_of_its_own(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], named: str
) -> None:
    told = {"HTTP_PORT": "1", "TEMPORAL_DEPLOYMENT_NAME": "sangkien/workflows", **environment}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsUnfit) as refused:
        settings_of(WorkerSettings, "workflows")
    assert named in refused.value.detail_vi
    for name in told:
        monkeypatch.delenv(name)
    for name, value in {
        **RIGHT,
        "TEMPORAL_DEPLOYMENT_NAME": "sangkien/workflows",
        "BUILD_ID": "1.2+a",
    }.items():
        monkeypatch.setenv(name, value)
    assert settings_of(WorkerSettings, "workflows").build == "1.2+a"
    monkeypatch.setenv("TEMPORAL_WORKER_BUILD_ID", "2")
    assert settings_of(WorkerSettings, "workflows").build == "2"
