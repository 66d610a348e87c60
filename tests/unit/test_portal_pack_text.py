"""A pack of rules as text and as numbers, as the pages edit it."""

import pytest

from packs.explanation import explain
from packs.freezing import PolicyPack
from processes.bootstrap import shipped_packs
from services.portal.asking.services import Refused
from services.portal.pages.steering_pack_text import (
    Content,
    Number,
    TextUnread,
    line_faults,
    numbers_of,
    pack_of_text,
    text_of_pack,
    with_number,
)
from services.portal.showing.typed import NotReadable


def _content() -> Content:
    return next(pack for pack in shipped_packs() if pack.effective_to is None).model_dump(mode="json")


def _numbers(content: Content, language: str = "vi") -> dict[tuple[str | int, ...], Number]:
    rules = [
        {"rule": one.rule, "sentence_vi": one.sentence.vi, "sentence_en": one.sentence.en}
        for one in explain(PolicyPack.model_validate(content))
    ]
    return {number.place: number for number in numbers_of(content, rules, language)}


def test_a_pack_comes_back_from_its_text_as_it_was() -> None:
    content = _content()
    read = pack_of_text(text_of_pack(content))
    assert PolicyPack.model_validate(read) == PolicyPack.model_validate(content)


def test_a_fault_is_said_at_its_line() -> None:
    text = text_of_pack(_content())
    lines = text.split("\n")
    at = next(at for at, line in enumerate(lines, start=1) if line.startswith("    amount: 20"))
    fault = {"path": "body.levels.0.examination.amount", "message": "sai", "message_en": "wrong"}
    deeper = {"path": "body.levels.7.nothing", "message": "thiếu", "message_en": "missing"}
    refusal = Refused({"status": 422, "code": "RequestInvalid", "errors": [fault, deeper]})
    first, second = line_faults(text, refusal, "vi")
    assert (first.said, lines[first.line - 1]) == ("thiếu", "levels:")
    assert (second.line, second.said) == (at, "sai")


@pytest.mark.parametrize("text", ["a: [", "- 1", "", "a: 1\na: 2", "{" * 3000])
def test_what_is_no_pack_at_all_is_refused_with_a_line(text: str) -> None:
    with pytest.raises(TextUnread) as refused:
        pack_of_text(text)
    assert refused.value.line >= 1


def test_the_common_numbers_stand_beside_their_sentences_in_both_languages() -> None:
    content = _content()
    examination = _numbers(content)["levels", 0, "examination", "amount"]
    assert (examination.about, examination.value) == ("Cấp trường (cơ sở): thời hạn xét", "20")
    assert examination.says.startswith("20 ngày làm việc [")
    assert _numbers(content, "en").keys() == _numbers(content).keys()
    assert _numbers(content)["levels", 0, "award_dong"].value == "500.000"


def test_a_number_is_put_where_it_was_and_what_is_none_is_refused() -> None:
    content = _content()
    numbers = _numbers(content)
    for place, text in (
        (("levels", 0, "award_dong"), "1.250.000 đ"),
        (("levels", 0, "promotion_average"), "72,5"),
        (("formal_check", "check", "amount"), "2"),
    ):
        with_number(content, numbers[place], text)
    pack = PolicyPack.model_validate(content)
    assert (pack.levels[0].award_dong, str(pack.levels[0].promotion_average)) == (1_250_000, "72.5")
    assert pack.formal_check.check.amount == 2
    for text in ("", "hai", "1e5", "-3", "2,5"):
        with pytest.raises(NotReadable):
            with_number(content, numbers["formal_check", "check", "amount"], text)
