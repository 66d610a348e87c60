"""The formal check over HTTP and through the journey's activities: the officer's side of intake."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from language.deadline.arithmetic import add_months
from language.ids import DossierId
from language.messages.intake import CheckState, CloseDossier
from language.messages.journey import JourneyOutcome, LevelResult, StageOutcome
from language.messages.rung import RungFinding
from language.names import Signal
from language.plan.review_plan import RungAction
from language.refusals import NotFound
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService
from tests.intake_cases import RULES, Case, content, today

CLOCK = MovableClock()
NOTICE = {"defects": ["Thiếu minh chứng", "Thiếu chữ ký"]}
REJECTION = {"ground": "INCOMPLETE", "reason": "Không mô tả giải pháp"}
ACTS: list[tuple[str, Any]] = [("acceptance", None), ("rejection", REJECTION), ("supplement-notice", NOTICE)]


@pytest.fixture(scope="module")
async def service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    async with open_service(SERVICE, clock=CLOCK, blob_dir=blobs) as intake:
        yield intake


@pytest.fixture
def case(service: TestService) -> Case:
    CLOCK.offset = timedelta()
    return Case(service, CLOCK)


def closing(
    case: Case, outcome: JourneyOutcome, *levels: LevelResult, too_late: bool = False
) -> CloseDossier:
    return CloseDossier(
        dossier_id=DossierId(case.id), outcome=outcome, levels=levels, withdrawal_too_late=too_late
    )


async def last_word(case: Case) -> dict[str, Any]:
    word: dict[str, Any] = (await case.words())[-1]["payload"]
    return word


async def test_opening_gives_the_officer_a_task_and_says_where_the_check_stands(case: Case) -> None:
    await case.file()
    moved = await case.open_check()
    assert (moved.state, moved.revision, len(moved.authors)) == (CheckState.OPEN, 0, 2)
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "OPEN")]
    dossier = (await case.read()).json()
    assert (dossier["rule_version"], bool(dossier["check_due_at"])) == (RULES, True)
    inbox = (await case.send("GET", "/tasks", case.officer)).json()["items"]
    assert [(task["kind"], task["subject_code"]) for task in inbox] == [("FORMAL_CHECK", dossier["code"])]


async def test_opening_twice_changes_nothing(case: Case) -> None:
    await case.file()
    first, second = await case.open_check(), await case.open_check(officers=(uuid4(),))
    assert (first.state, first.revision, first.authors) == (second.state, second.revision, second.authors)
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "OPEN")]
    assert (await case.kinds()).count("FormalCheckOpened") == 1


async def test_opening_what_is_not_there_is_refused(case: Case) -> None:
    with pytest.raises(NotFound):
        await case.open_check()


async def test_the_officer_with_the_least_to_do_gets_the_check(case: Case) -> None:
    await case.in_check()
    other, free = Case(case.service, CLOCK), uuid4()
    await other.file()
    await other.open_check(officers=(case.officer, free))
    assert await other.tasks() == [("FORMAL_CHECK", free, "OPEN")]


async def test_without_an_officer_the_head_above_gets_the_check(case: Case) -> None:
    await case.file()
    await case.open_check(officers=())
    assert await case.tasks() == [("FORMAL_CHECK", case.head, "OPEN")]


async def test_without_anybody_the_check_stays_open_until_a_rung_finds_somebody(case: Case) -> None:
    await case.file()
    moved = await case.open_check(officers=(), superiors=())
    assert (moved.state, await case.tasks()) == (CheckState.OPEN, [])
    climbed = await case.climb(RungAction.HAND_UP, superiors=(case.head,))
    assert (climbed.finding, await case.tasks()) == (RungFinding.FIRED, [("FORMAL_CHECK", case.head, "OPEN")])


@pytest.mark.parametrize("action", list(RungAction))
async def test_a_check_that_nobody_has_is_given_to_whoever_is_there_when_a_rung_fires(
    case: Case, action: RungAction
) -> None:
    await case.file()
    await case.open_check(officers=(), superiors=())
    assert (await case.climb(action, case.author, rung_id="nobody-yet")).finding is RungFinding.NOTHING_TO_DO
    climbed = await case.climb(action, case.author, case.officer, superiors=(case.head,))
    assert (climbed.finding, await case.tasks()) == (
        RungFinding.FIRED,
        [("FORMAL_CHECK", case.officer, "OPEN")],
    )


async def test_with_no_head_to_tell_there_is_nothing_to_do(case: Case) -> None:
    await case.in_check()
    assert (
        await case.climb(RungAction.TELL_SUPERIOR, superiors=(case.author,))
    ).finding is RungFinding.NOTHING_TO_DO


async def test_a_rung_that_meets_a_suspended_check_fires_when_the_check_goes_on(case: Case) -> None:
    await case.awaiting_supplement()
    for _ in range(2):
        climbed = await case.climb(RungAction.HAND_UP, superiors=(case.head,))
        assert (climbed.finding, climbed.check.state) == (
            RungFinding.NOT_YET,
            CheckState.SUPPLEMENT_REQUESTED,
        )
    assert "RungFired" not in await case.kinds()
    await case.act("supplement", case.author)
    assert (await case.climb(RungAction.HAND_UP, superiors=(case.head,))).finding is RungFinding.FIRED


async def test_acceptance_ends_the_check_and_tells_the_workflow(case: Case) -> None:
    await case.in_check()
    response = await case.act("acceptance", case.officer)
    assert (response.status_code, response.json()["state"]) == (200, "ACCEPTED")
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "DONE")]
    word, event = await last_word(case), (await case.events())[-1]
    assert (word["state"], word["revision"], word["event_id"]) == ("ACCEPTED", 1, str(event["event_id"]))
    assert (event["kind"], event["actor_id"], event["rule_version"]) == (
        "RequestAccepted",
        case.officer,
        RULES,
    )


async def test_a_rejection_keeps_ground_and_reason(case: Case) -> None:
    await case.in_check()
    response = await case.act("rejection", case.officer, REJECTION)
    assert (response.status_code, response.json()["state"]) == (200, "REQUEST_REJECTED")
    history = (await case.send("GET", f"/dossiers/{case.id}/history", case.author)).json()["items"]
    assert (history[-1]["kind"], history[-1]["detail"]) == (
        "RequestRejected",
        {**REJECTION, "due_at": None},
    )
    assert (await last_word(case))["state"] == "REJECTED"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ground": "INCOMPLETE"},
        {"ground": "INCOMPLETE", "reason": ""},
        {"ground": "OTHER", "reason": "Vì thế"},
        {"reason": "Vì thế"},
    ],
)
async def test_a_rejection_needs_a_known_ground_and_a_reason(case: Case, body: dict[str, str]) -> None:
    await case.in_check()
    response = await case.act("rejection", case.officer, body)
    assert (response.status_code, response.json()["code"], await case.state()) == (
        422,
        "RequestInvalid",
        "FILED",
    )


@pytest.mark.parametrize(
    "body", [{}, {"defects": []}, {"defects": [""]}, {"defects": "Thiếu"}, {"defects": ["x"] * 51}]
)
async def test_a_notice_names_defects(case: Case, body: dict[str, Any]) -> None:
    await case.in_check()
    response = await case.act("supplement-notice", case.officer, body)
    assert (response.status_code, response.json()["code"]) == (422, "RequestInvalid")


@pytest.mark.parametrize(("act", "body"), ACTS)
async def test_only_who_has_the_task_judges(case: Case, act: str, body: Any) -> None:
    await case.in_check()
    for person in (case.head, case.chair):
        response = await case.act(act, person, body)
        assert (response.status_code, response.json()["code"]) == (403, "NotYourTask")
    assert (await case.act(act, case.stranger, body)).status_code == 404
    assert await case.state() == "FILED"


@pytest.mark.parametrize(("act", "body"), ACTS)
async def test_nobody_judges_the_own_dossier_even_with_the_task(case: Case, act: str, body: Any) -> None:
    case.officer = case.co_author
    await case.in_check()
    response = await case.act(act, case.officer, body)
    assert (response.status_code, response.json()["code"]) == (403, "OwnDossier")


async def test_an_author_is_never_given_the_check(case: Case) -> None:
    await case.file()
    await case.open_check(officers=(case.co_author, case.officer))
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "OPEN")]


async def test_a_head_who_is_an_author_is_passed_over(case: Case) -> None:
    await case.file()
    await case.open_check(officers=(case.author,), superiors=(case.co_author, case.head))
    assert await case.tasks() == [("FORMAL_CHECK", case.head, "OPEN")]
    climbed = await case.climb(RungAction.HAND_UP, superiors=(case.author, case.chair))
    assert (climbed.finding, (await case.tasks())[-1]) == (
        RungFinding.FIRED,
        ("FORMAL_CHECK", case.chair, "OPEN"),
    )


@pytest.mark.parametrize(("act", "body"), ACTS)
async def test_a_check_that_is_over_is_not_judged_again(case: Case, act: str, body: Any) -> None:
    await case.accepted()
    response = await case.act(act, case.officer, body)
    assert (response.status_code, response.json()["code"], response.json()["facts"]["state"]) == (
        409,
        "WrongState",
        "ACCEPTED",
    )


async def test_of_two_judgements_at_once_one_stands(case: Case) -> None:
    await case.in_check()
    answers = await asyncio.gather(
        case.act("acceptance", case.officer), case.act("rejection", case.officer, REJECTION)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len([word for word in await case.words() if word["name"] == Signal.FORMAL_CHECK_MOVED]) == 1


async def test_a_repeated_acceptance_gets_the_first_answer(case: Case) -> None:
    await case.in_check()
    first, again = [await case.act("acceptance", case.officer, key="the-same-key-twice") for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await case.kinds()).count("RequestAccepted") == 1


async def test_a_notice_suspends_the_clock_and_the_supplement_resumes_it(case: Case) -> None:
    await case.awaiting_supplement()
    dossier = (await case.read()).json()
    assert (dossier["state"], bool(dossier["supplement_due_at"])) == ("SUPPLEMENT_REQUESTED", True)
    assert await case.tasks() == [
        ("FORMAL_CHECK", case.officer, "WAITING"),
        ("SUPPLEMENT", case.author, "OPEN"),
    ]
    before = datetime.fromisoformat(dossier["check_due_at"])
    CLOCK.offset = timedelta(days=7)
    assert (
        await case.rewrite(content(case.author, case.co_author, description="Đã bổ sung"))
    ).status_code == 200
    response = await case.act("supplement", case.author)
    assert (response.status_code, response.json()["state"], response.json()["supplement_due_at"]) == (
        200,
        "FILED",
        None,
    )
    # Seven days stood still, and the first of them was the opening day, which counts for nothing.
    assert datetime.fromisoformat(response.json()["check_due_at"]) - before == timedelta(days=6)
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "OPEN"), ("SUPPLEMENT", case.author, "DONE")]
    assert (await last_word(case))["state"] == "OPEN"


async def test_every_move_has_a_higher_revision(case: Case) -> None:
    await case.awaiting_supplement()
    await case.act("supplement", case.author)
    await case.act("acceptance", case.officer)
    moves = [word["payload"] for word in await case.words() if word["name"] == Signal.FORMAL_CHECK_MOVED]
    assert [move["revision"] for move in moves] == [1, 2, 3]


async def test_a_supplement_is_judged_by_the_rules_of_filing(case: Case) -> None:
    await case.awaiting_supplement()
    assert (await case.rewrite(content(case.author, title=""))).status_code == 200
    response = await case.act("supplement", case.author)
    assert (response.status_code, response.json()["code"], await case.state()) == (
        422,
        "DossierIncomplete",
        "SUPPLEMENT_REQUESTED",
    )


async def test_the_one_year_limit_of_a_supplement_counts_to_the_first_filing(case: Case) -> None:
    earliest = next(
        day for back in (366, 365) if add_months(day := today() - timedelta(days=back), 12) >= today()
    )
    await case.draft(content(case.author, case.co_author, first_applied_on=str(earliest)))
    assert (await case.act("filing", case.author)).status_code == 202
    await case.open_check()
    await case.act("supplement-notice", case.officer, NOTICE)
    CLOCK.offset = timedelta(days=20)
    assert (await case.act("supplement", case.author)).status_code == 200


async def test_only_the_maker_supplements_and_only_when_asked(case: Case) -> None:
    await case.in_check()
    unasked = await case.act("supplement", case.author)
    assert (unasked.status_code, unasked.json()["code"]) == (409, "WrongState")
    await case.act("supplement-notice", case.officer, NOTICE)
    other = await case.act("supplement", case.co_author)
    assert (other.status_code, other.json()["code"]) == (403, "NotTheFiler")


async def test_a_supplement_that_never_comes_lapses_into_rejection_once(case: Case) -> None:
    await case.awaiting_supplement()
    early = await case.lapse()
    assert (early.state, early.revision) == (CheckState.SUPPLEMENT_REQUESTED, 1)
    CLOCK.offset = timedelta(days=40)
    late, again = await case.lapse(), await case.lapse()
    assert (late.state, late.revision) == (CheckState.REJECTED, 2) == (again.state, again.revision)
    assert {state for _, _, state in await case.tasks()} == {"CANCELLED"}
    [event] = [event for event in await case.events() if event["kind"] == "RequestRejected"]
    assert (event["actor_id"], event["detail"]["ground"]) == (None, "NOT_SUPPLEMENTED")


async def test_a_supplement_that_came_in_time_does_not_lapse(case: Case) -> None:
    await case.awaiting_supplement()
    await case.act("supplement", case.author)
    CLOCK.offset = timedelta(days=40)
    moved = await case.lapse()
    assert (moved.state, moved.revision, await case.state()) == (CheckState.OPEN, 2, "FILED")


async def test_lapse_and_supplement_at_once_leave_one_of_them(case: Case) -> None:
    await case.awaiting_supplement()
    CLOCK.offset = timedelta(days=40)
    moved, response = await asyncio.gather(case.lapse(), case.act("supplement", case.author))
    state = await case.state()
    assert (response.status_code, state) in {(200, "FILED"), (409, "REQUEST_REJECTED")}
    assert moved.state in {CheckState.OPEN, CheckState.REJECTED}


@pytest.mark.parametrize("action", list(RungAction))
async def test_a_rung_fires_once_however_often_it_is_climbed(case: Case, action: RungAction) -> None:
    await case.in_check()
    first = await case.climb(action, superiors=(case.head,))
    tasks = await case.tasks()
    again = await case.climb(action, superiors=(case.head, case.chair))
    assert (first.check.state, again.finding, await case.tasks()) == (
        CheckState.OPEN,
        RungFinding.ALREADY_FIRED,
        tasks,
    )
    assert (await case.kinds()).count("RungFired") == 1


async def test_two_climbs_at_once_fire_once(case: Case) -> None:
    await case.in_check()
    climbs = await asyncio.gather(*(case.climb(RungAction.HAND_UP, superiors=(case.head,)) for _ in range(3)))
    assert sorted(climb.finding for climb in climbs) == [
        RungFinding.ALREADY_FIRED,
        RungFinding.ALREADY_FIRED,
        RungFinding.FIRED,
    ]


async def test_a_rung_says_why_it_fired_and_the_clock_is_its_actor(case: Case) -> None:
    await case.in_check()
    assert (await case.climb(RungAction.TELL_SUPERIOR, superiors=(case.head,))).finding is RungFinding.FIRED
    history = (await case.send("GET", f"/dossiers/{case.id}/history", case.author)).json()["items"]
    event = history[-1]
    assert (event["kind"], event["actor_id"], event["rule"], event["rule_version"]) == (
        "RungFired",
        None,
        "formal_check.ladder",
        RULES,
    )
    [did] = event["detail"]["did"]
    assert (did["superior_id"], did["silent_ids"]) == (str(case.head), [str(case.officer)])


async def test_a_check_handed_up_is_the_heads_alone(case: Case) -> None:
    await case.in_check()
    assert (await case.climb(RungAction.HAND_UP, superiors=(case.head,))).finding is RungFinding.FIRED
    assert await case.tasks() == [
        ("FORMAL_CHECK", case.officer, "CANCELLED"),
        ("FORMAL_CHECK", case.head, "OPEN"),
    ]
    assert (await case.act("acceptance", case.officer)).json()["code"] == "NotYourTask"
    assert (await case.act("acceptance", case.head)).status_code == 200


async def test_a_check_that_the_nearest_head_has_goes_to_the_next_one(case: Case) -> None:
    await case.in_check()
    await case.climb(RungAction.HAND_UP, superiors=(case.head, case.chair))
    await case.climb(RungAction.HAND_UP, superiors=(case.head, case.chair), rung_id="hand-up-again")
    assert (await case.tasks())[-1] == ("FORMAL_CHECK", case.chair, "OPEN")


async def test_with_nobody_above_the_officer_keeps_the_check(case: Case) -> None:
    await case.in_check()
    assert (await case.climb(RungAction.HAND_UP)).finding is RungFinding.NOTHING_TO_DO
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "OPEN")]


@pytest.mark.parametrize("action", list(RungAction))
async def test_a_rung_that_comes_after_the_act_does_nothing(case: Case, action: RungAction) -> None:
    await case.accepted()
    climbed = await case.climb(action, superiors=(case.head,))
    assert (climbed.finding, climbed.check.state) == (RungFinding.TOO_LATE, CheckState.ACCEPTED)
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "DONE")]


async def test_a_rung_and_an_act_at_the_same_second_leave_one_responsible_person(case: Case) -> None:
    await case.in_check()
    climbed, response = await asyncio.gather(
        case.climb(RungAction.HAND_UP, superiors=(case.head,)), case.act("acceptance", case.officer)
    )
    assert (climbed.finding, response.status_code) in {(RungFinding.FIRED, 403), (RungFinding.TOO_LATE, 200)}


RECOGNISED = LevelResult(level="UNIT", outcome=StageOutcome.RECOGNISED, decision_number="1/QĐ-2026")


@pytest.mark.parametrize("outcome", [JourneyOutcome.RECOGNISED, JourneyOutcome.REFUSED])
async def test_closing_writes_the_final_state_once(case: Case, outcome: JourneyOutcome) -> None:
    await case.accepted()
    for _ in range(2):
        await case.service.activities["close_dossier"](closing(case, outcome, RECOGNISED))
    dossier = (await case.read()).json()
    assert (dossier["state"], bool(dossier["closed_at"])) == (outcome, True)
    assert dossier["levels"] == [{"level": "UNIT", "outcome": "RECOGNISED", "decision_number": "1/QĐ-2026"}]
    assert (await case.kinds()).count("DossierClosed") == 1
    late = await case.act("withdrawal", case.author, {"reason": "Muộn"})
    assert (late.status_code, late.json()["code"]) == (409, "WrongState")


async def test_a_withdrawal_that_lost_the_race_is_written_down(case: Case) -> None:
    await case.accepted()
    await case.act("withdrawal", case.author, {"reason": "Chuyển trường"})
    await case.service.activities["close_dossier"](
        closing(case, JourneyOutcome.RECOGNISED, RECOGNISED, too_late=True)
    )
    assert (await case.kinds())[-2:] == ["WithdrawalCameTooLate", "DossierClosed"]
    assert await case.state() == "RECOGNISED"


async def test_a_withdrawal_that_won_the_race_closes_the_dossier_as_withdrawn(case: Case) -> None:
    await case.accepted()
    await case.act("withdrawal", case.author, {"reason": "Chuyển trường"})
    withdrawn = LevelResult(level="UNIT", outcome=StageOutcome.WITHDRAWN, decision_number=None)
    await case.service.activities["close_dossier"](closing(case, JourneyOutcome.WITHDRAWN, withdrawn))
    assert await case.state() == "WITHDRAWN"
    assert "WithdrawalCameTooLate" not in await case.kinds()


async def test_the_history_runs_from_draft_to_close_in_order_and_in_pages(case: Case) -> None:
    await case.accepted()
    await case.service.activities["close_dossier"](closing(case, JourneyOutcome.RECOGNISED, RECOGNISED))
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "2"} | ({"after": cursor} if cursor else {})
        page = (await case.send("GET", f"/dossiers/{case.id}/history", case.head, params=query)).json()
        seen += [event["kind"] for event in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["DraftCreated", "DossierFiled", "FormalCheckOpened", "RequestAccepted", "DossierClosed"]
