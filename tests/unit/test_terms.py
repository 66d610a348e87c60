"""A term that is shorter than what needs it stops the process with a sentence; what belongs to two processes
`doctor` compares."""

import os
from pathlib import Path

import pytest

from cli.terms_found import examine_terms
from embedded.errors import WrongSetting
from embedded.layout import caught_mails_days
from embedded.mail_catcher import drop_old
from kit.settings import ServiceSettings, SettingsUnfit, settings_of
from language.names import TaskQueue
from services.intake.settings import IntakeSettings
from services.organisation.settings import OrganisationSettings
from services.portal.settings import SessionTerms
from services.postroom.settings import PostroomSettings
from tests.unit.test_settings import RIGHT

DAY = 86_400


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in {**RIGHT, "BLOB_DIR": "/x"}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize(
    ("kind", "told", "names"),
    [
        (
            ServiceSettings,
            {"OUTBOX_KEPT_DAYS": "100", "TEMPORAL_RETENTION_DAYS": "400"},
            ["OUTBOX_KEPT_DAYS (100)", "TEMPORAL_RETENTION_DAYS (400)"],
        ),
        (ServiceSettings, {"ANSWERS_KEPT_DAYS": "1"}, ["ANSWERS_KEPT_DAYS"]),
        (ServiceSettings, {"COMPARISONS_KEPT_DAYS": "0"}, ["COMPARISONS_KEPT_DAYS"]),
        (
            PostroomSettings,
            {"NOTICES_KEPT_DAYS": "60"},
            ["NOTICES_KEPT_DAYS (60)", "COLLECTED_NOTICES_DAYS (90)"],
        ),
        (PostroomSettings, {"LINKS_KEPT_DAYS": "0"}, ["LINKS_KEPT_DAYS"]),
        (
            OrganisationSettings,
            {"TOKEN_MINUTES": "721"},
            ["TOKEN_MINUTES (721)", "SIGN_IN_HOURS (12)"],
        ),
        (IntakeSettings, {"ORPHANS_KEPT_DAYS": "6"}, ["ORPHANS_KEPT_DAYS"]),
        (IntakeSettings, {"UPLOADS_KEPT_HOURS": "0"}, ["UPLOADS_KEPT_HOURS"]),
        (
            SessionTerms,
            {"SESSION_HOURS": "24", "ANSWERS_KEPT_DAYS": "2"},
            ["ANSWERS_KEPT_DAYS (2)", "SESSION_HOURS (24)"],
        ),
    ],
)
def test_what_is_shorter_than_what_needs_it_is_named(
    environment: pytest.MonkeyPatch,
    kind: type[ServiceSettings],
    told: dict[str, str],
    names: list[str],
) -> None:
    for name, value in told.items():
        environment.setenv(name, value)
    with pytest.raises(SettingsUnfit) as refused:
        settings_of(kind, TaskQueue.INTAKE)
    for name in names:
        assert name in refused.value.detail_vi
        assert name in refused.value.detail_en


def test_just_long_enough_is_taken(environment: pytest.MonkeyPatch) -> None:
    for name, value in {
        "OUTBOX_KEPT_DAYS": "30",
        "TEMPORAL_RETENTION_DAYS": "30",
        "NOTICES_KEPT_DAYS": "90",
        "SESSION_HOURS": "23",
        "ANSWERS_KEPT_DAYS": "2",
    }.items():
        environment.setenv(name, value)
    assert settings_of(PostroomSettings, TaskQueue.POSTROOM).notices_kept_days == 90
    assert settings_of(SessionTerms, "portal").session_hours == 23
    assert examine_terms().is_fine


@pytest.mark.parametrize(
    ("name", "value", "retention", "says"),
    [
        ("REVIEW_OUTBOX_KEPT_DAYS", "100", 400, "review: OUTBOX_KEPT_DAYS (100)"),
        ("PORTAL_SESSION_HOURS", "200", 0, "ANSWERS_KEPT_DAYS"),
        ("PAYOUT_ANSWERS_KEPT_DAYS", "2", 0, ""),
        ("PAYOUT_COLLECTED_NOTICES_DAYS", "800", 0, "payout: NOTICES_KEPT_DAYS (730)"),
        ("INTAKE_OUTBOX_KEPT_DAYS", "29", 0, "OUTBOX_KEPT_DAYS"),
    ],
)
def test_the_doctor_compares_what_belongs_to_two(
    environment: pytest.MonkeyPatch, name: str, value: str, retention: int, says: str
) -> None:
    assert examine_terms(400).is_fine
    environment.setenv(name, value)
    found = examine_terms(retention)
    assert found.is_fine == (says == "")
    assert says in found.detail


def test_caught_mails_go_when_they_are_old(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, age in (("old.eml", 91), ("young.eml", 89), ("other", 91)):
        file = tmp_path / name
        file.write_bytes(b"x")
        os.utime(file, (file.stat().st_mtime - age * DAY,) * 2)
    assert drop_old(tmp_path, caught_mails_days()) == 1
    assert {file.name for file in tmp_path.iterdir()} == {"young.eml", "other"}
    environment.setenv("CAUGHT_MAILS_DAYS", "0")
    with pytest.raises(WrongSetting, match="CAUGHT_MAILS_DAYS"):
        caught_mails_days()
