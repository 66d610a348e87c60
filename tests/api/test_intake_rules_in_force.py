"""A filing under the rules in force: what is kept and published of them, and what is refused without."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from casework.plans import hash_of, plan_named
from language.deadline.arithmetic import local_day
from language.names import TaskQueue
from language.plan.review_plan import ReviewPlan
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, as_admin
from tests.intake_cases import RULES, Case, content

CLOCK = MovableClock()


@pytest.fixture
async def case(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[Case]:
    async with open_service(SERVICE, clock=CLOCK, blob_dir=tmp_path) as intake:
        yield Case(intake, CLOCK)


async def test_a_filed_dossier_and_its_rules_are_published(case: Case) -> None:
    filed = await case.file()
    review = await case.service.shared.database(TaskQueue.REVIEW)
    found = await review.pool.fetchrow("select * from intake.dossiers_v1 where id = $1", case.id)
    assert found
    assert (found["code"], found["state"], found["check_state"], found["check_revision"]) == (
        filed["code"],
        "FILED",
        "OPEN",
        0,
    )
    assert (found["authors"], found["closed_at"], found["rules_revision"], found["passage"]) == (
        [
            {"person_id": str(case.author), "percent": "80.00", "outside": False},
            {"person_id": str(case.co_author), "percent": "20.00", "outside": False},
        ],
        None,
        0,
        None,
    )
    async with review.reading() as tx:
        plan = await plan_named(tx, found["plan_hash"])
        assert hash_of(plan) == found["plan_hash"]
    kept = TypeAdapter(ReviewPlan).validate_python(
        await review.pool.fetchval("select body from intake.plans_v1 where hash = $1", found["plan_hash"])
    )
    assert (kept, kept.formal_check.unit_id, kept.rule_version) == (plan, case.school, RULES)


async def test_drafts_are_not_published_and_alike_dossiers_share_their_rules(case: Case) -> None:
    await case.draft()
    review = await case.service.shared.database(TaskQueue.REVIEW)
    published = "select id, plan_hash from intake.dossiers_v1 where unit_id = $1"
    assert await review.pool.fetch(published, case.school) == []
    await case.act("filing", case.author)
    beside = Case(
        case.service,
        CLOCK,
        province=case.province,
        commune=case.commune,
        school=case.school,
        season=case.season,
    )
    await beside.file()
    hashes = [row["plan_hash"] for row in await review.pool.fetch(published, case.school)]
    assert (len(hashes), len(set(hashes))) == (2, 1)


async def test_without_rules_in_force_nothing_is_filed(open_service: ServiceOpener, tmp_path: Path) -> None:
    async with open_service(SERVICE, clock=CLOCK, blob_dir=tmp_path) as intake:
        case = Case(intake, CLOCK)
        await case.draft()
        refusals = []
        for statement in (
            "alter table rulebook.policy_packs disable trigger all; "
            "update rulebook.policy_packs set effective_from = '2099-01-01'",
            "update rulebook.seasons set opens_at = '2099-01-01', closes_at = '2099-12-31'",
            "delete from rulebook.seasons",
            "delete from organisation.holdings; delete from organisation.posts; "
            "delete from organisation.units",
        ):
            await as_admin(intake.admin_url, *statement.split("; "))
            response = await case.act("filing", case.author)
            refusals.append((response.status_code, response.json()["code"]))
        assert refusals == [
            (409, "NoPolicyInForce"),
            (409, "SeasonClosed"),
            (422, "SeasonUnknown"),
            (422, "UnitUnknown"),
        ]
        assert (await case.state(), await case.words(), await case.tasks()) == ("DRAFT", [], [])


async def test_without_a_calendar_nothing_is_filed(open_service: ServiceOpener, tmp_path: Path) -> None:
    async with open_service(SERVICE, clock=CLOCK, blob_dir=tmp_path) as intake:
        case = Case(intake, CLOCK)
        await case.draft()
        await as_admin(
            intake.admin_url,
            "alter table rulebook.calendars disable trigger all",
            "delete from rulebook.calendars",
        )
        response = await case.act("filing", case.author)
        assert (response.status_code, response.json()["code"]) == (409, "NoCalendar")
        assert await case.state() == "DRAFT"


async def test_a_unit_without_a_level_in_the_pack_files_nothing(case: Case) -> None:
    await case.draft()
    organisation = (await case.facts()).database
    await organisation.pool.execute("update units set level = 'OTHER' where id = any($1)", list(case.path))
    response = await case.act("filing", case.author)
    assert (response.status_code, response.json()["code"]) == (409, "NoPolicyInForce")


ROUND = """
insert into rulebook.rounds (id, season_id, code, level, application_field, opens_at, closes_at)
select gen_random_uuid(), id, 'D1', 'SCHOOL', null, '2000-01-01', '2000-02-01' from rulebook.seasons
"""
LATE = """
insert into rulebook.late_filings (id, season_id, unit_id, until, document, reason, given_by, given_at)
select gen_random_uuid(), id, '{unit}', '2200-01-01', 'CV 1', 'x', gen_random_uuid(), now()
from rulebook.seasons
"""


async def test_between_rounds_nothing_is_filed_but_by_permission_of_the_unit_above(
    open_service: ServiceOpener, tmp_path: Path
) -> None:
    async with open_service(SERVICE, clock=CLOCK, blob_dir=tmp_path) as intake:
        case = Case(intake, CLOCK)
        await case.draft()
        await as_admin(intake.admin_url, ROUND)
        refused = await case.act("filing", case.author)
        assert (refused.status_code, refused.json()["code"]) == (409, "RoundClosed")
        assert "D1 01/01/2000" in refused.json()["detail"]
        await as_admin(intake.admin_url, LATE.format(unit=case.commune))
        assert (await case.act("filing", case.author)).status_code == 200


async def test_a_year_that_ended_on_a_holiday_is_over_with_the_next_working_day(
    open_service: ServiceOpener, tmp_path: Path
) -> None:
    today = local_day(CLOCK.now())
    applied = today.replace(year=today.year - 1) - timedelta(days=1)
    async with open_service(SERVICE, clock=CLOCK, blob_dir=tmp_path) as intake:
        case = Case(intake, CLOCK)
        await case.draft(content(case.author, first_applied_on=f"{applied}"))
        yesterday = today - timedelta(days=1)
        await as_admin(
            intake.admin_url,
            "insert into rulebook.calendars (version, holidays, make_up_days, reason, made_at) "
            f"values (900, '{{}}', '{{{yesterday}}}', 'x', now())",
        )
        late = await case.act("filing", case.author)
        assert (late.status_code, late.json()["code"]) == (422, "FiledLate")
        await as_admin(
            intake.admin_url,
            "insert into rulebook.calendars (version, holidays, make_up_days, reason, made_at) "
            f"values (901, '{{{yesterday}}}', '{{{today}}}', 'x', now())",
        )
        assert (await case.act("filing", case.author)).status_code == 200
