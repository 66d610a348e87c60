"""A filing under the rules in force: what is kept and published of them, and what is refused without."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from casework.plans import hash_of, plan_named
from language.names import TaskQueue
from language.plan.review_plan import ReviewPlan
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, as_admin
from tests.intake_cases import RULES, Case

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
            {"person_id": str(case.author), "percent": "80.00"},
            {"person_id": str(case.co_author), "percent": "20.00"},
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
