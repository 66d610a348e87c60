"""The formal check over HTTP and through the journey's activities: the officer's side of intake."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.deadline.arithmetic import add_months, local_day
from language.messages.clock import ClimbRung, RungFinding
from language.messages.journey import CheckState
from language.names import Signal, TaskQueue
from language.refusals import NotFound
from services.intake.app import SERVICE
from tests.conftest import MovableClock, ServiceOpener, TestService, as_admin
from tests.intake_cases import EVERY_RUNG, RULES, Case, content, today

CLOCK = MovableClock()
NOTICE = {"defects": ["Thiếu minh chứng", "Thiếu chữ ký"]}
REJECTION = {"ground": "INCOMPLETE", "reason": "Không mô tả giải pháp"}
RUNG_IDS = [rung["id"] for rung in EVERY_RUNG]
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
    return Case(service, CLOCK, ladder=EVERY_RUNG)


async def last_word(case: Case) -> dict[str, Any]:
    word: dict[str, Any] = (await case.words())[-1]["payload"]
    return word


async def staffed(case: Case, *officers: UUID, heads: Sequence[UUID] = ()) -> None:
    """The dossier is begun where these are the officers and the heads, and filed."""
    await case.publish()
    await case.staff(*officers, heads=heads)
    await case.file()


async def test_filing_gives_the_officer_the_check_under_the_rules_in_force(case: Case) -> None:
    dossier = await case.file()
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "OPEN")]
    assert (dossier["rule_version"], bool(dossier["check_due_at"])) == (RULES, True)
    inbox = (await case.send("GET", "/tasks", case.officer)).json()["items"]
    assert [(task["kind"], task["subject_code"]) for task in inbox] == [("FORMAL_CHECK", dossier["code"])]
    [event] = [event for event in await case.events() if event["kind"] == "FormalCheckOpened"]
    assert (event["detail"]["officer_id"], event["rule"]) == (str(case.officer), "formal_check.check")


async def test_a_rung_of_what_is_not_there_is_refused(case: Case) -> None:
    await case.file()
    with pytest.raises(NotFound):
        await case.service.activities["climb_rung"](ClimbRung(about_id=uuid4(), rung_id="remind"))
    with pytest.raises(NotFound):
        await case.service.activities["climb_rung"](ClimbRung(about_id=case.id, rung_id="unknown"))


async def test_the_officer_with_the_least_to_do_gets_the_check(case: Case) -> None:
    await case.file()
    free = uuid4()
    other = Case(case.service, CLOCK, ladder=EVERY_RUNG)
    await staffed(other, case.officer, free)
    assert await other.tasks() == [("FORMAL_CHECK", free, "OPEN")]


async def test_without_an_officer_the_head_above_gets_the_check(case: Case) -> None:
    await staffed(case, heads=(case.head,))
    assert await case.tasks() == [("FORMAL_CHECK", case.head, "OPEN")]


async def test_without_anybody_the_check_is_an_alarm_until_a_rung_finds_somebody(case: Case) -> None:
    await staffed(case)
    assert (await case.state(), await case.tasks()) == ("FILED", [])
    alarms = "select kind from alarms where about_id = $1 and cleared_at is null"
    assert await case.service.database.pool.fetchval(alarms, case.id) == "NOBODY_THERE"
    [start] = await case.words()
    told = {rung["id"] for rung in start["payload"]["check"]["clock"]["rungs"]}
    assert told == (await case.rungs()).keys() > set(RUNG_IDS), "it is looked at again each day"
    await case.staff(heads=(case.head,))
    climbed = await case.climb("hand-up")
    assert (climbed.finding, await case.tasks()) == (RungFinding.FIRED, [("FORMAL_CHECK", case.head, "OPEN")])


@pytest.mark.parametrize("rung_id", RUNG_IDS)
async def test_a_check_that_nobody_has_is_given_to_whoever_is_there_when_a_rung_fires(
    case: Case, rung_id: str
) -> None:
    await staffed(case, case.author)
    assert await case.tasks() == []
    await case.staff(case.author, case.officer, heads=(case.head,))
    climbed = await case.climb(rung_id)
    assert (climbed.finding, await case.tasks()) == (
        RungFinding.FIRED,
        [("FORMAL_CHECK", case.officer, "OPEN")],
    )


async def test_with_no_head_to_tell_there_is_nothing_to_do(case: Case) -> None:
    await staffed(case, case.officer, heads=(case.author,))
    assert (await case.climb("tell-superior")).finding is RungFinding.NOTHING_TO_DO


async def test_a_rung_that_meets_a_suspended_check_fires_when_the_check_goes_on(case: Case) -> None:
    await case.awaiting_supplement()
    for _ in range(2):
        climbed = await case.climb("hand-up")
        assert (climbed.finding, climbed.check.state) == (
            RungFinding.NOT_YET,
            CheckState.SUPPLEMENT_REQUESTED,
        )
    assert "RungFired" not in await case.kinds()
    await case.act("supplement", case.author)
    assert (await case.climb("hand-up")).finding is RungFinding.FIRED


async def test_acceptance_ends_the_check_and_tells_the_workflow(case: Case) -> None:
    await case.file()
    response = await case.act("acceptance", case.officer)
    assert (response.status_code, response.json()["state"]) == (200, "ACCEPTED")
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "DONE")]
    word, event = await last_word(case), (await case.events())[-1]
    assert (word["state"], word["revision"], word["event_id"]) == (
        "ACCEPTED",
        {"epoch": 0, "number": 1},
        str(event["event_id"]),
    )
    assert (event["kind"], event["actor_id"], event["rule_version"]) == (
        "RequestAccepted",
        case.officer,
        RULES,
    )


async def test_a_rejection_keeps_ground_and_reason(case: Case) -> None:
    await case.file()
    response = await case.act("rejection", case.officer, REJECTION)
    assert (response.status_code, response.json()["state"]) == (200, "REQUEST_REJECTED")
    history = (await case.send("GET", f"/dossiers/{case.id}/history", case.author)).json()["items"]
    assert (history[-1]["kind"], history[-1]["detail"]) == (
        "RequestRejected",
        {**REJECTION, "due_at": None},
    )
    assert (await last_word(case))["state"] == "REJECTED"


@pytest.mark.parametrize(
    ("ground", "said"),
    [("FILED_LATE", "hạn nộp là ngày"), ("NOT_SUPPLEMENTED", "chưa yêu cầu bổ sung lần nào")],
)
async def test_a_ground_that_the_file_contradicts_is_refused(case: Case, ground: str, said: str) -> None:
    await case.file()
    response = await case.act("rejection", case.officer, REJECTION | {"ground": ground})
    assert (response.status_code, response.json()["code"]) == (422, "GroundNotInFile"), response.text
    assert said in response.json()["detail"]
    assert await case.state() == "FILED"


async def test_what_was_supplemented_may_still_be_rejected_for_that(case: Case) -> None:
    await case.awaiting_supplement()
    await case.act("supplement", case.author)
    body = REJECTION | {"ground": "NOT_SUPPLEMENTED"}
    assert (await case.act("rejection", case.officer, body)).json()["state"] == "REQUEST_REJECTED"


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
    await case.file()
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
    await case.file()
    response = await case.act("supplement-notice", case.officer, body)
    assert (response.status_code, response.json()["code"]) == (422, "RequestInvalid")


@pytest.mark.parametrize(("act", "body"), ACTS)
async def test_only_who_has_the_task_judges(case: Case, act: str, body: Any) -> None:
    await case.file()
    for person in (case.head, case.chair):
        response = await case.act(act, person, body)
        assert (response.status_code, response.json()["code"]) == (403, "NotYourTask")
    assert (await case.act(act, case.stranger, body)).status_code == 404
    assert await case.state() == "FILED"


@pytest.mark.parametrize(("act", "body"), ACTS)
async def test_nobody_judges_the_own_dossier_even_with_the_task(case: Case, act: str, body: Any) -> None:
    case.officer = case.co_author
    await case.file()
    response = await case.act(act, case.officer, body)
    assert (response.status_code, response.json()["code"]) == (403, "OwnDossier")


async def test_an_author_is_never_given_the_check(case: Case) -> None:
    await staffed(case, case.co_author, case.officer)
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "OPEN")]


async def test_a_head_who_is_an_author_is_passed_over(case: Case) -> None:
    await staffed(case, case.author, heads=(case.co_author, case.head))
    assert await case.tasks() == [("FORMAL_CHECK", case.head, "OPEN")]
    await case.staff(heads=(case.author, case.chair))
    climbed = await case.climb("hand-up")
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
    await case.file()
    answers = await asyncio.gather(
        case.act("acceptance", case.officer), case.act("rejection", case.officer, REJECTION)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len([word for word in await case.words() if word["name"] == Signal.FORMAL_CHECK_MOVED]) == 1


async def test_a_repeated_acceptance_gets_the_first_answer(case: Case) -> None:
    await case.file()
    first, again = [await case.act("acceptance", case.officer, key="the-same-key-twice") for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await case.kinds()).count("RequestAccepted") == 1


DAYS_OFF = """
select day::date from generate_series($1::date, $1::date + 60, interval '1 day') day,
  (select * from calendars order by version desc limit 1) c
