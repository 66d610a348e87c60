"""Every act says what it was judged by: through a post the holding, delegation or leave in force that
day, under rules their version. Whole journeys are gone through, and then every event is asked."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from kit.db import Row
from language.deadline.arithmetic import local_day
from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.intake.operations.formal_check import CASES as CHECKS
from services.payout.app import SERVICE as PAYOUT
from services.review.app import SERVICE as REVIEW
from services.review.operations.cases import CASES as STAGES
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.endpoints import call, operations_of
from tests.intake_cases import PDF
from tests.intake_cases import Case as IntakeCase
from tests.organisation_cases import hand_over
from tests.payout_cases import Case as PayoutCase
from tests.review_cases import Case as ReviewCase
from tests.service_cases import SERVICES, opened

BY_ONESELF = {
    "DraftCreated",
    "ContentChanged",
    "AttachmentAdded",
    "AttachmentRemoved",
    "DossierFiled",
    "DossierSupplemented",
    "ClockResumed",
    "DossierWithdrawn",
    "WithdrawalRequested",
    "NoticeSettingsChanged",
    "LeaveAdded",
    "LeaveCancelled",
    "WorkDelegated",
    "DelegationTakenBack",
    "AccountChanged",
    "SignedIn",
}
"""What a person does as an author, or about the own person, through no post."""
BEFORE_RULES = {"DraftCreated", "ContentChanged", "AttachmentAdded", "AttachmentRemoved"}
"""What happens to a draft, which no rules hold for yet."""
BY_POSTS_ALONE = {"TaskHandedOver", "TaskTaken", "TaskUnreachable"}
"""Who acts is judged by posts, leave and delegations, and by no pack."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SINCE = "select * from {}.events where recorded_at > $1 order by seq"
RIGHTS = {
    "holding_id": "select held_from as first, coalesce(held_to, '9999-12-31') as last, person_id "
    "from organisation.holdings where id = $1",
    "delegation_id": "select starts_on as first, ends_on as last, delegate_id as person_id "
    "from organisation.delegations where id = $1",
    "leave_id": "select starts_on as first, ends_on as last, person_id "
    "from organisation.leaves where id = $1",
}


@asynccontextmanager
async def looking_at(service: TestService) -> AsyncIterator[asyncpg.Connection]:
    """All schemas of the database, as nobody but its owner sees them."""
    conn = await asyncpg.connect(service.admin_url)
    try:
        yield conn
    finally:
        await conn.close()


async def _right_of(conn: asyncpg.Connection, event: Row) -> dict[str, Row]:
    """What the event says gave the right."""
    through = json.loads(event["through"] or "{}")
    assert through, f"{event['kind']} was done through a post, and does not say by what right"
    found = {name: await conn.fetchrow(RIGHTS[name], UUID(value)) for name, value in through.items()}
    for name, right in found.items():
        assert right, (event["kind"], name)
        assert right["first"] <= local_day(event["occurred_at"]) <= right["last"], (event["kind"], name)
    return found


async def judged(service: TestService, since: datetime = LONG_AGO) -> set[str]:
    """Ask every event of every service from then on; the kinds that were done through a post."""
    through_posts = set()
    async with looking_at(service) as conn:
        for schema in SERVICES:
            for event in await conn.fetch(SINCE.format(schema), since):
                if event["post_id"]:
                    right = await _right_of(conn, event)
                    for_whom = {event["actor_id"], event["on_behalf_of"]}
                    assert right["holding_id"]["person_id"] in for_whom, event["kind"]
                    if "delegation_id" in right:
                        assert right["delegation_id"]["person_id"] == event["actor_id"]
                    if "leave_id" in right:
                        assert right["leave_id"]["person_id"] == event["on_behalf_of"]
                    through_posts.add(event["kind"])
                elif event["actor_id"]:
                    assert event["kind"] in BY_ONESELF, event["kind"]
                if schema in {TaskQueue.INTAKE, TaskQueue.REVIEW, TaskQueue.PAYOUT}:
                    of_no_rule = event["kind"] in BEFORE_RULES | BY_POSTS_ALONE
                    assert bool(event["rule_version"]) or of_no_rule, event["kind"]
    return through_posts


