"""Why something was not taken is said to each reader in the own language alone: no English sentence in
brackets stands in a Vietnamese one, and no code that only programs know."""

import ast
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, cast

import pytest
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from joserfc.errors import BadSignatureError, ExpiredTokenError
from pydantic import Field, TypeAdapter, ValidationError

from kit.auth import Unauthenticated, _why
from kit.http.faults import in_english, in_vietnamese, place_in_vietnamese
from kit.http.models import Line, NoNull
from kit.http.problems import _invalid
from language.refusals import Refusal
from language.text import MARKED
from packs.freezing import PackInvalid, read_pack
from tests.manner import WRONG, faults
from tests.refusal_kinds import every_refusal

ROOT = Path(__file__).parents[2]
ROOMS = ("casework", "kit", "language", "packs", "services", "sheets", "workflows")
OURS = {"Unfit": 0, "FieldFault": 0, "require_unique": 1}
"""Where in a call the English sentence stands; the Vietnamese one is the next."""


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", node.func.id, node


def _text(node: ast.expr) -> str | None:
    """A sentence as it is written down, its facts left out."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_vietnamese(text: str) -> bool:
    return any(letter in MARKED for letter in text)


def test_a_check_says_it_in_two_sentences_of_a_language_each() -> None:
    seen = 0
    for place, name, call in _calls():
        if name == "ValueError":
            assert not any(_is_vietnamese(_text(argument) or "") for argument in call.args), place
        if name not in OURS or (english := _text(call.args[OURS[name]])) is None:
            continue
        vietnamese = _text(call.args[OURS[name] + 1])
        assert vietnamese, place
        assert _is_vietnamese(vietnamese), place
        assert not _is_vietnamese(english), place
        assert not WRONG["English"].search(vietnamese), place
        seen += 1
    assert seen > 40


KINDS: dict[str, type[Refusal]] = {kind.__name__: kind for kind in every_refusal()}


def test_no_refusal_is_given_a_sentence_that_only_one_reader_knows() -> None:
    for place, name, call in _calls():
        if name not in KINDS:
            continue
        said = {field for _, field, _, _ in Formatter().parse(KINDS[name].vi) if field}
        for given in call.keywords:
            text = _text(given.value)
            if given.arg in said and text is not None and not _is_vietnamese(text):
                assert not re.search(r"[A-Za-z] ", text), f"{place}: “{text}” in a Vietnamese sentence"


@pytest.mark.parametrize(
    ("wanted", "value", "vi", "en"),
    [
        (Line, "\u200b", "không có ký tự nào nhìn thấy được", "no visible character"),
        (Annotated[str, NoNull], "a\x00", "ký tự rỗng", "null bytes"),
        (Annotated[Decimal, Field(ge=Decimal("0.01"))], "0", "phải từ 0,01 trở lên", "0.01"),
    ],
)
def test_what_does_not_fit_is_said_in_the_language_of_the_reader(
    wanted: Any, value: object, vi: str, en: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(wanted).validate_python(value)
    [found] = caught.value.errors()
    assert vi in in_vietnamese(found)
    assert not faults(in_vietnamese(found))
    assert en in in_english(found)
    assert not _is_vietnamese(in_english(found))


def test_a_pack_that_does_not_hold_says_why_in_vietnamese_first() -> None:
    text = (ROOT / "policies/two-tier-since-2025-07-01.yaml").read_text()
    with pytest.raises(PackInvalid) as caught:
        read_pack(re.sub(r"^effective_from: .*$", "effective_from: 2025-02-30", text, flags=re.MULTILINE))
    [fault] = caught.value.faults
    assert _is_vietnamese(fault.reason.partition(" (")[0])
    with pytest.raises(PackInvalid) as broken:
        read_pack("name: [")
    assert broken.value.faults[0].reason.startswith("sai cú pháp YAML (")


@pytest.mark.parametrize("error", [ExpiredTokenError("exp"), BadSignatureError()], ids=str)
def test_a_token_that_does_not_hold_is_refused_in_words(error: Exception) -> None:
    assert not faults(Unauthenticated(reason=_why(error)).detail_vi)
    assert "Error" not in Unauthenticated(reason=_why(error)).detail_vi


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"loc": ("body", "content", "title")}, "nội dung, tên sáng kiến"),
        ({"loc": ("body", "authors", 0, "contribution_percent")}, "tác giả thứ 1, tỷ lệ đóng góp"),
        ({"loc": ("body", 3)}, "thứ 4"),
        ({"loc": ("body",)}, "body"),
        ({"loc": ("query", "limit")}, "query.limit"),
        ({"loc": ("body", "titel"), "type": "extra_forbidden"}, "body.titel"),
    ],
)
def test_where_it_is_wrong_is_said_in_words(found: dict[str, Any], said: str) -> None:
    assert place_in_vietnamese({"type": "missing", **found}) == said


async def test_a_request_with_many_faults_says_that_there_are_more() -> None:
    missing = [{"type": "missing", "loc": ("body", f"x{n}"), "msg": "Field required"} for n in range(30)]
    problem = json.loads((await _invalid(cast(Request, None), RequestValidationError(missing))).body)
    assert problem["detail"].count("thiếu mục này") == 3
    assert "; và 27 chỗ khác. Hãy sửa" in problem["detail"]
    assert "; and 27 more. Correct" in problem["detail_en"]
    assert len(problem["errors"]) == 20
    assert {one["message"] for one in problem["errors"]} == {"thiếu mục này"}
