"""Where pages lead, and how they write values."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.telling import Language
from services.portal.desk import own_path
from services.portal.showing.programs import program
from services.portal.showing.values import NOTHING, Values, typed_day

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
    assert [VI.cell(one) for one in ("Danh sách!L5", "L5")] == ["L5 (trang Danh sách)", "L5"]
    assert [VI.percent(one) for one in ("70.00", "100", "99.99")] == ["70 %", "100 %", "99,99 %"]
    assert (VI.level("COMMUNE"), EN.level("COMMUNE")) == ("xã", "commune")
    assert VI.words("FILED", "DossierState") != "FILED"
    for nothing in (None, ""):
        assert VI.day(nothing) == VI.money(nothing) == VI.number(nothing) == NOTHING


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) AppleWebKit/605.1 Version/17.5 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox, Windows"),
        ("curl/8.5", ""),
    ],
)
def test_browsers_are_called_as_people_know_them(told: str, said: str) -> None:
    assert program(told) == said


def test_days_stand_in_fields_as_people_write_them() -> None:
    assert typed_day("2025-09-05") == "05/09/2025"
    assert [typed_day(text) for text in ("5/9/2025", "2025-13-05", "x", "", None)] == [
        "5/9/2025",
        "2025-13-05",
        "x",
        "",
        "",
    ]


def test_what_was_typed_is_shown_and_nothing_that_is_for_programs() -> None:
    fields = [
        ("act", "do"),
        ("sheet_id", "0196f0a1-1111-7222-8333-444455556666"),
        ("ground", "NOT_NOVEL"),
        ("declaration_of_truth", "true"),
        ("stood", "the reasons as they stood"),
        ("name-0196f0a1-1111-7222-8333-444455556666", "Nông Thị Hồng"),
        ("title", "Vườn"),
        ("authors.1.workplace", "Trường"),
        ("reason-0196f0a1-1111-7222-8333-444455556666", "tài khoản sai"),
        ("remark-novelty", "chưa rõ điểm mới"),
    ]
    assert VI.typed_back(fields) == [
        ("Tên sáng kiến", "Vườn"),
        ("Nơi công tác", "Trường"),
        ("Lý do", "tài khoản sai"),
        ("Nhận xét", "chưa rõ điểm mới"),
    ]
