"""Packs in sentences: every rule is told with its basis, every change of a rule is told, and nothing is told
where nothing changed."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from cli.main import app
from language.plan.review_plan import RungAction
from language.words.base import Words
from language.words.said import VOCABULARY, say
from packs.explanation import difference, explain
from packs.freezing import PolicyPack, read_pack
from packs.vocabulary import day, dong, number
from processes.bootstrap import POLICIES
from tests.manner import faults

FILES = sorted([*POLICIES.glob("*.yaml"), *(POLICIES / "presets").glob("*.yaml")])
TWO_TIERS = POLICIES / "two-tier-since-2025-07-01.yaml"
IDENTITY = {("name",), ("version",)}


def _pack(file: Path = TWO_TIERS) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(read_pack(file.read_text(encoding="utf-8")).model_dump_json())
    return data


def _rich() -> PolicyPack:
    """A pack in which every kind of rule is there."""
    data = _pack()
    da_nang = _pack(POLICIES / "presets" / "da-nang-education-2026.yaml")
    national = _pack(POLICIES / "presets" / "national-minimum-2013.yaml")
    level = data["levels"][0]
    level["criteria"] = da_nang["levels"][0]["criteria"]
    level["criteria"][0]["remark"] = {"below": "20", "basis": {"sample": True}}
    level["aggregation"] = {"method": "MEAN_WITHOUT_EXTREMES", "from_sheets": 5, "basis": {"sample": True}}
    level["promotion_quota"] = {"most": 10, "basis": {"sample": True}}
    data["formal_check"]["rules"] = da_nang["formal_check"]["rules"]
    data |= {"rates": national["rates"], "documents": national["documents"]}
    return PolicyPack.model_validate(data)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _leaves(item, (*path, place))
    else:
        yield path


def _others(value: Any) -> Iterator[Any]:
    """Values that could stand here instead."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, str):
        yield from _other_texts(value)
    else:
        yield from ("1", 1, "2099-01-01")


def _other_texts(value: str) -> Iterator[str]:
    for words in VOCABULARY.values():
        if value in words:
            yield from (other for other in words if other != value)
    try:
        yield from (str(Decimal(value) - 1), str(Decimal(value) + 1))
    except ArithmeticError:
        yield from (f"{value}x", f"{value}_x", f"{value}-x", f"{value}X", "COMMUNE", "V2", "V")
    try:
        yield from (
            str(date.fromisoformat(value) + timedelta(days=1)),
            str(date.fromisoformat(value) - timedelta(days=1)),
        )
    except ValueError:
        return


def _changed(data: dict[str, Any], path: tuple[Any, ...]) -> PolicyPack | None:
    """The pack with another value at the path, if any such pack is valid."""
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    before = place[path[-1]]
    try:
        for other in (other for other in _others(before) if other != before):
            place[path[-1]] = other
            try:
                return PolicyPack.model_validate(data)
            except ValidationError:
                continue
        return None
    finally:
        place[path[-1]] = before


def test_every_value_that_can_change_alone_is_told_when_it_does() -> None:
    pack = _rich()
    data = json.loads(pack.model_dump_json())
    tried, silent = 0, []
    for path in _leaves(data):
        other = _changed(data, path) if path not in IDENTITY else None
        if other:
            tried += 1
            if not difference(pack, other):
                silent.append(path)
    assert tried > 250
    assert silent == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_between_a_pack_and_itself_there_is_no_difference(file: Path) -> None:
    pack = read_pack(file.read_text(encoding="utf-8"))
    assert difference(pack, pack) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_rule_is_explained_once_in_both_languages_with_its_basis(file: Path) -> None:
    told = explain(read_pack(file.read_text(encoding="utf-8")))
    assert len({line.rule for line in told}) == len(told)
    for line in told:
        assert line.sentence.vi != line.sentence.en
        assert (line.basis is None) == (not line.sentence.vi.endswith("]")), line


def _after(**changes: Any) -> list[Words]:
    old, data = PolicyPack.model_validate(_pack()), _pack()
    data["levels"][0] |= changes
    return [change.sentence for change in difference(old, PolicyPack.model_validate(data))]


SAMPLE = {"sample": True}


