"""What the portal keeps is read back, and as if it were gone where another release wrote it otherwise."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from services.portal.pages.clerk_kept import KeptList
from services.portal.signed_in.issuer import Tokens
from services.portal.signed_in.kept import kept_as

TOKENS = Tokens(access="a", until=datetime(2026, 3, 2, tzinfo=UTC), refresh="r")
LIST = KeptList(person_id="p", unit_id="u", season_id="s", name="n", file="f", answers={"A1": "x"})


def test_what_was_kept_is_read() -> None:
    assert kept_as(Tokens, TOKENS.model_dump_json()) == TOKENS
    assert kept_as(KeptList, json.dumps({"list": asdict(LIST)}), "list") == LIST


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "[]",
        json.dumps({"rows": asdict(LIST)}),
        json.dumps({"list": {"person_id": "p"}}),
        json.dumps({"list": asdict(LIST) | {"answers": []}}),
    ],
)
def test_another_form_is_as_if_there_were_none(text: str | None) -> None:
    assert kept_as(KeptList, text, "list") is None


def test_a_session_whose_tokens_are_written_otherwise_has_ended() -> None:
    assert kept_as(Tokens, json.dumps({"token": "a"})) is None
