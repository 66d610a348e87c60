"""How Temporal is to be spoken to: what contradicts itself, or cannot be read, stops a process by name."""

from pathlib import Path

import pytest

from kit.settings import ProcessSettings, SettingsUnfit, settings_of
from tests.certificates import Authority, Pair

CERTIFICATE, KEY = "TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_CLIENT_KEY_PATH"
AUTHORITY = "TEMPORAL_TLS_SERVER_CA_CERT_PATH"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def pair(authority: Authority) -> Pair:
    return authority.issue("mine")


@pytest.fixture(autouse=True)
def _port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PORT", "1")


def told(monkeypatch: pytest.MonkeyPatch, **environment: object) -> ProcessSettings:
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))
    return settings_of(ProcessSettings, "workflows")


def refused(monkeypatch: pytest.MonkeyPatch, *names: str, **environment: object) -> None:
    with pytest.raises(SettingsUnfit) as unfit:
        told(monkeypatch, **environment)
    for name in names:
        assert name in unfit.value.detail_vi
        assert name in unfit.value.detail_en


@pytest.mark.parametrize(
    ("environment", "speaks_tls"),
    [
        ({}, False),
        ({"TEMPORAL_TLS": "true"}, True),
        ({"TEMPORAL_TLS": "false"}, False),
        ({"TEMPORAL_API_KEY": "k"}, True),
        ({"TEMPORAL_TLS_SERVER_NAME": "temporal.test"}, True),
        ({"TEMPORAL_TLS": "", "TEMPORAL_API_KEY": "", AUTHORITY: "", CERTIFICATE: "", KEY: ""}, False),
    ],
    ids=["nothing said", "told to", "told not to", "an API key", "a name", "all passed on empty"],
)
def test_there_is_tls_where_something_needs_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], speaks_tls: bool
) -> None:
    assert told(monkeypatch, **environment).speaks_tls is speaks_tls


def test_certificate_key_and_authority_are_taken(
    monkeypatch: pytest.MonkeyPatch, authority: Authority, pair: Pair
) -> None:
    settings = told(monkeypatch, **{CERTIFICATE: pair.certificate, KEY: pair.key, AUTHORITY: authority.file})
    assert settings.speaks_tls


@pytest.mark.parametrize(
    "address",
    ["", "temporal", "https://temporal:7233", "temporal:", "temporal:0", "a:65536", "x y", "::1:7233"],
)
def test_an_address_is_host_and_port(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    refused(monkeypatch, "TEMPORAL_ADDRESS", TEMPORAL_ADDRESS=address)


@pytest.mark.parametrize("address", ["temporal:7233", "[::1]:7233", "sk.abc12.tmprl.cloud:7233"])
def test_an_address_may_be_of_any_kind(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert told(monkeypatch, TEMPORAL_ADDRESS=address).temporal_address == address


@pytest.mark.parametrize(
    "name", ["TEMPORAL_API_KEY", "TEMPORAL_TLS_SERVER_NAME"], ids=["an API key", "a name"]
)
def test_what_needs_tls_is_refused_without_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    refused(monkeypatch, "TEMPORAL_TLS=false", name, TEMPORAL_TLS="false", **{name: "x"})


def test_an_authority_is_refused_without_tls(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    refused(monkeypatch, AUTHORITY, TEMPORAL_TLS="false", **{AUTHORITY: authority.file})


@pytest.mark.parametrize(("given", "lacking"), [(CERTIFICATE, KEY), (KEY, CERTIFICATE)])
def test_certificate_and_key_come_together(
    monkeypatch: pytest.MonkeyPatch, pair: Pair, given: str, lacking: str
) -> None:
    refused(monkeypatch, given, lacking, **{given: pair.key})


@pytest.mark.parametrize("name", [AUTHORITY, CERTIFICATE, KEY])
def test_a_file_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, pair: Pair, tmp_path: Path, name: str
) -> None:
    refused(monkeypatch, name, **{CERTIFICATE: pair.certificate, KEY: pair.key, name: tmp_path / "gone"})


def test_a_folder_is_no_certificate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    refused(monkeypatch, AUTHORITY, **{AUTHORITY: tmp_path})


def test_what_holds_no_certificate_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pair: Pair
) -> None:
    (tmp_path / "text").write_text("no certificate")
    refused(monkeypatch, AUTHORITY, **{AUTHORITY: tmp_path / "text"})
    refused(monkeypatch, CERTIFICATE, **{AUTHORITY: "", CERTIFICATE: tmp_path / "text", KEY: pair.key})


def test_another_ones_key_is_refused(
    monkeypatch: pytest.MonkeyPatch, authority: Authority, pair: Pair
) -> None:
    other = authority.issue("other")
    refused(monkeypatch, KEY, **{CERTIFICATE: pair.certificate, KEY: other.key})


def test_a_key_under_a_password_is_refused_and_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    sealed = authority.issue("sealed", password=b"secret")
    refused(monkeypatch, KEY, **{CERTIFICATE: sealed.certificate, KEY: sealed.key})


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "mật-khẩu"])
def test_an_api_key_that_no_header_takes_is_refused_and_not_said(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    with pytest.raises(SettingsUnfit) as unfit:
        told(monkeypatch, TEMPORAL_API_KEY=key)
    assert "TEMPORAL_API_KEY" in unfit.value.detail_vi
    assert key not in unfit.value.detail_vi + unfit.value.detail_en
