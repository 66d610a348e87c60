"""What two rehearsed seasons are compared by: council cost against a slow count, marks that any score sheet
takes, posts for every council."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.province import MIDDLE, build_province
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import read_list
from language.cases import Vote
from language.plan.review_plan import Basis, Criterion, RemarkRule
from language.plan.rule_kinds import PaidRole, RateBasis
from language.posts.kinds import PostKind
from packs.form import BasisIn
from packs.freezing import PolicyPack, read_pack
from packs.money import RateIn
from processes.bootstrap import POLICIES
from rehearsal.command import Options, OptionsClash, as_many, run, staffing_for
from rehearsal.measuring import Sheet, council_cost
from rehearsal.people import filled_in
from rehearsal.reporting import comparison
from rehearsal.rules_in_force import as_rehearsed, pack_in_force
from services.review.api.rules import CriterionOut
from services.review.domain.scoring import check_complete, check_scores
from services.review.domain.stage import SheetContent
from tests.review_cases import level_plan

SAMPLE = BasisIn(sample=True)
DAYS = [date(2026, 3, day) for day in (1, 2, 3)]
LEVELS, ROLES, RULES = ["UNIT", "PROVINCE"], ["CHAIR", "MEMBER"], ["a@1", "b@2"]

sheets = st.lists(
    st.builds(
        Sheet,
        rule_version=st.sampled_from(RULES),
        level=st.sampled_from(LEVELS),
        unit_id=st.sampled_from("xy"),
        stage_id=st.sampled_from("12"),
        person_id=st.sampled_from("pq"),
        role=st.sampled_from(ROLES),
        day=st.sampled_from(DAYS),
    ),
    unique_by=lambda sheet: (sheet.stage_id, sheet.person_id),
    max_size=8,
)


def rate(
    level: str | None, role: str, per: RateBasis, amount: int, first: date = DAYS[0], last: date | None = None
) -> RateIn:
    return RateIn(
        id="some-rate",
        level=level,
        role=PaidRole(role),
        per=per,
        amount_dong=amount,
        basis=SAMPLE,
        valid_from=first,
        valid_to=last,
    )


spans = st.lists(st.sampled_from(DAYS), min_size=2, max_size=2).map(sorted) | st.sampled_from(DAYS).map(
    lambda first: [first, None]
)
rates = st.lists(
    st.builds(
        lambda level, role, per, amount, span: rate(level, role, per, amount, *span),
        st.sampled_from([None, *LEVELS]),
        st.sampled_from(ROLES),
        st.sampled_from(RateBasis),
        st.integers(1, 9),
        spans,
    ),
    max_size=6,
).map(
    lambda found: [
        one
        for number, one in enumerate(found)
        if not any(one.clashes_with(other) for other in found[:number])
    ]
)


def slowly(found: Sequence[Sheet], by_pack: Mapping[str, Sequence[RateIn]]) -> int:
    """Every piece of work by hand: what one sheet is worth, and what one sitting is worth to whoever was
    there."""

    def worth(sheet: Sheet, per: RateBasis) -> int:
        for level in (sheet.level, None):
            for one in by_pack.get(sheet.rule_version, ()):
                holds = one.valid_from <= sheet.day and (one.valid_to is None or sheet.day <= one.valid_to)
                if one.per is per and one.level == level and one.role.value == sheet.role and holds:
                    return one.amount_dong
        return 0

    total = sum(worth(sheet, RateBasis.PER_SHEET) + worth(sheet, RateBasis.PER_DOSSIER) for sheet in found)
    for sitting in {(sheet.unit_id, sheet.level, sheet.day, sheet.person_id) for sheet in found}:
        there = [
            sheet for sheet in found if (sheet.unit_id, sheet.level, sheet.day, sheet.person_id) == sitting
        ]
        total += max(worth(sheet, RateBasis.PER_SESSION) for sheet in there)
    return total


@given(found=sheets, first=rates, second=rates)
def test_council_work_costs_what_a_slow_count_says(
    found: list[Sheet], first: list[RateIn], second: list[RateIn]
) -> None:
    by_pack = {"a@1": first, "b@2": second}
    assert council_cost(found, by_pack) == (slowly(found, by_pack) if first or second else None)


def test_a_person_is_paid_once_for_a_sitting_and_for_each_sheet() -> None:
    one, two = (
        Sheet(
            rule_version="a@1",
            level="UNIT",
            unit_id="x",
            stage_id=stage,
            person_id="p",
            role=PaidRole.CHAIR,
            day=DAYS[0],
        )
        for stage in ("1", "2")
    )
    assert council_cost([one, two], {"a@1": [rate(None, "CHAIR", RateBasis.PER_SESSION, 500_000)]}) == 500_000
    assert council_cost([one, two], {"a@1": [rate(None, "CHAIR", RateBasis.PER_SHEET, 200_000)]}) == 400_000
    assert council_cost([one, two], {"a@1": []}) is None


steps = st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(1), Decimal(3), Decimal(5)])


@given(
    steps=st.lists(st.tuples(steps, st.integers(1, 40)), min_size=1, max_size=5),
    share=st.floats(0, 1),
    below=st.integers(0, 200),
)
def test_the_people_of_a_rehearsal_can_fill_in_any_score_sheet(
    steps: list[tuple[Decimal, int]], share: float, below: int
) -> None:
    basis = Basis(rule="r", document="d", article="1", confidence="U", sample=True)
    criteria = tuple(
        Criterion(
            id=f"c{number}",
            title_vi="",
            title_en="",
            max_score=step * count,
            floor=Decimal(),
            step=step,
            basis=basis,
            remark=RemarkRule(below=None if below == 0 else Decimal(below), basis=basis),
        )
        for number, (step, count) in enumerate(steps)
    )
    plan = replace(level_plan(UUID(int=9)), criteria=criteria)
    shown = [CriterionOut.of(line).model_dump(mode="json") for line in criteria]
    sheet = filled_in(shown, share)
    content = SheetContent(
        scores={line: Decimal(score) for line, score in sheet["scores"].items()},
        vote=Vote.APPROVE,
        remark=None,
        remarks=sheet["remarks"],
    )
    check_scores(plan, content)
    check_complete(plan, content)


PACKS = sorted(POLICIES.glob("*.yaml")) + sorted(POLICIES.glob("presets/*.yaml"))


@pytest.mark.parametrize("file", PACKS, ids=lambda file: file.stem)
def test_every_council_of_every_pack_finds_its_members_in_the_rehearsed_province(file: Path) -> None:
    pack = read_pack(file.read_text(encoding="utf-8"))
    dossiers = read_list(SAMPLE_LIST, 5)
    season = (date(2026, 1, 1), date(2026, 12, 31))
    province = build_province(dossiers, middle_level="COMMUNE", season=season, staffing=staffing_for([pack]))
    posts = Counter((post["unit_code"], post["kind"]) for post in province.body["posts"])
    tiers = {"SCHOOL": "T", "COMMUNE": "H", "PROVINCE": "TINH"}
    units = {unit["code"] for unit in province.body["units"]} | {"TINH"}
    for level in (level for level in pack.levels if level.unit_level in tiers):
        for seat in level.seats:
            there = [
                unit
                for unit in units
                if unit.startswith(tiers[level.unit_level])
                and (unit == "TINH") == (level.unit_level == "PROVINCE")
            ]
            assert there
            assert all(posts[unit, seat.post] >= seat.count for unit in there)


def test_a_council_that_is_larger_than_usual_gets_its_posts_and_they_may_be_silent() -> None:
    pack = _pack()
    seats = [
        seat.model_copy(update={"count": 4}) if seat.post is PostKind.COUNCIL_MEMBER else seat
        for seat in pack.levels[1].seats
    ]
    larger = pack.model_copy(
        update={
            "levels": [pack.levels[0], pack.levels[1].model_copy(update={"seats": seats}), *pack.levels[2:]]
        }
    )
    staffing = staffing_for([pack, larger])
    assert staffing[MIDDLE][PostKind.COUNCIL_MEMBER] == 4
    province = build_province(
        read_list(SAMPLE_LIST, 3),
        middle_level="COMMUNE",
        season=(date(2026, 1, 1), date(2026, 12, 31)),
        staffing=staffing,
    )
    assert {"uyvien3.h1", "uyvien4.h1"} <= set(province.council_accounts)
    assert "ketoan.h1" not in province.council_accounts


def _pack() -> PolicyPack:
    return read_pack((POLICIES / "two-tier-since-2025-07-01.yaml").read_text(encoding="utf-8"))


def test_a_rehearsed_pack_holds_from_the_first_day_under_a_name_of_its_own() -> None:
    pack = _pack().model_copy(update={"name": "x" * 63})
    rehearsed = as_rehearsed(pack, date(2024, 5, 6))
    assert rehearsed.effective_from == date(2024, 5, 6)
    assert rehearsed.effective_to is None
    assert rehearsed.name.endswith("-rehearsed")
    assert PolicyPack.model_validate(rehearsed.model_dump(mode="json")) == rehearsed
    assert rehearsed.levels == pack.levels


def test_a_rehearsed_pack_reckons_with_its_newest_rates_from_the_first_day_on() -> None:
    old, new = (
        rate(None, "CHAIR", RateBasis.PER_SHEET, amount, first)
        for amount, first in ((1, date(2019, 1, 1)), (2, date(2026, 1, 1)))
    )
    old = old.model_copy(update={"valid_to": date(2025, 12, 31)})
    rehearsed = as_rehearsed(_pack().model_copy(update={"rates": [new, old]}), date(2023, 1, 12))
    [found] = rehearsed.rates
    assert (found.amount_dong, found.valid_from, found.valid_to) == (2, date(2023, 1, 12), None)


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2025, 6, 30), "three-tier-until-2025-06-30"), (date(2025, 7, 1), "two-tier-since-2025-07-01")],
)
def test_without_a_second_pack_the_one_in_force_is_compared_with(day: date, name: str) -> None:
    assert pack_in_force(day).name == name


@pytest.mark.parametrize(
    ("switch", "policies", "compare"),
    [
        (date(2025, 7, 1), ("a.yaml",), False),
        (None, (), True),
        (None, ("a", "b", "c"), True),
        (None, ("a", "b"), False),
    ],
)
def test_options_that_make_no_sense_together_are_refused_before_anything_starts(
    switch: date | None, policies: tuple[str, ...], *, compare: bool
) -> None:
    options = Options(
        input=None,
        dossiers=1,
        silent=0,
        leave=0,
        seed=1,
        day_seconds=None,
        report=None,
        kill=False,
        keep=False,
        switch_tier_on=switch,
        policies=policies,
        compare=compare,
    )
    with pytest.raises(OptionsClash):
        run(options)


def _report(pack: str, **changes: object) -> dict[str, object]:
    report: dict[str, object] = {
        "pack": pack,
        "dossiers": 9,
        "closed": 9,
        "stuck": {},
        "days": {"UNIT": {"count": 9, "median": 10.0, "longest": 20.0}},
        "outcomes": {},
        "rungs_fired": {},
        "overdue_acts": 0,
        "handed_over": 0,
        "without_quorum": {},
        "council": {"sheets": 0, "cost_dong": None},
        "awards": {"count": 0, "net_dong": 0},
    }
    return report | changes


def test_the_table_says_by_how_much_the_second_season_differs() -> None:
    first = _report(
        "a@1", council={"sheets": 4, "cost_dong": 2_000_000}, outcomes={"UNIT": {"RECOGNISED": 9}}
    )
    second = _report(
        "b@1",
        closed=7,
        stuck={"UNIT": 2},
        days={"COMMUNE": {"count": 7, "median": 12.5, "longest": 30.0}},
        rungs_fired={"HAND_UP": 3},
        council={"sheets": 4, "cost_dong": 1_500_000},
        outcomes={"UNIT": {"RECOGNISED": 7, "REFUSED": 2}},
        without_quorum={"UNIT": 1},
    )
    rows = [row for _, part in comparison(first, second) for row in part]
    assert ("đã kết thúc", "9", "7", "-2") in rows
    assert ("  ở: cơ sở", "0", "2", "+2") in rows
    assert ("cơ sở", "10.0 (20.0)", "–", "–") in rows
    assert ("xã", "–", "12.5 (30.0)", "–") in rows
    assert ("cơ sở: không công nhận", "0", "2", "+2") in rows
    assert ("  chuyển việc lên cấp trên", "0", "3", "+3") in rows
    assert ("phiếu đã chấm", "4", "4", "=") in rows
    assert ("chi cho Hội đồng (ước tính)", "2.000.000 đồng", "1.500.000 đồng", "-500.000 đồng") in rows


def test_a_list_that_is_too_short_begins_again_in_districts_of_its_own() -> None:
    listed = read_list(SAMPLE_LIST)
    many = as_many(listed, 2 * len(listed) + 3)
    assert list(many[: len(listed)]) == listed
    assert [one.number for one in many] == list(range(1, len(many) + 1))
    assert {one.district for one in many[len(listed) :]}.isdisjoint(one.district for one in listed)
    assert as_many(listed, 3) == tuple(listed[:3])
    assert as_many(listed, None) == tuple(listed)