async def test_a_request_is_judged_by_a_holding_a_delegation_and_a_leave(
    open_service: ServiceOpener, tmp_path: Path
) -> None:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as service:
        case = IntakeCase(service, clock)
        await case.draft()
        attached = f"/dossiers/{case.id}/attachments?filename=a.pdf"
        assert (await case.send("POST", attached, case.author, content=PDF)).status_code == 201
        assert (await case.act("filing", case.author)).status_code == 200
        asked = await case.act("supplement-notice", case.officer, {"defects": ["x"]})
        assert asked.status_code == 200, asked.text
        assert (await case.act("supplement", case.author)).status_code == 200
        facts, delegate = await case.facts(), uuid4()
        await facts.delegate(case.officer, delegate, case.school)
        await hand_over(service.database, CHECKS)
        accepted = await case.act("acceptance", delegate, posts=[])
        assert accepted.status_code == 200, accepted.text
        assert await judged(service) == {"ClockSuspended", "SupplementRequested", "RequestAccepted"}


async def test_a_council_judges_by_holdings_a_delegation_and_the_leave_of_its_chair(
    open_service: ServiceOpener,
) -> None:
    async with open_service(REVIEW) as service:
        case = ReviewCase(service)
        await case.open()
        facts, delegate = await case.facts(), uuid4()
        await facts.delegate(case.members[2], delegate, case.unit)
        await hand_over(service.database, STAGES)
        assert (await case.mark(delegate)).status_code == 200
        await case.mark_all([one for number, one in enumerate(case.members) if number != 2])
        await facts.away(case.chair)
        await hand_over(service.database, STAGES)
        assert (await case.decide(case.holders[1].person_id)).status_code == 200
        assert await judged(service) == {"ScoreSheetSubmitted", "StageDecided"}
        async with looking_at(service) as conn:
            rights = [
                set(json.loads(row["through"]))
                for row in await conn.fetch("select through from review.events where through is not null")
            ]
        shown = await service.http.get(
            f"/v1/dossiers/{case.dossier}/history", headers=service.headers(case.members[3])
        )
        decided = shown.json()["items"][-1]
        assert (decided["kind"], decided["on_behalf_of"]) == ("StageDecided", str(case.chair))
        assert set(decided["through"]) == {"holding_id", "leave_id"}
        assert {"holding_id", "leave_id"} in rights
        assert {"holding_id", "delegation_id"} in rights


async def test_money_is_moved_by_holdings(open_service: ServiceOpener) -> None:
    async with open_service(PAYOUT) as service:
        case = PayoutCase(service)
        await case.paid()
        assert (await case.reverse()).status_code == 200
        case.dossier = uuid4()
        await case.assess()
        extended = await case.post_as(
            f"clocks/{case.award}/extension",
            uuid4(),
            held(PostKind.UNIT_HEAD, case.path[0]),
            amount=1,
            reason="x",
        )
        assert extended.status_code == 200, extended.text
        assert await judged(service) >= {
            "AwardVerified",
            "AwardApproved",
            "AwardListed",
            "AwardSent",
            "AwardPaid",
            "AwardReversed",
            "PaymentListMade",
            "PaymentListSent",
            "PaymentListConfirmed",
            "ClockExtended",
        }


@pytest.mark.parametrize("name", ["organisation", "rulebook", "postroom"])
async def test_whatever_an_administrator_of_the_province_does_names_the_holding(
    open_service: ServiceOpener, tmp_path: Path, name: str
) -> None:
    async with opened(open_service, name, tmp_path) as found:
        admin = found.service.headers(uuid4(), held(PostKind.ADMIN, *found.path))["Authorization"]
        done, begun = 0, datetime.now(UTC)
        for method, path, operation in operations_of(found):
            if method != "get":
                headers = {"Authorization": admin, "Idempotency-Key": uuid4().hex}
                done += (await call(found, method, path, operation, headers)).is_success
        assert done > 2
        assert await judged(found.service, begun)
