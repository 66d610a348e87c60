"""Work does not outlive the post: every command of intake, review and payout, by what it is done through.

The commands are those of the OpenAPI documents. Whoever adds one says here what it is done through; of what
is done through a task, how somebody comes to have that task."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from casework.case import Cases
from language.posts.kinds import PostKind
from services.intake.operations.formal_check import CASES as CHECKS
from services.payout.operations.cases import CASES as AWARDS
from services.review.operations.cases import CASES as STAGES
from tests.complaint_cases import complained, refused
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.endpoints import call, is_batch, operations_of
from tests.intake_cases import Case as IntakeCase
from tests.organisation_cases import hand_over
from tests.payout_cases import Case as PayoutCase
from tests.payout_cases import refusal
from tests.review_cases import Case as ReviewCase
from tests.service_cases import SERVICES, Opened, opened

BY_ONESELF = {
    ("intake", "put", "/v1/dossiers/{dossier_id}/content"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/filing"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/supplement"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/withdrawal"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/attachments"),
    ("intake", "delete", "/v1/dossiers/{dossier_id}/attachments/{attachment_id}"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/uploads"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/uploads/{upload_id}/piece"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/uploads/{upload_id}/completion"),
    ("intake", "delete", "/v1/dossiers/{dossier_id}/uploads/{upload_id}"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/share-confirmation"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/share-refusal"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/filing-agreement"),
    ("review", "post", "/v1/stages/{stage_id}/complaints"),
    ("review", "post", "/v1/dossiers/{dossier_id}/complaints"),
    ("review", "post", "/v1/complaints/{complaint_id}/withdrawal"),
}
"""An author's own acts, which no post gives."""
CLOCKS = ("extension", "suspension", "resumption")
THROUGH_A_POST = {
    ("intake", "post", "/v1/dossiers"),
    ("intake", "post", "/v1/imports/filings"),
    ("intake", "post", "/v1/tasks/{task_id}/taking"),
    ("intake", "post", "/v1/dossiers/{dossier_id}/takeover"),
    ("review", "post", "/v1/forecast/backtest"),
    ("review", "post", "/v1/tasks/{task_id}/taking"),
    *(
        ("review", "post", f"/v1/stages/{{stage_id}}/{act}")
        for act in ("paper", "correction", "cancellation", "reopening")
    ),
    ("payout", "post", "/v1/payment-lists"),
    ("payout", "post", "/v1/awards/{award_id}/reversal"),
    ("payout", "post", "/v1/tasks/{task_id}/taking"),
    ("payout", "post", "/v1/awards/{award_id}/taking-up"),
    ("payout", "post", "/v1/awards/{award_id}/payees"),
    ("payout", "post", "/v1/payment-lists/{list_id}/removal"),
    ("payout", "post", "/v1/payment-lists/{list_id}/cancellation"),
    *((service, "post", "/v1/tasks/{task_id}/reminder") for service in ("intake", "review", "payout")),
    *(
        (service, "post", f"/v1/clocks/{{about_id}}/{act}")
        for service in ("intake", "review", "payout")
        for act in CLOCKS
    ),
    *(
        (service, "post", f"/v1/run-alarms/{{alarm_id}}/{act}")
        for service in ("intake", "review", "payout")
        for act in ("retry", "dismissal")
    ),
    *(
        (service, "post", "/v1/questioned-acts/{question_id}/decision")
        for service in ("intake", "review", "payout")
    ),
    *(
        (service, "post", f"/v1/runs/{{about_id}}/{act}")
        for act in ("restart", "stop", "end")
        for service in ("intake", "payout", "review")
    ),
    *((service, "post", "/v1/run-comparisons") for service in ("intake", "payout", "review")),
}
"""What a post in or over the unit gives, without a task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody has a task and has lost its post; the act, what the task is about, and what looks at it."""

    service: TestService
    person: UUID
    about: UUID
    cases: Cases
    act: Callable[[], Awaitable[httpx.Response]]


async def _checking(service: TestService, clock: MovableClock, act: str, body: Any) -> Attempt:
    case = IntakeCase(service, clock)
    await case.file()
    facts = await case.facts()
    await facts.leaves_post(case.officer, case.holder(case.officer).post_id)
    return Attempt(
        service=service,
        person=case.officer,
        about=case.id,
        cases=CHECKS,
        act=lambda: case.act(act, case.officer, body, posts=[]),
    )


