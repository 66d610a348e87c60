"""Whoever has a closed account is not there: the work goes to whoever acts now, a seat to a substitute or out
of the count, and all of it comes back when the account is opened again."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from language.posts.kinds import PostKind, PostTask
from services.intake.app import SERVICE as INTAKE
from services.intake.operations.formal_check import CASES as CHECKS
from services.review.operations.cases import CASES
from tests.api.test_seats_without_holder import council, service, short
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case as IntakeCase
from tests.organisation_cases import hand_over
from tests.payout_cases import refusal
from tests.review_cases import Case

__all__ = ["council", "service", "short"]
MEMBER = 2


async def _seats(case: Case) -> dict[object, str]:
    rows = await case.service.database.pool.fetch(
        "select person_id, state from seats where stage_id = $1", case.stage
    )
    return {row["person_id"]: row["state"] for row in rows}


async def _assignees(service: TestService, about: UUID) -> dict[str, set[UUID]]:
    rows = await service.database.pool.fetch(
        "select kind, assignee_id from tasks where about_id = $1 and state in ('WAITING', 'OPEN')", about
    )
    found: dict[str, set[UUID]] = {}
    for row in rows:
        found.setdefault(row["kind"], set()).add(row["assignee_id"])
    return found


async def _alarms(service: TestService, *path: UUID) -> list[dict[str, Any]]:
    headers = service.headers(uuid4(), held(PostKind.ADMIN, *path))
    return list((await service.http.get("/v1/alarms", headers=headers)).json()["items"])


async def test_the_seat_goes_to_a_substitute_at_once(council: Case) -> None:
    gone, substitute = council.members[MEMBER], council.substitutes[0].person_id
    await (await council.facts()).closes_account(gone)
    await hand_over(council.service.database, CASES)
    seats = await _seats(council)
    assert (seats[gone], seats[substitute]) == ("REPLACED", "ACTIVE")


async def test_without_a_substitute_the_seat_is_out_of_the_count_until_the_account_is_opened(
    short: Case,
) -> None:
    gone, facts = short.members[MEMBER], await short.facts()
    await facts.closes_account(gone)
    await hand_over(short.service.database, CASES)
    assert (await _seats(short))[gone] == "VACANT"
    await facts.opens_account(gone)
    await hand_over(short.service.database, CASES)
    assert (await _seats(short))[gone] == "ACTIVE"
    assert (await short.mark(gone)).status_code == 200


async def test_the_decision_goes_to_the_deputy_and_back(council: Case) -> None:
    facts, (chair, deputy) = await council.facts(), council.members[:2]
    await council.mark_all()
    await facts.closes_account(chair)
    await hand_over(council.service.database, CASES)
    assert (await _assignees(council.service, council.stage))["DECIDE"] == {deputy}
    await facts.opens_account(chair)
    await hand_over(council.service.database, CASES)
    assert (await _assignees(council.service, council.stage))["DECIDE"] == {chair}


async def test_a_delegate_with_a_closed_account_is_passed_over(council: Case) -> None:
    member, delegate, facts = council.members[MEMBER], uuid4(), await council.facts()
    await facts.delegate(member, delegate, council.unit, PostTask.MARK)
    await hand_over(council.service.database, CASES)
    assert delegate in (await _assignees(council.service, council.stage))["MARK"]
    await facts.closes_account(delegate)
    await hand_over(council.service.database, CASES)
    marking = (await _assignees(council.service, council.stage))["MARK"]
    assert (delegate in marking, member in marking) == (False, True)


async def test_whoever_has_a_closed_account_is_in_no_council_that_is_opened(service: TestService) -> None:
    case = Case(service)
    gone = case.members[MEMBER]
    await (await case.facts()).closes_account(gone)
    await case.open()
    assert gone not in await _seats(case)


async def test_work_of_an_office_goes_to_a_colleague_and_else_to_the_alarm_list_which_says_why(
    open_service: ServiceOpener, tmp_path: Path
) -> None:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as intake:
        case = IntakeCase(intake, clock)
        await case.file()
        facts, officer, colleague = await case.facts(), case.officer, uuid4()
        await facts.closes_account(officer)
        await hand_over(intake.database, CHECKS)
        [alarm] = await _alarms(intake, *case.path)
        assert (alarm["kind"], alarm["person_id"], alarm["found"]) == (
            "NOBODY_THERE",
            str(officer),
            "ACCOUNT_CLOSED",
        )
        assert "mở lại tài khoản" in alarm["what_to_do_vi"]
        refused = await case.act("acceptance", officer)
        assert refusal(refused) == (401, "Unauthenticated")
        post = uuid4()
        await facts.post(post, PostKind.INTAKE_OFFICER, *case.path)
        await facts.hold(colleague, post)
        await hand_over(intake.database, CHECKS)
        assert (await _assignees(intake, case.id))["FORMAL_CHECK"] == {colleague}
        assert await _alarms(intake, *case.path) == []
        await facts.opens_account(officer)
        await hand_over(intake.database, CHECKS)
        assert (await _assignees(intake, case.id))["FORMAL_CHECK"] == {officer}
        accepted = await case.act("acceptance", officer)
        assert accepted.status_code == 200, accepted.text


async def test_an_alarm_is_told_to_the_nearest_administrators_who_can_sign_in(service: TestService) -> None:
    case = Case(service)
    case.superiors, near, above = [], uuid4(), uuid4()
    facts = await case.facts()
    for person, path in ((near, (case.root, case.unit)), (above, (case.root,))):
        post = uuid4()
        await facts.post(post, PostKind.ADMIN, *path)
        await facts.hold(person, post)
    await facts.closes_account(near)
    case.holders, case.substitutes = [], []
    await case.open()
    rows = await service.database.pool.fetch(
        "select person_id from notices where subject_id = $1 and kind = 'SUPERIOR_TOLD'", case.dossier
    )
    told = {row["person_id"] for row in rows}
    assert (near in told, above in told) == (False, True)
