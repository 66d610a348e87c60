"""Opening a stage, marking, and who may see what, over HTTP."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from services.review.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.review_cases import GOOD, Case, holder


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as review:
        yield review


@pytest.fixture
async def case(service: TestService) -> Case:
    opened = Case(service)
    await opened.open()
    return opened


async def test_opening_gives_everybody_their_work_and_a_repeat_changes_nothing(case: Case) -> None:
    before = await case.tasks()
    assert (await case.open()).decision is None
    assert await case.tasks() == before
    assert sorted(before) == sorted(
        [("DECIDE", case.chair, "WAITING"), *(("MARK", person, "OPEN") for person in case.members)]
    )
    assert [event["kind"] for event in await case.events()] == ["StageOpened"]


async def test_an_author_among_the_holders_gets_no_seat_and_a_substitute_sits_instead(
    service: TestService,
) -> None:
    case = Case(service)
    case.holders[2] = holder(PostKind.COUNCIL_MEMBER, case.author)
    await case.open()
    persons = {assignee for _, assignee, _ in await case.tasks()}
    assert case.author not in persons
    assert case.substitutes[0].person_id in persons


async def test_without_a_chair_the_superior_decides(service: TestService) -> None:
    case = Case(service)
    case.holders[0] = holder(PostKind.COUNCIL_CHAIR, case.author)
    await case.open()
    assert ("DECIDE", case.superiors[0].person_id, "WAITING") in await case.tasks()


async def test_with_nobody_seated_the_superior_can_only_refuse_as_not_examined(service: TestService) -> None:
    case = Case(service)
    case.holders.clear()
    case.substitutes.clear()
    await case.open()
    superior = case.superiors[0].person_id
    assert await case.tasks() == [("DECIDE", superior, "OPEN")]
    assert (await case.decide(superior)).json()["code"] == "PassRuleNotMet"
    refused = await case.decide(superior, "REFUSED", ground="NOT_EXAMINED", reasons="Hội đồng không có người")
    assert refused.status_code == 200


async def test_the_last_sheet_opens_the_decision(case: Case) -> None:
    await case.mark_all(case.members[:-1])
    assert ("DECIDE", case.chair, "WAITING") in await case.tasks()
    await case.mark_all(case.members[-1:])
    tasks = await case.tasks()
    assert ("DECIDE", case.chair, "OPEN") in tasks
    assert all(state == "DONE" for kind, _, state in tasks if kind == "MARK")


async def test_a_draft_is_kept_and_edited_by_version(case: Case) -> None:
    person = case.members[2]
    saved = await case.mark(person, {"novelty": "12.5"}, vote=None, submit=False)
    assert saved.json()["scores"] == {"novelty": "12.5"}
    assert saved.headers["etag"] == '"v2"'
    stale = await case.put({**saved.json(), "version": 1}, person, scores={})
    assert (stale.status_code, stale.json()["code"]) == (412, "EditConflict")
    headers = case.service.headers(person)
    missing = await case.service.http.put(
        f"/v1/score-sheets/{saved.json()['id']}", json={"scores": {}}, headers=headers
    )
    assert (missing.status_code, missing.json()["code"]) == (428, "IfMatchMissing")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"scores": {**GOOD, "novelty": "40.5"}, "vote": "APPROVE", "submit": True}, "MarkOutOfRange"),
        ({"scores": {**GOOD, "novelty": -1}, "vote": "APPROVE", "submit": True}, "MarkOutOfRange"),
        ({"scores": {**GOOD, "novelty": 12.3}}, "MarkOutOfRange"),
        ({"scores": {**GOOD, "beauty": 1}}, "CriterionUnknown"),
        ({"scores": {"novelty": 1}, "vote": "APPROVE", "submit": True}, "SheetIncomplete"),
        ({"scores": GOOD, "submit": True}, "SheetIncomplete"),
        ({"scores": GOOD, "vote": "REJECT", "submit": True}, "RemarkRequired"),
        ({"scores": GOOD, "vote": "OTHER", "submit": True}, "RemarkRequired"),
        ({"scores": {"novelty": "NaN"}}, "RequestInvalid"),
        ({"scores": {"novelty": "1e400"}}, "RequestInvalid"),
        ({"scores": {"a b": 1}}, "RequestInvalid"),
        ({"scores": GOOD, "total": 100}, "FieldUnknown"),
        ({"scores": GOOD, "vote": "MAYBE"}, "RequestInvalid"),
        ({"scores": GOOD, "remark": "a\x00b"}, "RequestInvalid"),
    ],
)
async def test_a_sheet_that_cannot_be_is_refused_with_its_code(
    case: Case, body: dict[str, Any], code: str
) -> None:
    person = case.members[1]
    response = await case.put(await case.own_sheet(person), person, **body)
    assert (response.status_code, response.json()["code"]) == (400 if code == "FieldUnknown" else 422, code)


async def test_a_submitted_sheet_is_final(case: Case) -> None:
    person = case.members[1]
    await case.mark_all([person])
    again = await case.mark(person)
    assert (again.status_code, again.json()["code"]) == (409, "SheetAlreadySubmitted")


async def test_nobody_writes_anothers_sheet_and_an_author_none_of_the_own_dossier(case: Case) -> None:
    sheet = await case.own_sheet(case.members[1])
    for person, code in (
        (case.members[2], "NotYourTask"),
        (uuid4(), "NotYourTask"),
        (case.author, "OwnDossier"),
    ):
        response = await case.put(sheet, person, scores=GOOD)
        assert (response.status_code, response.json()["code"]) == (403, code)


async def test_an_unknown_sheet_or_stage_is_not_found(case: Case) -> None:
    unknown = await case.put({"id": uuid4(), "version": 1}, case.chair, scores=GOOD)
    assert unknown.status_code == 404
    assert (
        await case.service.http.get(f"/v1/stages/{uuid4()}", headers=case.service.headers(case.chair))
    ).status_code == 404


async def test_marks_are_hidden_from_others_while_sheets_are_owed_and_from_authors_for_ever(
    case: Case,
) -> None:
    await case.mark_all(case.members[:4])
    auditor = held(PostKind.AUDITOR, case.root)
    watcher = uuid4()
    own = await case.own_sheet(case.members[1])
    path = f"/v1/score-sheets/{own['id']}"

    async def sees(person: UUID, *posts: Any) -> tuple[int, int, int]:
        stage = await case.read(person, *posts)
        sheet = await case.service.http.get(path, headers=case.service.headers(person, *posts))
        return stage.status_code, len(stage.json().get("sheets", [])), sheet.status_code

    assert await sees(case.members[1]) == (200, 1, 200)
    assert await sees(case.members[2]) == (200, 1, 404)
    assert await sees(watcher, auditor) == (200, 0, 404)
    assert await sees(case.author, auditor) == (404, 0, 404)
    open_stage = (await case.read(case.chair)).json()
    assert (open_stage["average_score"], open_stage["criterion_averages"], open_stage["sheets_in"]) == (
        None,
        None,
        4,
    )
    await case.mark_all(case.members[4:])
    assert await sees(watcher, auditor) == (200, 0, 404)
    assert await sees(case.author, auditor) == (404, 0, 404)
    assert (await case.decide()).status_code == 200
    assert await sees(case.members[2]) == (200, 5, 200)
    assert await sees(watcher, auditor) == (200, 5, 200)
    assert await sees(case.author, auditor) == (200, 0, 404)


@pytest.mark.parametrize(
    ("kind", "where", "status"),
    [
        (PostKind.UNIT_HEAD, "unit", 200),
        (PostKind.AUDITOR, "root", 200),
        (PostKind.STAFF, "unit", 404),
        (PostKind.UNIT_HEAD, "elsewhere", 404),
    ],
)
async def test_who_reads_a_stage_and_its_history(case: Case, kind: PostKind, where: str, status: int) -> None:
    paths = {"unit": (case.root, case.unit), "root": (case.root,), "elsewhere": (case.root, uuid4())}
    headers = case.service.headers(uuid4(), held(kind, *paths[where]))
    for path in (f"/v1/stages/{case.stage}", f"/v1/dossiers/{case.dossier}/history"):
        assert (await case.service.http.get(path, headers=headers)).status_code == status
    listed = await case.service.http.get(f"/v1/stages?dossier_id={case.dossier}", headers=headers)
    assert len(listed.json()["items"]) == (1 if status == 200 else 0)


async def test_the_history_tells_the_author_who_has_marked_but_not_how(case: Case) -> None:
    await case.mark_all(case.members[:1])
    response = await case.service.http.get(
        f"/v1/dossiers/{case.dossier}/history", headers=case.service.headers(case.author)
    )
    events = response.json()["items"]
    assert [event["kind"] for event in events] == ["StageOpened", "ScoreSheetSubmitted"]
    assert events[1]["actor_id"] == str(case.chair)
    assert not {"scores", "total", "vote", "remark"} & set(events[1]["detail"])
    assert {event["rule_version"] for event in events} == {"three-tier@1"}


async def test_the_inbox_lists_my_marking_and_a_watcher_sees_the_units(case: Case) -> None:
    mine = await case.service.http.get("/v1/tasks?kind=MARK", headers=case.service.headers(case.chair))
    assert [task["about_id"] for task in mine.json()["items"]] == [str(case.stage)]
    head = case.service.headers(uuid4(), held(PostKind.UNIT_HEAD, case.root, case.unit))
    counts = await case.service.http.get("/v1/tasks/counts?scope=unit&state=OPEN&state=WAITING", headers=head)
    assert {(count["kind"], count["state"]): count["count"] for count in counts.json()["items"]} == {
        ("MARK", "OPEN"): 5,
        ("DECIDE", "WAITING"): 1,
    }


async def test_a_stage_shows_its_rules_by_name(case: Case) -> None:
    rules = (await case.read(case.chair)).json()["rules"]
    assert (rules["quorum"], rules["quorum_rule"], rules["pass_rule"]) == ("2/3", "quorum", "pass")
    assert [line["rule"] for line in rules["criteria"]] == ["novelty", "applicability", "benefit"]