async def _marking(service: TestService, clock: MovableClock) -> Attempt:
    case = ReviewCase(service)
    await case.open()
    facts, member = await case.facts(), case.holders[2]
    await facts.leaves_post(member.person_id, member.post_id)
    return Attempt(
        service=service,
        person=member.person_id,
        about=case.stage,
        cases=STAGES,
        act=lambda: case.mark(member.person_id),
    )


async def _taking_back(service: TestService, clock: MovableClock) -> Attempt:
    case = ReviewCase(service)
    await case.open()
    facts, member = await case.facts(), case.holders[2]
    written = (await case.mark(member.person_id)).json()
    await facts.leaves_post(member.person_id, member.post_id)
    path, headers = f"/v1/score-sheets/{written['id']}/retraction", service.headers(member.person_id)
    return Attempt(
        service=service,
        person=member.person_id,
        about=case.stage,
        cases=STAGES,
        act=lambda: service.http.post(path, json={"reason": "x"}, headers=headers),
    )


async def _recusing(service: TestService, clock: MovableClock) -> Attempt:
    case = ReviewCase(service)
    await case.open()
    facts, member = await case.facts(), case.holders[2]
    await facts.leaves_post(member.person_id, member.post_id)
    path, headers = f"/v1/stages/{case.stage}/recusal", service.headers(member.person_id)
    return Attempt(
        service=service,
        person=member.person_id,
        about=case.stage,
        cases=STAGES,
        act=lambda: service.http.post(path, json={"reason": "x"}, headers=headers),
    )


async def _deciding(service: TestService, clock: MovableClock) -> Attempt:
    case = ReviewCase(service)
    await case.open()
    await case.mark_all()
    facts, chair = await case.facts(), case.holders[0]
    await facts.leaves_post(chair.person_id, chair.post_id)
    return Attempt(
        service=service,
        person=chair.person_id,
        about=case.stage,
        cases=STAGES,
        act=lambda: case.decide(chair.person_id),
    )


async def _signing(service: TestService, clock: MovableClock, act: str) -> Attempt:
    case = PayoutCase(service)
    await case.assess()
    if act == "approve":
        assert (await case.verify()).status_code == 200
    signer = case.holders[1 if act == "approve" else 0]
    await (await case.facts()).leaves_post(signer.person_id, signer.post_id)
    elsewhere = held(PostKind.STAFF, *case.path)
    return Attempt(
        service=service,
        person=signer.person_id,
        about=case.award,
        cases=AWARDS,
        act=lambda: getattr(case, act)(signer.person_id, elsewhere),
    )


async def _paying(service: TestService, clock: MovableClock, act: str) -> Attempt:
    case = PayoutCase(service)
    list_id = await (case.listed() if act == "send" else case.sent())
    kind = "SEND_LIST" if act == "send" else "CONFIRM_LIST"
    person: UUID = await service.database.pool.fetchval(
        "select assignee_id from tasks where about_id = $1 and kind = $2", UUID(list_id), kind
    )
    [signer] = [one for one in case.holders if one.person_id == person]
    await (await case.facts()).leaves_post(person, signer.post_id)
    elsewhere = held(PostKind.STAFF, *case.path)
    return Attempt(
        service=service,
        person=person,
        about=UUID(list_id),
        cases=AWARDS,
        act=lambda: getattr(case, act)(list_id, person, elsewhere),
    )


async def _settling(service: TestService, clock: MovableClock) -> Attempt:
    case = await refused(service)
    complaint, head, facts = await complained(case), case.superiors[0], await case.facts()
    await facts.leaves_post(head.person_id, head.post_id)
    return Attempt(
        service=service,
        person=head.person_id,
        about=complaint,
        cases=STAGES,
        act=lambda: service.http.post(
            f"/v1/complaints/{complaint}/settlement",
            json={"outcome": "DISMISSED", "reason": "x"},
            headers=service.headers(head.person_id),
        ),
    )


def _with(prepare: Callable[..., Awaitable[Attempt]], *what: Any) -> Callable[..., Awaitable[Attempt]]:
    return lambda service, clock: prepare(service, clock, *what)


