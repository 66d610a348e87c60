"""The pack's finer rules over HTTP: bands and remarks, grades, deviation, secret ballots, the quota of
proposals."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from language.cases import Vote
from language.plan.review_plan import (
    DeviationRule,
    Grade,
    GradeFloor,
    PromotionQuota,
    RemarkRule,
    ScoreBand,
    Share,
    Voting,
)
from language.plan.rule_kinds import CountedOver, DeviationAction, VotingMethod
from services.review.app import SERVICE
from tests.conftest import ServiceOpener, TestService
from tests.review_cases import GOOD, Case, basis, level_plan

NOVELTY = level_plan(UUID(int=1)).criteria[0]
BANDS = tuple(
    ScoreBand(
        id=name,
        title_vi=name,
        title_en=name,
        lowest=Decimal(lowest),
        highest=Decimal(highest),
        basis=basis(f"novelty.bands.{name}"),
    )
    for name, lowest, highest in (("low", "0", "20"), ("high", "20.5", "40"))
)
SECRET = Voting(method=VotingMethod.SECRET_BALLOT, basis=basis("voting"))


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as review:
        yield review


async def opened(service: TestService, **rules: Any) -> Case:
    case = Case(service, rules=rules)
    await case.open()
    return case


async def another(first: Case, **rules: Any) -> Case:
    case = first.another(**rules)
    await case.open()
    return case


async def test_a_mark_shows_its_band_and_a_low_one_asks_for_its_remark(service: TestService) -> None:
    novelty = replace(
        NOVELTY, bands=BANDS, remark=RemarkRule(below=Decimal("20.5"), basis=basis("novelty.remark"))
    )
    case = await opened(service, criteria=(novelty, *level_plan(UUID(int=1)).criteria[1:]))
    person = case.members[0]
    shown = (await case.read(person)).json()["rules"]["criteria"][0]
    assert [(band["id"], band["rule"]) for band in shown["bands"]] == [
        ("low", "novelty.bands.low"),
        ("high", "novelty.bands.high"),
    ]
    assert shown["remark"] == {"below": "20.5", "rule": "novelty.remark"}
    refused = await case.mark(person, {**GOOD, "novelty": "20"})
    assert (refused.status_code, refused.json()["code"]) == (422, "RemarkRequiredForMark")
    written = await case.mark(person, {**GOOD, "novelty": "20"}, remarks={"novelty": "Đã có ở trường khác"})
    assert (written.status_code, written.json()["bands"], written.json()["remarks"]) == (
        200,
        {"novelty": "low"},
        {"novelty": "Đã có ở trường khác"},
    )
    assert (await case.mark(case.members[1])).json()["bands"] == {"novelty": "high"}


@pytest.mark.parametrize(("floor", "grade"), [(35, "A"), (36, None)])
async def test_the_grade_is_kept_with_the_decision_and_told(
    service: TestService, floor: int, grade: str | None
) -> None:
    ranges = (("A", 80, None, floor), ("B", 50, 80, 0))
    grades = tuple(
        Grade(
            id=name,
            title_vi=f"Loại {name}",
            title_en=name,
            lowest=Decimal(lowest),
            below=None if below is None else Decimal(below),
            floors=(GradeFloor(criterion="novelty", least=Decimal(least)),),
            basis=basis(f"grades.{name}"),
        )
        for name, lowest, below, least in ranges
    )
    case = await opened(service, grades=grades)
    await case.mark_all()
    decision = (await case.decide()).json()
    stage = (await case.read(case.chair)).json()
    assert (decision["grade"], stage["grade"], (await case.events())[-1]["detail"]["grade"]) == (
        grade,
        grade,
        grade,
    )
    called = (f"Loại {grade}", grade) if grade else (None, None)
    assert (decision["grade_vi"], decision["grade_en"]) == called
    assert stage["rules"]["grades"][0]["rule"] == "grades.A"


async def test_a_refused_dossier_has_no_grade(service: TestService) -> None:
    grade = Grade(
        id="C", title_vi="C", title_en="C", lowest=Decimal(50), below=None, floors=(), basis=basis("grades.C")
    )
    case = await opened(service, grades=(grade,))
    await case.mark_all()
    assert (await case.decide(outcome="REFUSED", ground="NOT_NOVEL", reasons="Trùng giải pháp")).json()[
        "grade"
    ] is None


@pytest.mark.parametrize("action", DeviationAction)
async def test_totals_far_apart_are_flagged_in_the_history_or_must_be_explained(
    service: TestService, action: DeviationAction
) -> None:
    case = await opened(
        service, deviation=DeviationRule(most=Decimal(9), action=action, basis=basis("deviation"))
    )
    await case.mark_all(case.members[1:])
    await case.mark_all([case.chair], {**GOOD, "novelty": "25"})
    if action is DeviationAction.EXPLAIN:
        refused = await case.decide()
        assert (refused.status_code, refused.json()["code"], refused.json()["facts"]["spread"]) == (
            422,
            "DeviationUnexplained",
            "10.0",
        )
    decided = await case.decide(reasons="Hội đồng đã thảo luận về chênh lệch")
    assert (decided.status_code, Decimal(decided.json()["score_deviation"])) == (200, 10)
    told = (await case.events())[-1]["detail"]["deviation"]
    assert (Decimal(told["spread"]), told["exceeded"], told["rule"]) == (10, True, "deviation")
    assert (await case.read(case.chair)).json()["deviation_exceeded"] is True


async def test_a_secret_ballot_is_counted_and_nowhere_says_whose_vote_it_was(service: TestService) -> None:
    case = await opened(service, voting=SECRET)
    draft = await case.mark(case.chair, vote="REJECT", submit=False)
    assert (draft.status_code, draft.json()["vote"]) == (200, None)
    assert (await case.mark(case.chair, vote="REJECT")).json()["vote"] is None
    assert (await case.read(case.chair)).json()["votes"] is None
    await case.mark_all(case.members[1:])
    assert (await case.decide()).status_code == 200
    stage = (await case.read(case.chair)).json()
    assert stage["votes"] == {"APPROVE": 4, "REJECT": 1, "OTHER": 0}
    assert stage["rules"]["voting_method"] == "SECRET_BALLOT"
    assert {sheet["vote"] for sheet in stage["sheets"]} == {None}
    kept = await service.database.pool.fetch("select vote from score_sheets where stage_id = $1", case.stage)
    assert {row["vote"] for row in kept} == {None}
    figures = (await case.events())[-1]["detail"]
    assert figures["voting"] == "SECRET_BALLOT"
    assert {line["vote"]: line["count"] for line in figures["votes"]} == {
        "APPROVE": 4,
        "REJECT": 1,
        "OTHER": 0,
    }


async def test_who_reads_the_tables_cannot_try_out_what_a_member_voted(service: TestService) -> None:
    case = await opened(service, voting=SECRET)
    sheet = await case.own_sheet(case.chair)
    key, path = uuid4().hex, f"/v1/score-sheets/{sheet['id']}"
    headers = {**service.headers(case.chair, key=key), "If-Match": '"v1"', "Content-Type": "application/json"}
    bodies = [orjson.dumps({"scores": GOOD, "vote": vote, "submit": True}) for vote in Vote]
    assert (await service.http.put(path, content=bodies[0], headers=headers)).status_code == 200
    [kept] = await service.database.pool.fetch(
        "select * from idempotency_keys where caller_id = $1", case.chair
    )
    tried = [sha256(f'PUT {path}? "v1" \n'.encode() + body).hexdigest() for body in bodies]
    assert kept["request_hash"] not in {
        *tried,
        *(sha256(f"{kept['key']} {hash_}".encode()).hexdigest() for hash_ in tried),
    }
    assert key not in str(dict(kept))
    again = await service.http.put(path, content=bodies[0], headers=headers)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (200, "true")
    other = await service.http.put(path, content=bodies[1], headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "IdempotencyKeyReused")


async def test_no_ballot_row_bears_the_transaction_of_those_who_voted_so(service: TestService) -> None:
    case = await opened(service, voting=SECRET)
    for person, vote in zip(case.members, ("APPROVE", "REJECT", "APPROVE"), strict=False):
        assert (await case.mark(person, vote=vote)).status_code == 200
        written = await service.database.pool.fetch(
            "select vote, cast_count, xmin::text from ballots where stage_id = $1", case.stage
        )
        assert (len(written), len({row["xmin"] for row in written})) == (3, 1)
    assert {row["vote"]: row["cast_count"] for row in written} == {"APPROVE": 2, "REJECT": 1, "OTHER": 0}


async def test_a_decider_who_tries_after_each_sheet_does_not_learn_secret_votes(service: TestService) -> None:
    case = await opened(service, voting=SECRET)
    told = []
    for person in case.members:
        assert (
            await case.mark(person, vote="REJECT" if person in case.members[2:] else "APPROVE")
        ).status_code == 200
        refused = (await case.decide()).json()
        told.append((refused["code"], refused["facts"].get("approvals")))
    assert told == [("QuorumNotReached", None)] * 3 + [("PassRuleNotMet", "–"), ("PassRuleNotMet", "2")]


async def test_a_secret_ballot_still_needs_a_vote_and_its_share(service: TestService) -> None:
    case = await opened(service, voting=SECRET)
    assert (await case.mark(case.chair, vote=None)).json()["code"] == "SheetIncomplete"
    for person in case.members:
        assert (
            await case.mark(person, vote="REJECT" if person in case.members[:2] else "APPROVE")
        ).status_code == 200
    refused = await case.decide()
    assert (refused.json()["code"], refused.json()["facts"]["approvals"]) == ("PassRuleNotMet", "3")


async def test_approvals_may_count_only_those_present(service: TestService) -> None:
    share = Share(numerator=2, denominator=3, counted_over=CountedOver.PRESENT, basis=basis("approval"))
    case = await opened(service, approval=share)
    for person in case.members[:4]:
        assert (
            await case.mark(person, vote="REJECT" if person == case.chair else "APPROVE", remark="Không rõ")
        ).status_code == 200
    assert (await case.decide()).status_code == 200
    assert (await case.events())[-1]["detail"]["approvals_needed"] == 3


async def test_a_unit_proposes_no_more_dossiers_of_a_season_than_its_quota(service: TestService) -> None:
    quota = PromotionQuota(most=2, basis=basis("promotion_quota"))
    first = await opened(service, promotion_quota=quota)
    cases = [first, *[await another(first, promotion_quota=quota) for _ in range(4)]]
    for case in cases:
        await case.mark_all()
    answers = await asyncio.gather(*(case.decide(propose=True) for case in cases))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409, 409]
    refused = next(case for case, answer in zip(cases, answers, strict=True) if answer.status_code == 409)
    told = (await refused.decide(propose=True)).json()
    assert (told["code"], told["facts"]) == ("PromotionQuotaUsedUp", {"most": "2", "rule": "promotion_quota"})
    assert (await refused.decide()).status_code == 200
    other_season = first.another(promotion_quota=quota)
    other_season.season = uuid4()
    await other_season.open()
    await other_season.mark_all()
    assert (await other_season.decide(propose=True)).status_code == 200


async def test_proposals_before_the_quota_came_count_too(service: TestService) -> None:
    first = await opened(service)
    quota = PromotionQuota(most=1, basis=basis("promotion_quota"))
    for case, status in ((first, 200), (await another(first, promotion_quota=quota), 409)):
        await case.mark_all()
        assert (await case.decide(propose=True)).status_code == status