where day::date <> all(c.make_up_days) and (day::date = any(c.holidays) or extract(isodow from day) > 5)
"""


async def worked_on_or_after(case: Case, day: date) -> date:
    """The first working day, by the table of days off."""
    rulebook = await case.service.shared.database(TaskQueue.RULEBOOK)
    off = {row["day"] for row in await rulebook.pool.fetch(DAYS_OFF, day)}
    return next(later for later in (day + timedelta(days=n) for n in range(61)) if later not in off)


async def test_a_notice_suspends_the_clock_and_the_supplement_resumes_it(case: Case) -> None:
    opened_on = today()
    await case.awaiting_supplement()
    dossier = (await case.read()).json()
    assert (dossier["state"], bool(dossier["supplement_due_at"])) == ("SUPPLEMENT_REQUESTED", True)
    assert await case.tasks() == [
        ("FORMAL_CHECK", case.officer, "WAITING"),
        ("SUPPLEMENT", case.author, "OPEN"),
    ]
    before = local_day(datetime.fromisoformat(dossier["check_due_at"]))
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
    month_on = add_months(opened_on, 1)
    assert before == await worked_on_or_after(case, month_on)
    assert local_day(datetime.fromisoformat(response.json()["check_due_at"])) == await worked_on_or_after(
        case, month_on + timedelta(days=6)
    )
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "OPEN"), ("SUPPLEMENT", case.author, "DONE")]
    assert (await last_word(case))["state"] == "OPEN"


async def test_every_move_has_a_higher_revision(case: Case) -> None:
    await case.awaiting_supplement()
    await case.act("supplement", case.author)
    await case.act("acceptance", case.officer)
    moves = [word["payload"] for word in await case.words() if word["name"] == Signal.FORMAL_CHECK_MOVED]
    assert [move["revision"]["number"] for move in moves] == [1, 2, 3]


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
    assert (await case.act("filing", case.author)).status_code == 200
    await case.act("supplement-notice", case.officer, NOTICE)
    CLOCK.offset = timedelta(days=20)
    assert (await case.act("supplement", case.author)).status_code == 200


async def test_only_the_maker_supplements_and_only_when_asked(case: Case) -> None:
    await case.file()
    unasked = await case.act("supplement", case.author)
    assert (unasked.status_code, unasked.json()["code"]) == (409, "WrongState")
    await case.act("supplement-notice", case.officer, NOTICE)
    other = await case.act("supplement", case.co_author)
    assert (other.status_code, other.json()["code"]) == (403, "NotTheFiler")


async def test_a_supplement_that_never_comes_lapses_into_rejection_once(case: Case) -> None:
    await case.awaiting_supplement()
    early = await case.lapse()
    assert (early.state, early.revision.number) == (CheckState.SUPPLEMENT_REQUESTED, 1)
    CLOCK.offset = timedelta(days=40)
    late, again = await case.lapse(), await case.lapse()
    assert (late.state, late.revision.number) == (CheckState.REJECTED, 2)
    assert again == replace(late, event_id=again.event_id)
    assert {state for _, _, state in await case.tasks()} == {"CANCELLED"}
    [event] = [event for event in await case.events() if event["kind"] == "RequestRejected"]
    assert (event["actor_id"], event["detail"]["ground"]) == (None, "NOT_SUPPLEMENTED")


async def test_a_supplement_that_came_in_time_does_not_lapse(case: Case) -> None:
    await case.awaiting_supplement()
    await case.act("supplement", case.author)
    CLOCK.offset = timedelta(days=40)
    moved = await case.lapse()
    assert (moved.state, moved.revision.number, await case.state()) == (CheckState.OPEN, 2, "FILED")


async def test_lapse_and_supplement_at_once_leave_one_of_them(case: Case) -> None:
    await case.awaiting_supplement()
    CLOCK.offset = timedelta(days=40)
    moved, response = await asyncio.gather(case.lapse(), case.act("supplement", case.author))
    state = await case.state()
    assert (response.status_code, state) in {(200, "FILED"), (409, "REQUEST_REJECTED")}
    assert moved.state in {CheckState.OPEN, CheckState.REJECTED}


@pytest.mark.parametrize("rung_id", RUNG_IDS)
async def test_a_rung_fires_once_however_often_it_is_climbed(case: Case, rung_id: str) -> None:
    await case.file()
    first = await case.climb(rung_id)
    tasks = await case.tasks()
    again = await case.climb(rung_id)
    assert (first.check.state, again.finding, await case.tasks()) == (
        CheckState.OPEN,
        RungFinding.ALREADY_FIRED,
        tasks,
    )
    assert (await case.kinds()).count("RungFired") == 1


async def test_two_climbs_at_once_fire_once(case: Case) -> None:
    await case.file()
    climbs = await asyncio.gather(*(case.climb("hand-up") for _ in range(3)))
    assert sorted(climb.finding for climb in climbs) == [
        RungFinding.ALREADY_FIRED,
        RungFinding.ALREADY_FIRED,
        RungFinding.FIRED,
    ]


async def test_a_rung_says_why_it_fired_and_the_clock_is_its_actor(case: Case) -> None:
    await case.file()
    assert (await case.climb("tell-superior")).finding is RungFinding.FIRED
    history = (await case.send("GET", f"/dossiers/{case.id}/history", case.author)).json()["items"]
    event = history[-1]
    assert (event["kind"], event["actor_id"], event["rule"], event["rule_version"]) == (
        "RungFired",
        None,
        "formal_check.ladder.tell-superior",
        RULES,
    )
    [did] = event["detail"]["did"]
    assert (did["superior_id"], did["silent_ids"]) == (str(case.head), [str(case.officer)])


async def test_a_check_handed_up_is_the_heads_alone(case: Case) -> None:
    await case.file()
    assert (await case.climb("hand-up")).finding is RungFinding.FIRED
    assert await case.tasks() == [
        ("FORMAL_CHECK", case.officer, "CANCELLED"),
        ("FORMAL_CHECK", case.head, "OPEN"),
    ]
    assert (await case.act("acceptance", case.officer)).json()["code"] == "NotYourTask"
    assert (await case.act("acceptance", case.head)).status_code == 200


async def test_a_check_that_the_nearest_head_has_goes_to_the_next_one(case: Case) -> None:
    await staffed(case, case.officer, heads=(case.head, case.chair))
    await case.climb("hand-up")
    await case.climb("hand-up-again")
    assert (await case.tasks())[-1] == ("FORMAL_CHECK", case.chair, "OPEN")


async def test_with_nobody_above_the_officer_keeps_the_check(case: Case) -> None:
    await staffed(case, case.officer)
    assert (await case.climb("hand-up")).finding is RungFinding.NOTHING_TO_DO
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "OPEN")]


@pytest.mark.parametrize("rung_id", RUNG_IDS)
async def test_a_rung_that_comes_after_the_act_does_nothing(case: Case, rung_id: str) -> None:
    await case.accepted()
    climbed = await case.climb(rung_id)
    assert (climbed.finding, climbed.check.state) == (RungFinding.TOO_LATE, CheckState.ACCEPTED)
    assert await case.tasks() == [("FORMAL_CHECK", case.officer, "DONE")]


async def test_a_rung_and_an_act_at_the_same_second_leave_one_responsible_person(case: Case) -> None:
    await case.file()
    climbed, response = await asyncio.gather(case.climb("hand-up"), case.act("acceptance", case.officer))
    assert (climbed.finding, response.status_code) in {(RungFinding.FIRED, 403), (RungFinding.TOO_LATE, 200)}


async def test_what_is_said_after_a_restore_goes_before_all_that_was_said(case: Case) -> None:
    await case.file()
    restored = "insert into intake.restores (number, reason) values (1, 'x')"
    await as_admin(case.service.admin_url, restored)
    await case.act("acceptance", case.officer)
    assert (await last_word(case))["revision"] == {"epoch": 1, "number": 1}
    await as_admin(case.service.admin_url, "delete from intake.restores")
