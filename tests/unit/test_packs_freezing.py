"""Policy packs: the shipped ones hold, every fault is named with its line, and a plan carries the source of
every rule."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from language.deadline.arithmetic import add_months, add_working_days
from language.plan.review_plan import Basis, ReviewPlan
from language.posts.kinds import PostKind
from packs.freezing import Filing, PackInvalid, PolicyPack, freeze, json_schema, read_pack
from processes.bootstrap import POLICIES, shipped_packs
from tests.calendars import NO_HOLIDAYS

SHIPPED = sorted(POLICIES.glob("*.yaml"))
PRESETS = sorted((POLICIES / "presets").glob("*.yaml"))
FILES = [*SHIPPED, *PRESETS]
TEXT = SHIPPED[-1].read_text(encoding="utf-8")
TWO_TIERS = {"SCHOOL": uuid4(), "COMMUNE": uuid4(), "PROVINCE": uuid4()}


def _frozen(pack: PolicyPack, units: dict[str, Any]) -> ReviewPlan:
    return freeze(pack, Filing(unit_id=next(iter(units.values())), units_by_level=units, season_id=uuid4()))


def _bases(value: Any) -> Iterator[Basis]:
    if isinstance(value, Basis):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _bases(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _bases(item)


def _line_of(text: str, needle: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if needle in line)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_pack_is_valid_by_the_published_schema_too(file: Path) -> None:
    schema = json.loads((POLICIES / "schema.json").read_text(encoding="utf-8"))
    pack = read_pack(file.read_text(encoding="utf-8"))
    assert pack.name == file.stem
    jsonschema.validate(pack.model_dump(mode="json"), schema)


def test_the_published_schema_is_the_one_the_code_checks() -> None:
    assert json.loads((POLICIES / "schema.json").read_text(encoding="utf-8")) == json_schema()


def test_the_shipped_packs_cover_every_day_since_2012_exactly_once() -> None:
    first, second = sorted(shipped_packs(), key=lambda pack: pack.effective_from)
    assert first.effective_from == date(2012, 4, 25)
    assert first.effective_to is not None
    assert second.effective_from == first.effective_to + timedelta(days=1) == date(2025, 7, 1)
    assert second.effective_to is None


@pytest.mark.parametrize("pack", shipped_packs(), ids=lambda pack: pack.name)
def test_examination_at_all_levels_together_keeps_the_three_months_of_the_decree(pack: PolicyPack) -> None:
    opened = date(2026, 3, 2)
    last = opened
    for level in pack.levels:
        last = add_working_days(last, level.examination.amount, NO_HOLIDAYS)
    assert last <= add_months(opened, 3)


@pytest.mark.parametrize("pack", shipped_packs(), ids=lambda pack: pack.name)
def test_each_council_has_five_seats_and_recognises_by_two_thirds(pack: PolicyPack) -> None:
    for level in _frozen(
        pack, {"SCHOOL": uuid4(), "DISTRICT": uuid4(), "COMMUNE": uuid4(), "PROVINCE": uuid4()}
    ).levels:
        assert sum(seat.count for seat in level.seats) == 5
        assert level.approval.of(5) == 4
        assert level.approval.basis.confidence == "V"
        assert sum(criterion.max_score for criterion in level.criteria) == Decimal(100)


@pytest.mark.parametrize("pack", shipped_packs(), ids=lambda pack: pack.name)
def test_every_rule_of_a_plan_names_itself_and_its_source(pack: PolicyPack) -> None:
    plan = _frozen(pack, {level.unit_level: uuid4() for level in pack.levels})
    bases = list(_bases(plan))
    assert all(basis.rule and (basis.sample or basis.article) for basis in bases)
    assert plan.formal_check.check_basis.rule == "formal_check.check"
    assert plan.levels[0].ladder[0].basis.rule == "UNIT.ladder.remind"
    assert plan.levels[0].criteria[0].basis.rule == "UNIT.criteria.novelty"
    assert plan.rule_version == f"{pack.name}@{pack.version}"
    assert {level.extension.basis.rule for level in plan.levels if level.extension} <= {
        f"{level.level}.extension" for level in plan.levels
    }


def test_a_pack_may_say_how_much_longer_a_clock_may_be_made() -> None:
    plan = _frozen(read_pack(TEXT), TWO_TIERS)
    extensions = [plan.formal_check.extension, plan.levels[0].extension, plan.payout.extension]
    assert [extension and (extension.most.amount, extension.basis.rule) for extension in extensions] == [
        (10, "formal_check.extension"),
        (10, "UNIT.extension"),
        (5, "payout.extension"),
    ]


def test_a_level_without_a_unit_of_its_kind_is_skipped_and_each_level_knows_its_unit() -> None:
    pack = read_pack(TEXT)
    plan = _frozen(pack, {"SCHOOL": TWO_TIERS["SCHOOL"], "PROVINCE": TWO_TIERS["PROVINCE"]})
    assert [(level.level, level.unit_id) for level in plan.levels] == [
        ("UNIT", TWO_TIERS["SCHOOL"]),
        ("PROVINCE", TWO_TIERS["PROVINCE"]),
    ]
    assert plan.levels[0].seats[0].post is PostKind.UNIT_HEAD


def test_a_pack_read_back_from_json_freezes_to_the_same_plan() -> None:
    pack = read_pack(TEXT)
    again = PolicyPack.model_validate(json.loads(pack.model_dump_json()))
    assert _frozen(again, TWO_TIERS).levels == _frozen(pack, TWO_TIERS).levels


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("award_dong: 500000", "award_dong: -1", "levels.0.award_dong"),
        ("award_dong: 500000", "award: 500000", "levels.0.award"),
        ("officers: INTAKE_OFFICER", "officers: KING", "formal_check.officers"),
        ("effective_from: 2025-07-01", "effective_from: soon", "effective_from"),
        ("effective_from: 2025-07-01", "effective_from: 2025-02-30", "effective_from"),
        ('step: "1"', 'step: "0.0000000000000000000000000000000001"', "levels.0.criteria.0.step"),
        (
            "approval: {amount: 10, unit: WORKING_DAYS}",
            "approval: {amount: 10, unit: MOONS}",
            "payout.approval.unit",
        ),
    ],
)
def test_a_fault_is_named_with_its_line_and_path(old: str, new: str, path: str) -> None:
    text = TEXT.replace(old, new, 1)
    with pytest.raises(PackInvalid) as refused:
        read_pack(text)
    fault = next(fault for fault in refused.value.faults if fault.path == path)
    assert fault.line == _line_of(text, new)
    assert re.search(r".+ \(.+\)$", fault.reason), "Vietnamese, then English in brackets"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('promotion_average: "70"', "promotion_average: null", "levels.0.promotion_average"),
        ('floor: "10"', 'floor: "90"', "levels.0.criteria.0.floor"),
        ("effective_to: null", "effective_to: 2025-06-01", "effective_to"),
        ("id: applicability", "id: novelty", "levels.0.criteria.1.id"),
    ],
)
def test_a_rule_that_does_not_fit_is_named_by_its_own_field_and_line(old: str, new: str, path: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    with pytest.raises(PackInvalid) as refused:
        read_pack(text)
    fault = next(fault for fault in refused.value.faults if fault.path == path)
    assert fault.line == TEXT[: TEXT.index(old)].count("\n") + 1


def _check(file: Path) -> Result:
    return CliRunner(env={"COLUMNS": "300"}).invoke(app, ["policy", "check", str(file)])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_command_says_yes_to_a_shipped_pack(file: Path) -> None:
    told = _check(file)
    assert (told.exit_code, file.stem in told.output) == (0, True), told.output


@pytest.mark.parametrize(
    ("text", "line", "path"),
    [
        (
            TEXT.replace("officers: INTAKE_OFFICER", "officers: KING"),
            _line_of(TEXT, "officers:"),
            "formal_check.officers",
        ),
        (
            TEXT.replace("award_dong: 500000", "award_dong: x"),
            _line_of(TEXT, "award_dong: 500000"),
            "levels.0.award_dong",
        ),
        ("name: x\nversion: [1", 2, ""),
        ("", 1, ""),
        ("- just\n- a list\n", 1, ""),
    ],
)
def test_the_command_names_line_and_path_and_ends_with_1(
    tmp_path: Path, text: str, line: int, path: str
) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(text, encoding="utf-8")
    told = _check(file)
    assert told.exit_code == 1, told.output
    assert re.search(rf"{line}\s*│\s*{path}", told.output), told.output


def test_the_command_shows_brackets_in_a_reason_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(TEXT.replace("id: novelty", "id: Novelty"), encoding="utf-8")
    assert "'^[a-z][a-z0-9_]{1,40}$'" in _check(file).output


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None], ids=["no text", "no file"])
def test_the_command_ends_with_2_when_the_file_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "pack.yaml"
    if content is not None:
        file.write_bytes(content)
    assert _check(file).exit_code == 2
