"""How the rules of a pack must fit together: bands, grades, shares, rates, transitions; and what the presets
say."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from language.plan.act_rules import complaint_rule
from language.plan.rule_kinds import CheckRuleKind, CountedOver
from language.posts.kinds import PostKind, PostTask
from language.posts.trusted import TRUSTED
from packs.form import CriterionIn
from packs.freezing import Filing, PackInvalid, PolicyPack, freeze, read_pack
from processes.bootstrap import POLICIES, shipped_packs

TEXT = (POLICIES / "two-tier-since-2025-07-01.yaml").read_text(encoding="utf-8")
SAMPLE = {"sample": True}


def _change(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda level: level.update(changes)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_change(pass_threshold="101"), "threshold"),
        (_change(promotion_average="100.5"), "above the highest total"),
        (_change(seats=[{"role": "MEMBER", "post": "COUNCIL_MEMBER", "count": 5}]), "exactly one chair"),
        (
            _change(quorum={"numerator": 3, "denominator": 2, "basis": {"sample": True}}),
            "more than all members",
        ),
        (_change(award_basis={"document": "QĐ 1"}), "names document and article"),
        (lambda level: level["criteria"][0].update(floor="41"), "floor is above"),
        (lambda level: level["criteria"][0].update(step="7"), "multiple of step"),
        (lambda level: level["criteria"][1].update(id="novelty"), "two criteria"),
        (lambda level: level["ladder"][1].update(id="remind"), "two rungs"),
        (_change(promotion_average=None), "only the last level"),
    ],
)
def test_rules_that_do_not_fit_together_are_refused(
    change: Callable[[dict[str, Any]], None], reason: str
) -> None:
    data = json.loads(read_pack(TEXT).model_dump_json())
    change(data["levels"][0])
    with pytest.raises(PackInvalid) as refused:
        read_pack(yaml.safe_dump(data))
    assert any(reason in fault.reason for fault in refused.value.faults)


def _grades(*ranges: tuple[str, str | None], floors: Any = ()) -> Callable[[dict[str, Any]], None]:
    grades = [
        {
            "id": f"G{place}",
            "title_vi": "x",
            "title_en": "x",
            "lowest": lowest,
            "below": below,
            "floors": list(floors),
            "basis": SAMPLE,
        }
        for place, (lowest, below) in enumerate(ranges)
    ]
    return _change(grades=grades)


def _bands(*spans: tuple[str, str]) -> Callable[[dict[str, Any]], None]:
    bands = [
        {
            "id": f"b{place}",
            "title_vi": "x",
            "title_en": "x",
            "lowest": lowest,
            "highest": highest,
            "basis": SAMPLE,
        }
        for place, (lowest, highest) in enumerate(spans)
    ]
    return lambda level: level["criteria"][0].update(bands=bands)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_grades(("51", None)), "does not begin at pass_threshold"),
        (_grades(("50", "70"), ("71", None)), "no grade holds the totals"),
        (_grades(("50", "72"), ("70", None)), "overlap"),
        (_grades(("50", None), ("70", None)), "overlap"),
        (_grades(("50", "70")), "runs to the highest total"),
        (_grades(("50", None), floors=[{"criterion": "beauty", "least": "1"}]), "a floor of no criterion"),
        (_grades(("50", None), floors=[{"criterion": "novelty", "least": "41"}]), "above max_score"),
        (
            _grades(("50", None), floors=[{"criterion": "novelty", "least": "1"}] * 2),
            "two floors of a criterion",
        ),
        (_bands(("0", "20"), ("20", "40")), "overlap"),
        (_bands(("0", "20"), ("22", "40")), "no band holds the marks"),
        (_bands(("1", "40")), "do not run from 0"),
        (_bands(("0", "39")), "do not run from 0"),
        (_bands(("0", "20.5"), ("21.5", "40")), "from step to step"),
        (_bands(("0", "40"), ("40", "0")), "from step to step"),
        (
            lambda level: level["criteria"][0].update(remark={"below": "41", "basis": SAMPLE}),
            "remark.below is above",
        ),
        (_change(aggregation={"method": "MEAN_WITHOUT_EXTREMES", "basis": SAMPLE}), "from_sheets goes with"),
        (_change(aggregation={"method": "MEAN", "from_sheets": 5, "basis": SAMPLE}), "from_sheets goes with"),
        (
            _change(quorum={"numerator": 2, "denominator": 3, "counted_over": "PRESENT", "basis": SAMPLE}),
            "a quorum counts all members",
        ),
    ],
    ids=[f"misfit-{number}" for number in range(18)],
)
def test_bands_grades_and_shares_that_do_not_fit_are_refused(
    change: Callable[[dict[str, Any]], None], reason: str
) -> None:
    data = json.loads(read_pack(TEXT).model_dump_json())
    change(data["levels"][0])
    with pytest.raises(PackInvalid) as refused:
        read_pack(yaml.safe_dump(data))
    [told] = [fault.reason for fault in refused.value.faults]
    assert reason in told
    assert re.search(r".+ \(.+\)$", told), "English, then Vietnamese in brackets"


def _rate(identifier: str, **changes: Any) -> dict[str, Any]:
    rate = {
        "id": identifier,
        "level": None,
        "role": "CHAIR",
        "per": "PER_SESSION",
        "amount_dong": 100,
        "basis": SAMPLE,
    }
    return rate | {"valid_from": "2026-01-01", "valid_to": None} | changes


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rates": [_rate("one"), _rate("two", valid_from="2027-01-01")]}, "two rates hold"),
        ({"rates": [_rate("one"), _rate("one", role="MEMBER")]}, "two rates have the same id"),
        ({"rates": [_rate("one", cap_dong=99, cap_basis=SAMPLE)]}, "above its cap"),
        ({"rates": [_rate("one", cap_dong=200)]}, "a cap has its own basis"),
        ({"rates": [_rate("one", valid_to="2025-12-31")]}, "valid_to lies before"),
        ({"rates": [_rate("one", level="DISTRICT")]}, "the pack has no level DISTRICT"),
        (
            {
                "transition": {
                    "replaces": "old",
                    "level_moves": [{"from_level": "DISTRICT", "to_level": "CANTON"}],
                    "basis": SAMPLE,
                }
            },
            "the pack has no level CANTON",
        ),
        (
            {
                "transition": {
                    "replaces": "old",
                    "level_moves": [{"from_level": "X_", "to_level": "UNIT"}] * 2,
                    "basis": SAMPLE,
                }
            },
            "moves to two levels",
        ),
        ({"name": "drafts"}, "no pack is called drafts"),
    ],
)
def test_annexes_that_do_not_fit_are_refused(changes: dict[str, Any], reason: str) -> None:
    data = json.loads(read_pack(TEXT).model_dump_json()) | changes
    with pytest.raises(PackInvalid) as refused:
        read_pack(yaml.safe_dump(data))
    assert any(reason in fault.reason for fault in refused.value.faults)


def test_rates_that_follow_each_other_may_stand_together() -> None:
    rates = [
        _rate("one", valid_to="2026-06-30"),
        _rate("two", valid_from="2026-07-01"),
        _rate("three", level="UNIT"),
    ]
    data = json.loads(read_pack(TEXT).model_dump_json()) | {"rates": rates}
    assert len(PolicyPack.model_validate(data).rates) == 3


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=4))
def test_bands_are_taken_exactly_when_each_mark_lies_in_one_of_them(spans: list[tuple[int, int]]) -> None:
    bands = [
        {
            "id": f"b{place}",
            "title_vi": "x",
            "title_en": "x",
            "lowest": lowest,
            "highest": highest,
            "basis": SAMPLE,
        }
        for place, (lowest, highest) in enumerate(spans)
    ]
    holds = all(sum(lowest <= mark <= highest for lowest, highest in spans) == 1 for mark in range(11))
    holds = holds and all(lowest <= highest for lowest, highest in spans)
    line = {
        "id": "novelty",
        "title_vi": "x",
        "title_en": "x",
        "max_score": 10,
        "floor": 0,
        "step": 1,
        "basis": SAMPLE,
        "bands": bands,
    }
    try:
        CriterionIn.model_validate(line)
    except ValidationError:
        assert not holds
    else:
        assert holds


def _preset(name: str) -> PolicyPack:
    return read_pack((POLICIES / "presets" / f"{name}.yaml").read_text(encoding="utf-8"))


def test_presets_and_the_national_minimum_are_not_published_at_the_first_start() -> None:
    assert {pack.name for pack in shipped_packs()} == {
        "three-tier-until-2025-06-30",
        "two-tier-since-2025-07-01",
    }


def test_the_sheet_of_da_nang_says_what_was_read_of_it() -> None:
    [level] = _preset("da-nang-education-2026").levels
    assert [(line.id, line.max_score, line.floor, line.basis.confidence) for line in level.criteria] == [
        ("novelty", 40, 10, "V2"),
        ("applicability", 30, 10, "V2"),
        ("practical_benefit", 30, 10, "V2"),
    ]
    assert [(band.lowest, band.highest) for band in level.criteria[0].bands] == [(0, 20), (21, 30), (31, 40)]
    assert [(band.lowest, band.highest) for band in level.criteria[1].bands] == [(0, 15), (16, 30)]
    assert [(grade.id, grade.lowest, grade.below, grade.floors[0].least) for grade in level.grades] == [
        ("A", 85, None, 30),
        ("B", 70, 85, 20),
        ("C", 50, 70, 10),
    ]
    rules = {
        rule.kind: (rule.limit, rule.basis.confidence)
        for rule in _preset("da-nang-education-2026").formal_check.rules
    }
    assert rules == {CheckRuleKind.MIN_CONTRIBUTION_PERCENT: (30, "V2"), CheckRuleKind.MAX_AUTHORS: (3, "L")}


def test_of_son_la_only_the_criterion_of_novelty_claims_to_be_read() -> None:
    [level] = _preset("son-la-score-sheet").levels
    novelty, *others = level.criteria
    assert (novelty.max_score, novelty.basis.confidence, novelty.basis.sample) == (Decimal(30), "V", False)
    assert [(band.lowest, band.highest) for band in novelty.bands] == [
        (0, 0),
        (1, 15),
        (16, 20),
        (21, 26),
        (27, 30),
    ]
    assert all(line.basis.sample for line in others)
    assert level.pass_basis.sample


def test_the_national_minimum_decides_by_two_thirds_of_all_members_and_not_by_marks() -> None:
    pack = _preset("national-minimum-2013")
    [level] = pack.levels
    assert (level.approval.numerator, level.approval.denominator, level.approval.counted_over) == (
        2,
        3,
        CountedOver.MEMBERS,
    )
    assert (level.pass_threshold, level.grades, {line.floor for line in level.criteria}) == (0, [], {0})
    assert {rate.role.value: rate.cap_dong for rate in pack.rates} == {
        "CHAIR": 500_000,
        "DEPUTY_CHAIR": 200_000,
        "SECRETARY": 200_000,
        "MEMBER": 200_000,
        "GUEST": 100_000,
    }


@pytest.mark.parametrize(
    ("trusted", "reason"),
    [
        ([{"task": "DECIDE", "posts": ["UNIT_HEAD"]}] * 2, "two rules for the same task"),
        ([{"task": "FORMAL_CHECK", "posts": ["STAFF"]}], "may be delegated to anybody"),
        ([{"task": "DECIDE", "posts": []}], "at least 1 item"),
    ],
)
def test_rules_about_delegations_name_each_task_of_judging_and_signing_once(
    trusted: list[dict[str, Any]], reason: str
) -> None:
    data = json.loads(read_pack(TEXT).model_dump_json()) | {"delegation": {"trusted": trusted}}
    with pytest.raises(PackInvalid) as refused:
        read_pack(yaml.safe_dump(data))
    assert any(reason in fault.reason for fault in refused.value.faults)


def test_what_a_pack_leaves_out_about_delegations_and_complaints_is_the_sample() -> None:
    data = json.loads(read_pack(TEXT).model_dump_json())
    data["delegation"] = {"trusted": [{"task": "DECIDE", "posts": ["COUNCIL_CHAIR"]}]}
    data["levels"][0]["complaint"] = {"within": {"amount": 10, "unit": "WORKING_DAYS"}}
    pack = read_pack(yaml.safe_dump(data))
    assert pack.delegation.rules() == {**TRUSTED, PostTask.DECIDE: frozenset({PostKind.COUNCIL_CHAIR})}
    plan = freeze(pack, Filing(unit_id=uuid4(), units_by_level={"SCHOOL": uuid4()}, season_id=uuid4()))
    rule = complaint_rule(plan.levels[0], 1)
    assert (rule.within.amount, rule.within.unit, rule.basis.rule) == (10, "WORKING_DAYS", "UNIT.complaint")
    assert (rule.settling.amount, rule.post) == (30, PostKind.UNIT_HEAD)
    assert next((rung.id, rung.basis.rule) for rung in rule.ladder) == (
        "remind",
        "UNIT.complaint.ladder.remind",
    )
    again, request = complaint_rule(plan.levels[0], 2), complaint_rule(plan.formal_check, 1)
    assert (again.within.amount, again.settling.amount) == (30, 45)
    assert (again.basis.rule, again.basis.sample) == ("UNIT.complaint_again", True)
    assert (request.within.amount, request.basis.rule) == (90, "formal_check.complaint")
