"""Where pages lead, and how they write values."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.telling import Language
from services.portal.desk import own_path
from services.portal.showing.values import NOTHING, Values

VI, EN = Values(Language.VI), Values(Language.EN)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil",
        "",
        "/\t/evil.example",
        "/\n//evil.example",
        " /x",
        "http:/evil",
        "//[",
        "/" + "a" * 5_000,
    ],
)
def test_nobody_is_led_elsewhere(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"


@pytest.mark.parametrize("own", ["/", "/dossiers?state=FILED&q=%C4%90", "/stages/1#marks"])
def test_own_paths_stay(own: str) -> None:
    assert own_path(own) == own


@given(st.text(alphabet=st.sampled_from("/\\:?#@.a%0d \t\n"), max_size=12))
def test_whatever_is_asked_for_stays_here(text: str) -> None:
    led = own_path(text)
    parts = urlsplit(f"http://here.example{led}")
    assert led.startswith("/")
    assert not led.startswith(("//", "/\\"))
    assert parts.netloc == "here.example"


def test_values_are_written_as_people_write_them() -> None:
    assert VI.day("2025-09-05") == "05/09/2025"
    assert VI.day("2025-09-04T17:00:00Z") == "05/09/2025"
    assert VI.instant("2025-09-05T16:59:00Z") == "05/09/2025 23:59"
    assert VI.money(1_000_000) == "1.000.000 đ"
    assert (VI.number("99.99"), EN.number("99.99")) == ("99,99", "99.99")
    assert VI.percent("33.3") == "33,3 %"
    assert (VI.level("COMMUNE"), EN.level("COMMUNE")) == ("xã", "commune")
    assert VI.words("FILED", "DossierState") != "FILED"
    for nothing in (None, ""):
        assert VI.day(nothing) == VI.money(nothing) == VI.number(nothing) == NOTHING
