"""When a dossier may be filed: complete, shares of exactly 100, filed by an author, within a year of the
first application."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.deadline.clock import OfficeCalendar
from language.plan.rule_kinds import DayOffEnd
from services.intake.domain.dossier import (
    REQUIRED,
    REQUIRED_OF_AUTHORS,
    Author,
    DossierContent,
    InitiativeKind,
    answer_due,
    filing_limit,
    require_fileable,
    require_in_time,
    require_shares,
)
from services.intake.domain.refusals import (
    AuthorTwice,
    DossierIncomplete,
    FiledLate,
    FirstApplicationAhead,
    NotAnAuthor,
    SharesNotHundred,
)
from tests.calendars import NO_HOLIDAYS

TODAY = date(2026, 3, 10)
FILER = uuid4()
CENTS = 10_000


def author(person_id: UUID = FILER, percent: str | Decimal = "100") -> Author:
    return Author(
        person_id=person_id,
        full_name="Hoàng Thị Thử",
        date_of_birth=date(1985, 4, 2),
        workplace="Trường Tiểu học Mẫu",
        job_title="Giáo viên",
        qualification="Đại học sư phạm",
        contribution_percent=Decimal(percent),
    )


CONTENT = DossierContent(
    title="Dạy toán bằng trò chơi",
    kind=InitiativeKind.OPERATIONAL,
    application_field="Giáo dục tiểu học",
    problem_solved="Học sinh ngại phép chia",
    authors=(author(),),
    first_applied_on=date(2025, 9, 5),
    description="Các bước thực hiện",
    applicability="Đã áp dụng ở khối 4",
    conditions="Không cần thiết bị",
    benefit_by_author="Điểm kiểm tra tăng",
    declaration_of_truth=True,
)
EMPTY = DossierContent()


def test_a_complete_dossier_may_be_filed() -> None:
    require_fileable(CONTENT, FILER, TODAY)


@pytest.mark.parametrize("field", REQUIRED)
def test_each_required_field_is_named_when_it_is_missing(field: str) -> None:
    with pytest.raises(DossierIncomplete) as refused:
        require_fileable(replace(CONTENT, **{field: getattr(EMPTY, field)}), FILER, TODAY)
    assert refused.value.facts["missing"] == field


@pytest.mark.parametrize("field", REQUIRED_OF_AUTHORS)
def test_each_field_required_of_an_author_is_named_when_it_is_missing(field: str) -> None:
    nobody = Author(person_id=uuid4(), full_name="")
    incomplete = replace(author(uuid4(), "50"), **{field: getattr(nobody, field)})
    with pytest.raises(DossierIncomplete) as refused:
        require_fileable(replace(CONTENT, authors=(author(percent="50"), incomplete)), FILER, TODAY)
    assert refused.value.facts["missing"] == f"authors.1.{field}"


def test_all_missing_fields_are_named_at_once() -> None:
    with pytest.raises(DossierIncomplete) as refused:
        require_fileable(EMPTY, FILER, TODAY)
    assert set(refused.value.facts["missing"].split(", ")) == set(REQUIRED)


def test_a_declaration_that_is_not_made_counts_as_missing() -> None:
    with pytest.raises(DossierIncomplete, match="declaration_of_truth"):
        require_fileable(replace(CONTENT, declaration_of_truth=False), FILER, TODAY)


def test_the_same_person_cannot_be_two_authors() -> None:
    with pytest.raises(AuthorTwice):
        require_fileable(replace(CONTENT, authors=(author(percent="50"), author(percent="50"))), FILER, TODAY)


def test_who_files_must_be_one_of_the_authors() -> None:
    with pytest.raises(NotAnAuthor):
        require_fileable(CONTENT, uuid4(), TODAY)


@pytest.mark.parametrize("percents", [("99",), ("50", "49.99"), ("60", "40.01"), ("33.33", "33.33", "33.33")])
def test_shares_that_miss_the_hundred_are_refused_with_their_sum(percents: tuple[str, ...]) -> None:
    with pytest.raises(SharesNotHundred) as refused:
        require_shares([author(uuid4(), percent) for percent in percents])
    assert Decimal(refused.value.facts["total"]) == sum(map(Decimal, percents))


@given(cuts=st.lists(st.integers(1, CENTS - 1), max_size=6, unique=True))
@settings(max_examples=60, deadline=None)
def test_any_split_of_the_whole_into_hundredths_is_accepted(cuts: list[int]) -> None:
    bounds = [0, *sorted(cuts), CENTS]
    require_shares([author(uuid4(), Decimal(high - low) / 100) for low, high in pairwise(bounds)])


@given(
    cents=st.lists(st.integers(1, CENTS), min_size=1, max_size=6).filter(lambda parts: sum(parts) != CENTS)
)
@settings(max_examples=60, deadline=None)
def test_any_other_sum_is_refused(cents: list[int]) -> None:
    with pytest.raises(SharesNotHundred):
        require_shares([author(uuid4(), Decimal(part) / 100) for part in cents])


def test_a_first_application_today_is_accepted_and_one_tomorrow_is_not() -> None:
    require_fileable(replace(CONTENT, first_applied_on=TODAY), FILER, TODAY)
    with pytest.raises(FirstApplicationAhead):
        require_fileable(replace(CONTENT, first_applied_on=TODAY + timedelta(days=1)), FILER, TODAY)


@given(first=st.dates(date(2012, 4, 25), date(2090, 12, 31)))
@settings(max_examples=100, deadline=None)
def test_the_last_day_is_the_anniversary_and_the_day_after_is_late(first: date) -> None:
    limit = filing_limit(first, NO_HOLIDAYS, DayOffEnd.LAST_DAY)
    leap_day = (first.month, first.day) == (2, 29)
    assert limit == (date(first.year + 1, 2, 28) if leap_day else first.replace(year=first.year + 1))
    applied = replace(CONTENT, first_applied_on=first)
    require_in_time(applied, limit, NO_HOLIDAYS, DayOffEnd.LAST_DAY)
    with pytest.raises(FiledLate):
        require_in_time(applied, limit + timedelta(days=1), NO_HOLIDAYS, DayOffEnd.LAST_DAY)


def test_a_year_that_ends_on_a_holiday_ends_with_the_next_working_day() -> None:
    christmas = OfficeCalendar(version=1, holidays=frozenset({date(2026, 12, 25)}), make_up_days=frozenset())
    applied = replace(CONTENT, first_applied_on=date(2025, 12, 25))  # a Friday a year on, then a weekend
    require_in_time(applied, date(2026, 12, 28), christmas, DayOffEnd.NEXT_WORKING_DAY)
    for late, calendar, end in (
        (date(2026, 12, 29), christmas, DayOffEnd.NEXT_WORKING_DAY),
        (date(2026, 12, 28), christmas, DayOffEnd.LAST_DAY),
        (date(2026, 12, 28), NO_HOLIDAYS, DayOffEnd.NEXT_WORKING_DAY),
    ):
        with pytest.raises(FiledLate):
            require_in_time(applied, late, calendar, end)


def test_an_answer_that_is_due_on_a_sunday_is_due_on_monday() -> None:
    filed_on = date(2026, 2, 9)  # four months on is Tuesday 9 June
    assert answer_due(filed_on, NO_HOLIDAYS, DayOffEnd.NEXT_WORKING_DAY) == date(2026, 6, 9)
    sunday = date(2026, 3, 7) - timedelta(days=28)  # 7 February: 7 June is a Sunday
    assert answer_due(sunday, NO_HOLIDAYS, DayOffEnd.NEXT_WORKING_DAY) == date(2026, 6, 8)
    assert answer_due(sunday, NO_HOLIDAYS, DayOffEnd.LAST_DAY) == date(2026, 6, 7)


def test_the_refusal_for_lateness_says_the_last_day_in_both_languages() -> None:
    applied = replace(CONTENT, first_applied_on=date(2023, 1, 13))
    with pytest.raises(FiledLate) as refused:
        require_in_time(applied, TODAY, NO_HOLIDAYS, DayOffEnd.NEXT_WORKING_DAY)
    assert "15/01/2024" in refused.value.detail_vi
    assert "15/01/2024" in refused.value.detail_en
    assert refused.value.facts["limit"] == "2024-01-15"
