"""What commands show of answers."""

import httpx

from cli.reader import accepted

KEPT_LONG_AGO = "Lan\x1b]0;x\x07\u202e Anh\nhai"


def test_what_was_kept_before_texts_were_cleaned_steers_no_screen() -> None:
    answer = httpx.Response(200, json={"items": [{"title": KEPT_LONG_AGO, "count": 3}], "next": None})
    assert accepted(answer) == {"items": [{"title": "Lan]0;x Anh\nhai", "count": 3}], "next": None}
