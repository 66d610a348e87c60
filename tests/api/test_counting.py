"""Who may not see it cannot count it: whoever has no right gets one answer, whether there is something or
not."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from kit.http.cursors import encode_cursor
from language.posts.kinds import PostKind
from services.intake.app import SERVICE as INTAKE
from services.payout.app import SERVICE as PAYOUT
from services.payout.operations.cases import CASES
from tests.conftest import HeldPost, MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case as IntakeCase
from tests.organisation_cases import hand_over
from tests.payout_cases import Case as PayoutCase

NO = (403, "Forbidden")
NOT_THERE = (404, "NotFound")


@pytest.fixture
async def filed(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[IntakeCase]:
    clock = MovableClock()
    async with open_service(INTAKE, clock=clock, blob_dir=tmp_path) as service:
        case = IntakeCase(service, clock)
        await case.file()
        yield case


@pytest.fixture(scope="module")
async def payout(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(PAYOUT) as service:
        yield service


def _said(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json().get("code", "")


async def test_a_register_tells_a_stranger_nothing_at_whatever_number(filed: IntakeCase) -> None:
    neighbour = held(PostKind.UNIT_HEAD, filed.province, uuid4())
    teacher = held(PostKind.STAFF, *filed.path)
    for post in (neighbour, teacher):
        for unit in (filed.school, filed.commune, uuid4()):
            for year in ("2019", str((await filed.read()).json()["receipt"]["register_year"])):
                for after in ({}, {"after": encode_cursor(0)}, {"after": encode_cursor(1000)}):
                    query = {"unit_id": str(unit), "year": year, **after}
                    answer = await filed.send("GET", "/register", uuid4(), params=query, posts=[post])
                    assert _said(answer) == NO, (query, answer.text)


def _elsewhere(case: PayoutCase) -> list[HeldPost]:
    return [held(PostKind.ACCOUNTANT, case.root, uuid4()), held(PostKind.CHIEF_ACCOUNTANT, uuid4(), uuid4())]


async def test_whether_an_award_waits_for_a_list_is_told_to_its_own_accountants_only(
    payout: TestService,
) -> None:
    case = PayoutCase(payout)
    await case.assess()
    accountant = case.post(PostKind.ACCOUNTANT)
    answers = [_said(await case.draft(uuid4(), post)) for post in _elsewhere(case)]
    assert _said(await case.draft(uuid4(), accountant)) == (409, "NothingToPay")
    assert (await case.verify(), await case.approve())[1].status_code == 200
    answers += [_said(await case.draft(uuid4(), post)) for post in _elsewhere(case)]
    assert set(answers) == {NO}


async def test_a_payment_list_is_not_there_for_accountants_of_other_units(payout: TestService) -> None:
    case = PayoutCase(payout)
    listed = await case.listed()
    for list_id in (listed, str(uuid4())):
        for post in _elsewhere(case):
            assert _said(await case.send(list_id, uuid4(), post)) == NOT_THERE
            assert _said(await case.confirm(list_id, uuid4(), post)) == NOT_THERE


async def test_a_ledger_says_the_same_of_a_unit_with_money_and_of_one_without(payout: TestService) -> None:
    case, empty = PayoutCase(payout), PayoutCase(payout)
    await case.approved()
    await empty.facts()
    for asked in (case, empty):
        for path in ("ledger/entries", "ledger/trial-balance"):
            for post in _elsewhere(case):
                answer = await case.get(path, uuid4(), post, unit_id=str(asked.unit))
                assert _said(answer) == NO, answer.text
            own = await case.get(
                path, uuid4(), held(PostKind.ACCOUNTANT, asked.root), unit_id=str(asked.unit)
            )
            assert own.status_code == 200, own.text


async def test_whether_a_dossier_has_brought_money_is_told_to_its_own_accountants_only(
    payout: TestService,
) -> None:
    case, bare = PayoutCase(payout), PayoutCase(payout)
    await case.assess()
    await bare.publish()
    for dossier in (case.dossier, bare.dossier, uuid4()):
        for path in (f"dossiers/{dossier}/history", f"dossiers/{dossier}/clock"):
            for post in _elsewhere(case):
                assert _said(await case.get(path, uuid4(), post)) == NOT_THERE
    for one in (case, bare):
        own = await one.get(f"dossiers/{one.dossier}/history", uuid4(), one.post(PostKind.ACCOUNTANT))
        assert own.status_code == 200


async def test_a_delegate_with_a_signature_reads_the_award_and_its_history(payout: TestService) -> None:
    case, delegate = PayoutCase(payout), uuid4()
    await case.assess()
    await (await case.facts()).delegate(case.verifier, delegate, case.unit)
    await hand_over(payout.database, CASES)
    assert (await case.get(f"awards/{case.award}", delegate)).status_code == 200
    assert (await case.get(f"dossiers/{case.dossier}/history", delegate)).status_code == 200
    assert (await case.get(f"dossiers/{case.dossier}/history", uuid4())).status_code == 404