THROUGH_A_TASK: dict[tuple[str, str, str], Callable[..., Awaitable[Attempt]]] = {
    ("intake", "post", "/v1/dossiers/{dossier_id}/acceptance"): _with(_checking, "acceptance", None),
    ("intake", "post", "/v1/dossiers/{dossier_id}/rejection"): _with(
        _checking, "rejection", {"ground": "INCOMPLETE", "reason": "x"}
    ),
    ("intake", "post", "/v1/dossiers/{dossier_id}/supplement-notice"): _with(
        _checking, "supplement-notice", {"defects": ["x"]}
    ),
    ("review", "put", "/v1/score-sheets/{sheet_id}"): _marking,
    ("review", "post", "/v1/score-sheets/{sheet_id}/retraction"): _taking_back,
    ("review", "post", "/v1/stages/{stage_id}/recusal"): _recusing,
    ("review", "post", "/v1/stages/{stage_id}/decision"): _deciding,
    ("review", "post", "/v1/complaints/{complaint_id}/settlement"): _settling,
    ("payout", "post", "/v1/awards/{award_id}/verification"): _with(_signing, "verify"),
    ("payout", "post", "/v1/awards/{award_id}/approval"): _with(_signing, "approve"),
    ("payout", "post", "/v1/awards/{award_id}/rejection"): _with(_signing, "reject"),
    ("payout", "post", "/v1/payment-lists/{list_id}/sending"): _with(_paying, "send"),
    ("payout", "post", "/v1/payment-lists/{list_id}/confirmation"): _with(_paying, "confirm"),
}


@pytest.fixture(params=["intake", "review", "payout"])
async def found(
    request: pytest.FixtureRequest, open_service: ServiceOpener, tmp_path: Path
) -> AsyncIterator[Opened]:
    async with opened(open_service, request.param, tmp_path) as service:
        yield service


def _commands(found: Opened) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {
        (found.name, method, path): operation
        for method, path, operation in operations_of(found)
        # Each item of a batch is done as it would be alone.
        if method != "get" and not is_batch(path)
    }


async def test_of_every_command_it_is_known_what_it_is_done_through(found: Opened) -> None:
    known = {
        command for command in (*BY_ONESELF, *THROUGH_A_POST, *THROUGH_A_TASK) if command[0] == found.name
    }
    assert set(_commands(found)) == known


def _aimed(found: Opened, path: str) -> Opened:
    """In payout it is a payment list that has a run of its own, in review a complaint, whose task is also the
    one of an office."""
    own = found.ids.get("list_id") or found.ids.get("complaint_id")
    if path.startswith("/v1/runs/") and own:
        return replace(found, ids={**found.ids, "about_id": own})
    if path.endswith("/taking") and "complaint_task_id" in found.ids:
        return replace(found, ids={**found.ids, "task_id": found.ids["complaint_task_id"]})
    return found


async def test_a_post_that_ended_yesterday_gives_nothing_and_one_that_is_held_does(found: Opened) -> None:
    ended = [replace(held(kind, *found.path), held_to=date(2020, 12, 31)) for kind in PostKind]
    root = [replace(post, unit_path=found.path[:1], post_id=uuid4()) for post in ended]
    for (_, method, path), operation in _commands(found).items():
        if (found.name, method, path) in THROUGH_A_POST:
            headers = found.service.headers(uuid4(), *ended, *root)
            refused = await call(found, method, path, operation, headers)
            assert refused.json()["code"] in {"Forbidden", "NotFound"}, (path, refused.text)
            there = [replace(post, held_to=None, post_id=uuid4()) for post in (*ended, *root)]
            headers = found.service.headers(uuid4(), *there)
            # Only tried: what one command does would stand in the way of the next.
            allowed = await call(_aimed(found, path), method, path, operation, headers, only_tried=True)
            assert allowed.status_code not in {403, 404}, (path, allowed.text)


PENDING = """
select assignee_id, unreachable_since from tasks
where about_id = $1 and state in ('WAITING', 'OPEN') and post_id is not null
"""


@pytest.mark.parametrize("command", THROUGH_A_TASK, ids=lambda command: f"{command[0]} {command[2]}")
async def test_who_lost_the_post_yesterday_does_nothing_and_the_work_goes_on(
    open_service: ServiceOpener, tmp_path: Path, command: tuple[str, str, str]
) -> None:
    clock = MovableClock()
    settings = {"blob_dir": tmp_path} if command[0] == "intake" else {}
    async with open_service(SERVICES[command[0]], clock=clock, **settings) as service:
        attempt = await THROUGH_A_TASK[command](service, clock)
        events = "select count(*) from events"
        before = await service.database.pool.fetchval(events)
        assert refusal(await attempt.act()) == (403, "NoLongerActing")
        assert await service.database.pool.fetchval(events) == before
        await hand_over(service.database, attempt.cases)
        pending = await service.database.pool.fetch(PENDING, attempt.about)
        assert pending
        for task in pending:
            assert task["assignee_id"] != attempt.person or task["unreachable_since"]