@pytest.mark.parametrize(
    ("changes", "vi", "en"),
    [
        (
            {"examination": {"amount": 15, "unit": "WORKING_DAYS"}},
            "Cấp trường (cơ sở): thời hạn xét giảm từ 20 xuống 15 ngày làm việc (mẫu)",
            "School (unit) level: time to examine falls from 20 to 15 working days (sample)",
        ),
        (
            {"examination": {"amount": 1, "unit": "CALENDAR_MONTHS"}},
            "Cấp trường (cơ sở): thời hạn xét đổi từ 20 ngày làm việc thành 1 tháng (mẫu)",
            "School (unit) level: time to examine changes from 20 working days to 1 calendar months (sample)",
        ),
        (
            {"award_dong": 1_500_000},
            "Cấp trường (cơ sở): mức thưởng tăng từ 500.000 đồng lên 1.500.000 đồng (mẫu)",
            "School (unit) level: award rises from 500,000 đồng to 1,500,000 đồng (sample)",
        ),
        (
            {
                "voting": {
                    "method": "SECRET_BALLOT",
                    "basis": {
                        "document": "Thông tư 18/2013/TT-BKHCN",
                        "article": "Điều 8",
                        "confidence": "V",
                    },
                }
            },
            "Cấp trường (cơ sở): cách biểu quyết đổi từ biểu quyết công khai thành bỏ phiếu kín",
            "School (unit) level: way of voting changes from open vote to secret ballot",
        ),
        (
            {"promotion_quota": {"most": 3, "basis": SAMPLE}},
            "Cấp trường (cơ sở): hạn mức đề nghị lên cấp trên được thêm: 3 hồ sơ mỗi đợt (mẫu)",
            "School (unit) level: quota of proposals is added: 3 dossiers a season (sample)",
        ),
        (
            {"deviation": None},
            "Cấp trường (cơ sở): chênh lệch giữa các phiếu không còn (trước đây: quá 30 điểm thì "
            "ghi vào quyết định)",
            "School (unit) level: deviation between sheets is gone (it was: more than 30 points: "
            "it is written into the decision)",
        ),
        (
            {"award_basis": {"document": "NQ 14/2019/NQ-HĐND", "article": "Điều 1", "confidence": "L"}},
            "Cấp trường (cơ sở): mức thưởng không đổi, căn cứ đổi từ “mẫu” thành “NQ "
            "14/2019/NQ-HĐND, Điều 1, độ tin cậy L”",
            "School (unit) level: award stays, its basis changes from “sample” to “NQ "
            "14/2019/NQ-HĐND, Điều 1, confidence L”",
        ),
    ],
)
def test_a_change_is_one_sentence_an_officer_understands(changes: dict[str, Any], vi: str, en: str) -> None:
    assert _after(**changes) == [Words(vi, en)]


def test_a_level_that_comes_or_goes_is_one_sentence() -> None:
    old = PolicyPack.model_validate(_pack(POLICIES / "three-tier-until-2025-06-30.yaml"))
    told = {change.rule for change in difference(old, PolicyPack.model_validate(_pack()))}
    assert {rule for rule in told if rule.startswith(("COMMUNE", "DISTRICT"))} == {
        "COMMUNE.level",
        "DISTRICT.level",
    }
    assert "transition.level_moves.DISTRICT" in told


@pytest.mark.parametrize("kind", VOCABULARY, ids=lambda kind: kind.__name__)
def test_every_word_of_the_form_has_words_for_people(kind: type[StrEnum]) -> None:
    assert set(VOCABULARY[kind]) == {member.value for member in kind}
    assert all(words.vi != words.en for words in VOCABULARY[kind].values())


def test_numbers_money_and_days_are_written_as_each_language_does() -> None:
    assert number(Decimal("0.50")) == Words("0,5", "0.5")
    assert number(Decimal("100")) == Words("100", "100")
    assert dong(1_234_000) == Words("1.234.000 đồng", "1,234,000 đồng")
    assert day(date(2026, 3, 6)).vi == "06/03/2026"
    assert say(RungAction.REMIND).vi == "nhắc người chưa làm"


def _command(*arguments: str) -> tuple[int, str]:
    told = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["policy", *arguments])
    return told.exit_code, told.output


def test_the_command_tells_two_files_apart(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = TWO_TIERS.read_text(encoding="utf-8")
    other.write_text(
        text.replace("examination: {amount: 20", "examination: {amount: 15", 1), encoding="utf-8"
    )
    vi = "Cấp trường (cơ sở): thời hạn xét giảm từ 20 xuống 15 ngày làm việc (mẫu)\n"
    assert _command("diff", str(TWO_TIERS), str(other)) == (0, vi)
    assert _command("diff", str(TWO_TIERS), str(TWO_TIERS)) == (0, "Hai bộ quy định nói như nhau.\n")
    assert "falls from 20 to 15 working days" in _command("diff", str(TWO_TIERS), str(other), "--english")[1]


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ((), "túc số là 2/3 tổng số ghế của Hội đồng [mẫu]"),
        (("--english",), "quorum is 2/3 all seats of the council [sample]"),
    ],
)
def test_the_command_explains_a_file(flags: tuple[str, ...], sentence: str) -> None:
    code, told = _command("explain", str(TWO_TIERS), *flags)
    assert code == 0
    assert sentence in told


def test_the_command_says_what_is_wrong_with_a_file_it_should_explain(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: x", encoding="utf-8")
    assert _command("explain", str(bad))[0] == 1
    assert _command("explain", str(tmp_path / "none.yaml"))[0] == 2


_NAMED = re.compile(r"“[^”]*”|\b[A-Z]+\d\b")
"""Names that a pack has given, and how sure a basis is."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_explanation_reads_as_an_official_writes(file: Path) -> None:
    pack = PolicyPack.model_validate(_pack(file))
    for line in explain(pack):
        assert not faults(_NAMED.sub("", line.sentence.vi)), line.sentence.vi


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_difference_reads_as_an_official_writes(file: Path) -> None:
    old, new = PolicyPack.model_validate(_pack(file)), PolicyPack.model_validate(_pack(TWO_TIERS))
    for line in difference(old, new):
        assert not faults(_NAMED.sub("", line.sentence.vi)), line.sentence.vi


def test_a_good_pack_is_told_in_words() -> None:
    told = " ".join(CliRunner().invoke(app, ["policy", "check", str(TWO_TIERS)]).output.split())
    assert "Cấp trường (cơ sở) → Cấp xã, phường → Cấp tỉnh; từ 01/07/2025, không thời hạn" in told
