"""What becomes of a decision after it was made: the office's number, corrections, a cancelled recognition, a
refusal examined again. Nothing is edited; each act names the first decision."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.deadline.arithmetic import local_day
from language.ids import StageId
from language.messages.review import OpenStage
from language.names import TaskQueue
from language.posts.kinds import PostKind
from services.review.app import SERVICE
from tests.conftest import HeldPost, MovableClock, ServiceOpener, TestService, held
from tests.review_cases import Case

REFUSED = {"outcome": "REFUSED", "ground": "NOT_NOVEL", "reasons": "Trùng giải pháp đã có"}
WHY = {"reason": "Kê khai không đúng sự thật"}


@pytest.fixture
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE, clock=MovableClock()) as review:
        yield review


async def decided(service: TestService, **verdict: Any) -> Case:
    case = Case(service)
    await case.open()
    await case.mark_all()
    assert (await case.decide(**verdict)).status_code == 200
    return case


def head(case: Case) -> HeldPost:
    return held(PostKind.UNIT_HEAD, case.root, case.unit)


def paper(case: Case, number: str = "15/QĐ-THCS", day: date | None = None) -> dict[str, str]:
    today = local_day(case.service.shared.clock.now())
    return {"number": number, "issued_on": (day or today).isoformat(), "signer": "Lý Thị Mẫu"}


async def act(
    case: Case, what: str, body: dict[str, Any], *posts: HeldPost, person: UUID | None = None, query: str = ""
) -> httpx.Response:
    headers = case.service.headers(person or uuid4(), *(posts or (head(case),)))
    path = f"/v1/stages/{case.stage}/{what}{query}"
    return await case.service.http.post(path, json=body, headers=headers)


async def close(case: Case) -> None:
    """As intake has written down the end."""
    intake = await case.service.shared.database(TaskQueue.INTAKE)
    await intake.pool.execute(
        "update dossiers set state = $2, closed_at = now() where id = $1", case.dossier, "REFUSED"
    )


async def decision(case: Case) -> dict[str, Any]:
    headers = case.service.headers(uuid4(), head(case))
    found = (await case.service.http.get("/v1/decisions", headers=headers)).json()["items"]
    return dict(next(one for one in found if one["stage_id"] == str(case.stage)))


async def test_a_decision_carries_the_number_date_and_signer_of_the_office(service: TestService) -> None:
    case = await decided(service)
    clerk = held(PostKind.INTAKE_OFFICER, case.root, case.unit)
    assert (await decision(case))["paper"] is None
    for wrong in (paper(case, day=date(2020, 1, 1)), paper(case, day=date(2999, 1, 1))):
        refused = await act(case, "paper", wrong, clerk)
        assert (refused.status_code, refused.json()["code"]) == (422, "PaperDateImpossible")
    entered = await act(case, "paper", paper(case), clerk)
    assert (entered.status_code, entered.json()["decision_number"]) == (200, None)
    shown = await decision(case)
    assert (shown["paper"], shown["decision_number"]) == (paper(case), entered.json()["first_number"])
    again = await act(case, "paper", paper(case, "16"), clerk)
    assert (again.status_code, again.json()["code"]) == (409, "PaperEntered")
    assert (await case.events())[-1]["kind"] == "DecisionPaperEntered"


async def test_a_typing_error_is_mended_by_a_second_decision_that_names_the_first(
    service: TestService,
) -> None:
    case = await decided(service, **REFUSED)
    first = await decision(case)
    refused = await act(case, "correction", WHY)
    assert (refused.status_code, refused.json()["code"]) == (422, "NothingToCorrect")
    body = {"reason": "Gõ sai tên giải pháp", "reasons": "Trùng giải pháp năm 2024", "paper": paper(case)}
    corrected = await act(case, "correction", body)
    assert corrected.status_code == 200, corrected.text
    second = corrected.json()
    assert (second["first_number"], second["decision_number"].split("/")[0]) == (
        first["decision_number"],
        "2",
    )
    shown = await decision(case)
    assert (shown["reasons"], shown["paper"]) == (body["reasons"], paper(case))
    assert {name: shown[name] for name in ("outcome", "decision_number", "ground", "annulled_by")} == {
        name: first[name] for name in ("outcome", "decision_number", "ground", "annulled_by")
    }
    kept = await service.database.pool.fetchval("select reasons from stages where id = $1", case.stage)
    assert kept == first["reasons"]
    event = (await case.events())[-1]
    assert (event["kind"], event["detail"]["reasons"]["old"]) == ("DecisionCorrected", first["reasons"])
    headers = case.service.headers(uuid4(), head(case))
    listed = await service.http.get(f"/v1/stages/{case.stage}/acts", headers=headers)
    assert [one["id"] for one in listed.json()["items"]] == [second["id"]]


async def test_a_cancelled_recognition_no_longer_stands_and_those_concerned_are_told(
    service: TestService,
) -> None:
    case = await decided(service, propose=True)
    tried = await act(case, "cancellation", WHY, query="?dry_run=true")
    assert (tried.status_code, (await decision(case))["annulled_by"]) == (200, None)
    cancelled = await act(case, "cancellation", WHY)
    assert cancelled.status_code == 200, cancelled.text
    shown = await decision(case)
    assert (shown["annulled_by"], shown["outcome"]) == ("CANCELLATION", "RECOGNISED")
    told = await service.database.pool.fetch(
        "select person_id, detail, reference from notices where subject_id = $1 "
        "and kind = 'DECISION_ACTED_ON'",
        case.dossier,
    )
    assert case.author in {row["person_id"] for row in told}
    assert {(row["detail"], row["reference"]) for row in told} == {
        ("CANCELLATION", cancelled.json()["decision_number"])
    }
    published = await service.database.pool.fetchrow("select * from annulments_v1")
    assert (published["kind"], published["dossier_id"], published["reason"]) == (
        "CANCELLATION",
        case.dossier,
        WHY["reason"],
    )
    for what, body in (("cancellation", WHY), ("correction", {**WHY, "reasons": "x"})):
        again = await act(case, what, body)
        assert (again.status_code, again.json()["code"]) == (409, "DecisionNoLongerStands")


async def test_what_was_cancelled_sends_nothing_up(service: TestService) -> None:
    below = await decided(service, propose=True)
    await act(below, "cancellation", WHY)
    command = OpenStage(
        stage_id=StageId(uuid4()),
        dossier_id=below.opening().dossier_id,
        level="UNIT",
        plan_hash=below.opening().plan_hash,
        after=StageId(below.stage),
    )
    opened = await service.activities["open_stage"](command)
    assert opened.clock is None
    assert (opened.decision.stage_id, opened.decision.proposed) == (below.stage, False)


async def test_a_refusal_is_examined_again_in_a_new_stage(service: TestService) -> None:
    case = await decided(service, **REFUSED)
    early = await act(case, "reopening", {"reason": "Khiếu nại có căn cứ"})
    assert (early.status_code, early.json()["code"]) == (409, "JourneyNotOver")
    await close(case)
    reopened = await act(case, "reopening", {"reason": "Khiếu nại có căn cứ"})
    assert reopened.status_code == 200, reopened.text
    anew = StageId(UUID(reopened.json()["new_stage_id"]))
    assert (await decision(case))["annulled_by"] == "REOPENING"
    command = OpenStage(
        stage_id=anew,
        dossier_id=case.opening().dossier_id,
        level=case.opening().level,
        plan_hash=case.opening().plan_hash,
    )
    assert (await service.activities["open_stage"](command)).clock is not None
    first, case.anew = case.stage, anew
    await case.mark_all()
    assert (await case.decide()).status_code == 200
    headers = case.service.headers(uuid4(), head(case))
    stages = (await service.http.get(f"/v1/stages?dossier_id={case.dossier}", headers=headers)).json()[
        "items"
    ]
    assert [(one["id"], one["outcome"], one["annulled_by"]) for one in stages] == [
        (str(first), "REFUSED", "REOPENING"),
        (str(anew), "RECOGNISED", None),
    ]


async def test_who_stayed_out_stays_out_when_it_is_examined_again(service: TestService) -> None:
    case = Case(service)
    await case.open()
    member, substitute = case.members[2], case.substitutes[0].person_id
    out = await service.http.post(
        f"/v1/stages/{case.stage}/recusal", json={"reason": "Người nhà"}, headers=service.headers(member)
    )
    assert out.status_code == 200, out.text
    await case.mark_all([*case.members[:2], *case.members[3:], substitute])
    assert (await case.decide(**REFUSED)).status_code == 200
    await close(case)
    reopened = await act(case, "reopening", {"reason": "Khiếu nại có căn cứ"})
    case.anew = StageId(UUID(reopened.json()["new_stage_id"]))
    command = OpenStage(
        stage_id=case.anew,
        dossier_id=case.opening().dossier_id,
        level=case.opening().level,
        plan_hash=case.opening().plan_hash,
    )
    assert (await service.activities["open_stage"](command)).clock is not None
    assert (await service.activities["open_stage"](command)).clock is not None
    query = "select person_id from {} where stage_id = $1"
    pool = service.database.pool
    seated = {row["person_id"] for row in await pool.fetch(query.format("seats"), case.anew)}
    assert (member in seated, substitute in seated) == (False, True)
    kept = await pool.fetch(query.format("recusals"), case.anew)
    assert [row["person_id"] for row in kept] == [member]


async def test_what_has_gone_on_is_not_examined_again_below(service: TestService) -> None:
    case = await decided(service, **REFUSED)
    await service.database.pool.execute(
        "insert into stages (id, dossier_id, dossier_code, level, unit_id, unit_path, plan, plan_hash, "
        "rule_version, last_level, opened_at, due_at, season_id) "
        "select $2, dossier_id, dossier_code, 'LATER', "
        "unit_id, unit_path, plan, plan_hash, rule_version, true, opened_at + interval '1 day', due_at, "
        "season_id from stages where id = $1",
        case.stage,
        uuid4(),
    )
    refused = await act(case, "reopening", WHY)
    assert (refused.status_code, refused.json()["code"]) == (409, "LevelAboveDecided")


@pytest.mark.parametrize(
    ("verdict", "what"), [({}, "reopening"), (REFUSED, "cancellation")], ids=["recognised", "refused"]
)
async def test_only_a_recognition_is_cancelled_and_only_a_refusal_reopened(
    service: TestService, verdict: dict[str, Any], what: str
) -> None:
    case = await decided(service, **verdict)
    refused = await act(case, what, WHY)
    assert (refused.status_code, refused.json()["code"]) == (409, "ActDoesNotFit")


async def test_who_stayed_out_of_the_dossier_does_nothing_about_its_decision(service: TestService) -> None:
    case = Case(service)
    await case.open()
    member = case.members[2]
    headers = service.headers(member)
    out = await service.http.post(
        f"/v1/stages/{case.stage}/recusal", json={"reason": "Người nhà"}, headers=headers
    )
    assert out.status_code == 200, out.text
    await case.mark_all([*case.members[:2], *case.members[3:], case.substitutes[0].person_id])
    assert (await case.decide()).status_code == 200
    for what, body in (("cancellation", WHY), ("paper", paper(case))):
        refused = await act(case, what, body, person=member)
        assert (refused.status_code, refused.json()["code"]) == (403, "RecusedFromDossier")
    assert (await act(case, "cancellation", WHY)).status_code == 200


async def test_who_may_act_on_a_decision_and_until_when(service: TestService) -> None:
    case = Case(service)
    await case.open()
    early = await act(case, "correction", {**WHY, "reasons": "x"})
    assert (early.status_code, early.json()["code"]) == (409, "NotDecidedYet")
    await case.mark_all()
    await case.decide()
    above = held(PostKind.UNIT_HEAD, case.root)
    elsewhere = held(PostKind.UNIT_HEAD, case.root, uuid4())
    auditor = held(PostKind.AUDITOR, case.root, case.unit)
    for post, status in ((elsewhere, 404), (auditor, 403)):
        assert (await act(case, "cancellation", WHY, post)).status_code == status
    own = await act(case, "cancellation", WHY, head(case), person=case.author)
    assert (own.status_code, own.json()["code"]) == (403, "OwnDossier")
    clock = service.shared.clock
    assert isinstance(clock, MovableClock)
    clock.offset += timedelta(days=400)
    late = await act(case, "correction", {**WHY, "reasons": "x"})
    assert (late.status_code, late.json()["code"], late.json()["facts"]["rule"]) == (
        409,
        "ActTooLate",
        "acts.CORRECTION",
    )
    assert (await act(case, "cancellation", WHY, above)).status_code == 200
