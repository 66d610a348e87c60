"""Every message of the pages has its Vietnamese, and what is English is English."""

import re
import unicodedata
from collections import Counter

import pytest

from language.telling import Language
from services.portal.showing.languages import catalogues, translations, wished
from tests.portal_messages import messages, vietnamese

FIELD = re.compile(r"%\((\w+)\)s")
MESSAGES = dict(messages())


def _is_vietnamese(text: str) -> bool:
    """Marks that English never has; names and laws aside."""
    plain = re.sub(r"Sáng Kiến|NĐ-CP|Đ\b", "", text)
    return any(unicodedata.combining(char) for char in unicodedata.normalize("NFD", plain)) or "đ" in plain


def test_every_message_has_its_vietnamese() -> None:
    known = vietnamese()
    assert sorted(message for message in MESSAGES if not known.get(message)) == []


def test_no_vietnamese_is_left_over_or_said_twice() -> None:
    said = Counter(str(one.id) for catalogue in catalogues(Language.VI) for one in catalogue if one.id)
    assert sorted(said.keys() - MESSAGES.keys()) == []
    assert [message for message, times in said.items() if times > 1] == []


def test_both_languages_name_the_same_facts() -> None:
    known = vietnamese()
    for message in MESSAGES:
        assert set(FIELD.findall(message)) == set(FIELD.findall(known[message])), message


def test_what_stands_in_templates_is_english() -> None:
    assert [message for message in MESSAGES if _is_vietnamese(message)] == []


@pytest.mark.parametrize(
    ("cookie", "accepted", "asked", "language"),
    [
        (None, "", None, "vi"),
        (None, "en-GB,en;q=0.9", None, "en"),
        (None, "vi-VN,vi;q=0.9,en;q=0.5", None, "vi"),
        ("vi", "en", None, "vi"),
        ("vi", "en", "en", "en"),
        ("xx", "de", "yy", "vi"),
    ],
)
def test_the_language_is_the_one_that_was_asked_for(
    cookie: str | None, accepted: str, asked: str | None, language: str
) -> None:
    assert wished(cookie, accepted, asked) == language


def test_a_message_is_said_in_both() -> None:
    assert translations(Language.VI).gettext("Sign out") == "Đăng xuất"
    assert translations(Language.EN).gettext("Sign out") == "Sign out"
