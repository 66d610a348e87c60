"""Nobody is stranded: a council that is too small, work that nobody is there for, a ladder that ends."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.alarms import stranded
from language.cases import AlarmKind
from language.messages.clock import RungFinding
from language.names import Signal
from language.plan.review_plan import BudgetUnit, RungAction, RungRule, Share
from language.plan.rule_kinds import CountedOver, RungAnchor
from language.posts.kinds import PostKind
from services.review.app import SERVICE
from services.review.operations.cases import CASES
from tests.conftest import HeldPost, MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case as CheckCase
from tests.organisation_cases import hand_over
from tests.review_cases import Case, basis
from tests.service_cases import SERVICES

SEATS = Share(numerator=2, denominator=3, basis=basis("quorum"), counted_over=CountedOver.SEATS)


def _rule(identifier: str, action: RungAction, offset: int) -> RungRule:
    return RungRule(
        id=identifier,
        action=action,
        anchor=RungAnchor.START,
        offset=offset,
        unit=BudgetUnit.CALENDAR_DAYS,
        basis=basis(f"UNIT.ladder.{identifier}"),
    )


LADDER = (_rule("remind", RungAction.REMIND, 1), _rule("hand_up", RungAction.HAND_UP, 4))


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


async def _alarms_of(service: TestService, path: tuple[UUID, ...]) -> list[dict[str, Any]]:
    # Another head would be somebody to whom the work could go.
    headers = service.headers(uuid4(), held(PostKind.ADMIN, *path))
    answer = await service.http.get("/v1/alarms", headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def _alarms(case: Case) -> list[dict[str, Any]]:
    return await _alarms_of(case.service, (case.root, case.unit))


async def _kinds(case: Case) -> list[str]:
    return [alarm["kind"] for alarm in await _alarms(case)]


async def _rungs(case: Case) -> list[str]:
    rows = await case.service.database.pool.fetch(
        "select rung_id from rungs_ahead where about_id = $1 order by at, rung_id", case.stage
    )
    return [row["rung_id"] for row in rows]


async def _stranded(service: TestService) -> list[Any]:
    async with service.database.reading() as tx:
        return list(await stranded(tx))


async def test_alarms_say_their_unit_and_are_narrowed_by_it_and_by_kind(service: TestService) -> None:
    case = Case(service, ladder=LADDER, rules={"quorum": SEATS})
    case.holders, case.substitutes = [], []
    await case.open()
    [alarm] = await _alarms(case)
    assert alarm["unit_name"]
    over, other = held(PostKind.ADMIN, case.root), held(PostKind.ADMIN, case.root, uuid4())

    async def found(query: str, post: HeldPost) -> list[str]:
        answer = await service.http.get(f"/v1/alarms?{query}", headers=service.headers(uuid4(), post))
        return [one["id"] for one in answer.json()["items"]] if answer.is_success else [answer.json()["code"]]

    for query in (
        f"unit_id={case.unit}",
        f"kind={alarm['kind']}",
        f"unit_id={case.unit}&kind={alarm['kind']}",
    ):
        assert await found(query, over) == [alarm["id"]], query
    others = {kind.value for kind in AlarmKind} - {alarm["kind"]}
    for query in ("unit_id=" + str(uuid4()), *(f"kind={kind}" for kind in others)):
        assert await found(query, over) in ([], ["Forbidden"]), query
    assert await found(f"unit_id={case.unit}", other) == ["Forbidden"]


async def test_a_stage_with_nobody_in_it_is_an_alarm_of_the_units_above(service: TestService) -> None:
    case = Case(service, ladder=LADDER, rules={"quorum": SEATS})
    case.holders, case.substitutes = [], []
    await case.open()
    [alarm] = await _alarms(case)
    assert (alarm["kind"], alarm["about_id"], alarm["level"]) == (
        "COUNCIL_TOO_SMALL",
        str(case.stage),
        "UNIT",
    )
    assert alarm["what_to_do_vi"]
    assert alarm["what_to_do_en"]
    above = service.headers(uuid4(), held(PostKind.UNIT_HEAD, case.root))
    assert len((await service.http.get("/v1/alarms", headers=above)).json()["items"]) >= 1
    elsewhere = service.headers(uuid4(), held(PostKind.UNIT_HEAD, uuid4()))
    assert (await service.http.get("/v1/alarms", headers=elsewhere)).json()["items"] == []
    member = service.headers(uuid4(), held(PostKind.COUNCIL_MEMBER, case.root, case.unit))
    assert (await service.http.get("/v1/alarms", headers=member)).json()["code"] == "Forbidden"
    told = await service.database.pool.fetch(
        "select person_id from notices where kind = 'SUPERIOR_TOLD' and subject_id = $1", case.dossier
    )
    assert [row["person_id"] for row in told] == [case.superiors[0].person_id]


async def test_the_run_of_such_a_stage_begins_with_the_daily_look(service: TestService) -> None:
    case = Case(service, ladder=LADDER, rules={"quorum": SEATS})
    case.holders, case.superiors, case.substitutes = [], [], []
    opened = await case.open()
    assert opened.clock
    assert "look-again-1" in {rung.id for rung in opened.clock.rungs}
    assert await case.open() == opened
    looked = await case.climb("look-again-1")
    assert looked.finding is RungFinding.NOTHING_TO_DO
    assert looked.clock is not None
    assert "look-again-2" in {rung.id for rung in looked.clock.rungs}
    assert await _kinds(case) == ["COUNCIL_TOO_SMALL"]


async def test_where_no_head_is_above_the_nearest_administrators_hear_of_it(service: TestService) -> None:
    case = Case(service, ladder=LADDER, rules={"quorum": SEATS})
    case.holders, case.superiors, case.substitutes = [], [], []
    near, far = uuid4(), uuid4()
    for admin, path in ((near, (case.root, case.unit)), (far, (case.root,))):
        headers = service.headers(admin, held(PostKind.ADMIN, *path))
        assert (await service.http.get("/v1/alarms", headers=headers)).status_code == 200
    await case.open()
    told = await service.database.pool.fetch(
        "select person_id from notices where kind = 'SUPERIOR_TOLD' and subject_id = $1", case.dossier
    )
    assert [row["person_id"] for row in told] == [near]


async def test_who_is_appointed_later_takes_the_empty_seat_and_the_alarm_ends(service: TestService) -> None:
    case = Case(service, ladder=LADDER, rules={"quorum": SEATS})
    council, case.holders, case.superiors, case.substitutes = case.holders, [], [], []
    await case.open()
    case.holders = council
    looked = await case.climb("look-again-1")
    assert (looked.finding, looked.clock) == (RungFinding.FIRED, None)
    tasks = await case.tasks()
    assert {(kind, person) for kind, person, _ in tasks} == {
        *(("MARK", person) for person in case.members),
        ("DECIDE", case.chair),
    }
    assert await _kinds(case) == []
    kinds = [event["kind"] for event in await case.events()]
    assert kinds == ["StageOpened", "AlarmRaised", "RungFired", "AlarmCleared"]
    await case.mark_all()
    assert (await case.decide()).status_code == 200


async def test_an_empty_council_is_filled_as_soon_as_its_posts_are(service: TestService) -> None:
    case = Case(service, ladder=LADDER, rules={"quorum": SEATS})
    council, case.holders, case.superiors, case.substitutes = case.holders, [], [], []
    await case.open()
    await hand_over(service.database, CASES)
    assert await _kinds(case) == ["COUNCIL_TOO_SMALL"]
    case.holders = council
    await case.facts()
    await hand_over(service.database, CASES)
    assert {person for kind, person, _ in await case.tasks() if kind == "MARK"} == set(case.members)
    assert await _kinds(case) == []
    kinds = [event["kind"] for event in await case.events()]
    assert kinds == ["StageOpened", "AlarmRaised", "WorkGivenOut", "AlarmCleared"]
    await hand_over(service.database, CASES)
    assert len(await case.events()) == len(kinds)


async def test_a_stage_that_nobody_decides_goes_to_the_head_above_who_comes(service: TestService) -> None:
    case = Case(service, ladder=LADDER, rules={"quorum": SEATS})
    head, case.holders, case.superiors, case.substitutes = case.superiors, [], [], []
    await case.open()
    await hand_over(service.database, CASES)
    case.superiors = head
    await case.facts()
    await hand_over(service.database, CASES)
    assert ("DECIDE", head[0].person_id, "OPEN") in await case.tasks()


async def test_a_council_below_its_quorum_is_an_alarm_and_recognises_nothing(service: TestService) -> None:
    case = Case(service, ladder=LADDER, rules={"quorum": SEATS})
    case.holders, case.substitutes = case.holders[:3], []
    await case.open()
    assert await _kinds(case) == ["COUNCIL_TOO_SMALL"]
    await case.mark_all(case.members)
    refused = await case.decide()
    assert (refused.json()["code"], refused.json()["facts"]["needed"]) == ("QuorumNotReached", "4")


async def test_where_the_rules_say_so_those_found_are_enough(service: TestService) -> None:
    case = Case(service, ladder=LADDER)
    case.holders, case.substitutes = case.holders[:3], []
    await case.open()
    assert await _kinds(case) == []
    await case.mark_all(case.members)
    assert (await case.decide()).status_code == 200


async def test_after_the_last_rung_the_work_goes_on_upward_to_the_root_and_then_is_an_alarm(
    service: TestService,
) -> None:
    case = Case(service, ladder=LADDER)
    await case.open()
    await case.climb("remind")
    first, second = case.superiors
    handed = await case.climb("hand_up")
    assert handed.clock is not None
    assert handed.clock.rungs[-1].id == "onward-1"
    assert ("DECIDE", first.person_id, "OPEN") in await case.tasks()
    await case.climb("onward-1")
    assert ("DECIDE", second.person_id, "OPEN") in await case.tasks()
    assert await _kinds(case) == []
    last = await case.climb("onward-2")
    assert (last.finding, last.clock) == (RungFinding.NOTHING_TO_DO, None)
    assert await _kinds(case) == ["NOBODY_ACTS"]
    assert await _rungs(case) == []
    assert not any(found.about_id == case.stage for found in await _stranded(service))
    decided = await case.decide(
        second.person_id, outcome="REFUSED", ground="NOT_EXAMINED", reasons="Không ai chấm"
    )
    assert decided.status_code == 200
    assert await _kinds(case) == []


async def test_a_ladder_that_ended_at_the_top_goes_on_when_somebody_comes(service: TestService) -> None:
    case = Case(service, ladder=LADDER)
    await case.open()
    for rung in ("remind", "hand_up", "onward-1", "onward-2"):
        await case.climb(rung)
    assert await _kinds(case) == ["NOBODY_ACTS"]
    await hand_over(service.database, CASES)
    assert await _kinds(case) == ["NOBODY_ACTS"]
    case.superiors = Case(service).superiors
    await case.facts()
    await hand_over(service.database, CASES)
    assert "NOBODY_ACTS" not in await _kinds(case)
    assert await _rungs(case) == ["onward-3"]
    told = "select name from outbox where payload->'clock'->>'about_id' = $1 order by id desc limit 1"
    assert await service.database.pool.fetchval(told, str(case.stage)) == Signal.CLOCK_MOVED
    await case.climb("onward-3")
    assert ("DECIDE", case.superiors[0].person_id, "OPEN") in await case.tasks()


async def test_a_lost_answer_to_the_last_rung_brings_the_further_one_again(service: TestService) -> None:
    case = Case(service, ladder=LADDER)
    await case.open()
    await case.climb("remind")
    await case.climb("hand_up")
    repeated = await case.climb("hand_up")
    assert repeated.finding is RungFinding.ALREADY_FIRED
    assert repeated.clock is not None
    assert "onward-1" in {found.id for found in repeated.clock.rungs}


async def test_an_open_case_without_a_next_step_or_an_alarm_is_found(service: TestService) -> None:
    case = Case(service, ladder=LADDER)
    await case.open()
    assert not any(found.about_id == case.stage for found in await _stranded(service))
    await service.database.pool.execute("delete from rungs_ahead where about_id = $1", case.stage)
    assert [found.about_id for found in await _stranded(service)] == [case.stage]
    # Who watches over the whole province is told over HTTP; who watches over less is not.
    over_all, over_one = held(PostKind.ADMIN, case.root), held(PostKind.ADMIN, case.root, case.unit)
    listed = await service.http.get("/v1/cases/stranded", headers=service.headers(uuid4(), over_all))
    assert [one["about_id"] for one in listed.json()["items"]] == [str(case.stage)]
    refused = await service.http.get("/v1/cases/stranded", headers=service.headers(uuid4(), over_one))
    assert refused.status_code == 403
    await case.mark_all()
    await case.decide()
    assert await _stranded(service) == []


async def test_a_check_that_nobody_is_there_for_is_an_alarm_until_somebody_is(
    open_service: ServiceOpener, tmp_path: Path
) -> None:
    clock = MovableClock()
    async with open_service(SERVICES["intake"], clock=clock, blob_dir=tmp_path) as intake:
        case = CheckCase(intake, clock)
        await case.draft()
        await case.staff()
        assert (await case.act("filing", case.author)).status_code == 200
        [alarm] = await _alarms_of(intake, case.path)
        assert alarm["kind"] == "NOBODY_THERE"
        await case.staff(uuid4())
        climbed = await case.climb("look-again-1")
        assert climbed.finding is RungFinding.FIRED
        assert await _alarms_of(intake, case.path) == []


async def test_work_whose_holder_is_away_stands_among_the_alarms(service: TestService) -> None:
    case = Case(service, ladder=LADDER)
    await case.open()
    await service.database.pool.execute(
        "update tasks set unreachable_since = now() where about_id = $1 and assignee_id = $2",
        case.stage,
        case.members[2],
    )
    [alarm] = await _alarms(case)
    assert (alarm["kind"], alarm["task"], alarm["person_id"]) == (
        "NOBODY_THERE",
        "MARK",
        str(case.members[2]),
    )


async def test_alarms_come_page_by_page(service: TestService) -> None:
    first = Case(service, ladder=LADDER, rules={"quorum": SEATS})
    for number in range(3):
        case = replace(first, dossier=uuid4()) if number else first
        case.holders, case.substitutes = [], []
        await case.open()
    headers, after, found = (
        service.headers(uuid4(), held(PostKind.ADMIN, first.root)),
        dict[str, str](),
        list[str](),
    )
    while True:
        page = (await service.http.get("/v1/alarms", params={"limit": 2, **after}, headers=headers)).json()
        found += [alarm["id"] for alarm in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert len(set(found)) == len(found) == 3
