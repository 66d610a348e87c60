"""Whom a webhook may call, and how it is signed."""

import pytest

from services.postroom.domain.addresses import first_allowed, is_url_allowed
from services.postroom.domain.webhooks import new_secret, sign, sign_with_all


def test_a_signature_is_the_one_of_the_standard() -> None:
    """The example of the Standard Webhooks libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_two_secrets_hold_a_message_is_signed_with_both() -> None:
    signed = sign_with_all(["whsec_AAAA", "whsec_BBBB"], "msg_1", 1, b"{}")
    assert signed.split() == [sign(secret, "msg_1", 1, b"{}") for secret in ("whsec_AAAA", "whsec_BBBB")]


def test_a_secret_is_read_back_as_it_was_made() -> None:
    assert new_secret(b"0" * 24) == "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"


@pytest.mark.parametrize(
    ("url", "outside", "embedded"),
    [
        ("https://hooks.example.vn/in?a=1", True, True),
        ("https://hooks.example.vn:8443/in", True, True),
        ("http://hooks.example.vn/in", False, False),
        ("http://127.0.0.1:9000/in", False, True),
        ("http://localhost/in", False, True),
        ("http://[::1]:9000/in", False, True),
        ("https://10.0.0.5/in", False, False),
        ("https://169.254.169.254/latest/meta-data", False, False),
        ("https://[fd00::1]/in", False, False),
        ("https://8.8.8.8/in", True, True),
        ("https://127.0.0.1@evil.example/in", False, False),
        ("https://hooks.example.vn/#a", False, False),
        ("ftp://hooks.example.vn/in", False, False),
        ("https:///in", False, False),
        ("https://hooks.example.vn:99999/", False, False),
        ("https://hooks.example.vn:0/", False, False),
        ("https://[", False, False),
        ("https://a b/", False, False),
        ("", False, False),
    ],
)
def test_an_address_is_https_to_the_internet_or_this_machine_when_embedded(
    url: str, outside: bool, embedded: bool
) -> None:
    assert is_url_allowed(url, loopback=False) is outside
    assert is_url_allowed(url, loopback=True) is embedded


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "fe80::1",
        "fd12::1",
        "::",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "2002:0a00:0001::",
        "2002:0808:0808::",
        "ff02::1",
        "64:ff9b::10.1.2.3",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::10.1.2.3",
        "::10.1.2.3",
        "::8.8.8.8",
        "::ffff:8.8.8.8",
        "::ffff:0:10.1.2.3",
        "fec0::1",
        "fe80::1%2",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2001:20::1",
        "3fff::1",
        "5f00::1",
        "4000::1",
        "192.0.0.8",
        "192.0.0.9",
        "192.88.99.1",
        "198.19.0.1",
        "203.0.113.7",
        "240.0.0.1",
    ],
)
def test_no_name_leads_behind_our_own_wall(address: str) -> None:
    for loopback in (False, True):
        assert first_allowed([address], loopback=loopback) is None
        assert first_allowed(["8.8.8.8", address], loopback=loopback) is None, (
            "a name with one bad address is not called at all"
        )


def test_this_machine_may_be_called_only_when_embedded() -> None:
    for address in ("127.0.0.1", "127.8.8.8", "::1"):
        assert first_allowed([address], loopback=False) is None
        assert first_allowed([address], loopback=True) == address


def test_a_public_address_may_be_called() -> None:
    assert first_allowed(["8.8.8.8", "2001:4860:4860::8888"], loopback=False) == "8.8.8.8"
    assert first_allowed([], loopback=False) is None
