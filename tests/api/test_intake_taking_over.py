"""The filer left: somebody else goes on with the dossier, and until then everybody sees that nobody does."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from language.posts.kinds import PostKind
from services.intake.app import SERVICE
from services.intake.operations.formal_check import CASES
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case, content
from tests.organisation_cases import hand_over

CLOCK = MovableClock()
WHY = {"reason": "Người nộp đã nghỉ hưu"}


@pytest.fixture(scope="module")
async def service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    async with open_service(SERVICE, clock=CLOCK, blob_dir=blobs) as intake:
        yield intake


@pytest.fixture
async def case(service: TestService) -> Case:
    CLOCK.offset = timedelta()
    return Case(service, CLOCK)


async def leave(case: Case) -> None:
    """The filer holds no post any more."""
    organisation = (await case.facts()).database
    await organisation.pool.execute("delete from holdings where person_id = $1", case.author)


async def on_the_alarm_list(case: Case) -> bool:
    """The supplement is work that nobody is there for."""
    alarms = await case.send("GET", "/alarms", case.head)
    return any(
        (one["task"], one["subject_id"]) == ("SUPPLEMENT", str(case.id)) for one in alarms.json()["items"]
    )


async def test_while_the_filer_is_at_work_nobody_takes_over(case: Case) -> None:
    await case.awaiting_supplement()
    for person in (case.co_author, case.officer):
        refused = await case.act("takeover", person, WHY)
        assert (refused.status_code, refused.json()["code"]) == (409, "FilerIsThere")
    assert (await case.act("takeover", case.head, WHY)).json()["code"] == "NotAnAuthor"
    assert (await case.act("takeover", case.stranger, WHY)).status_code == 404
    assert not await on_the_alarm_list(case)


async def test_a_co_author_goes_on_where_the_filer_left(case: Case) -> None:
    await case.awaiting_supplement()
    await leave(case)
    taken = await case.act("takeover", case.co_author, WHY)
    assert (taken.status_code, taken.json()["filer_id"]) == (200, str(case.co_author))
    assert ("SUPPLEMENT", case.co_author, "OPEN") in await case.tasks()
    assert (
        await case.rewrite(content(case.author, case.co_author, title="Mới"), case.co_author)
    ).status_code == 200
    assert (await case.act("supplement", case.author)).json()["code"] == "NotTheFiler"
    sent = await case.act("supplement", case.co_author)
    assert (sent.status_code, sent.json()["state"]) == (200, "FILED")
    [fact] = [event for event in await case.events() if event["kind"] == "DossierTakenOver"]
    assert fact["detail"]["filer"] == {"old": str(case.author), "new": str(case.co_author)}
    told = "select person_id from notices where kind = 'DOSSIER_TAKEN_OVER' and subject_id = $1"
    rows = await case.service.database.pool.fetch(told, case.id)
    assert [row["person_id"] for row in rows] == [case.author]


async def test_the_clerk_takes_over_and_somebody_else_checks(case: Case) -> None:
    await case.awaiting_supplement()
    await leave(case)
    colleague = uuid4()
    await case.staff(case.officer, colleague, heads=(case.head,))
    taken = await case.act("takeover", case.officer, WHY)
    assert taken.status_code == 200, taken.text
    assert ("FORMAL_CHECK", colleague, "WAITING") in await case.tasks()
    sent = await case.act("supplement", case.officer)
    assert sent.status_code == 200, sent.text
    [fact] = [event for event in await case.events() if event["kind"] == "DossierSupplemented"]
    assert fact["post_id"] is not None
    refused = await case.act("acceptance", case.officer)
    assert (refused.status_code, refused.json()["code"]) == (403, "OwnDossier")


async def test_a_clerk_who_left_too_acts_no_more(case: Case) -> None:
    await case.awaiting_supplement()
    await leave(case)
    assert (await case.act("takeover", case.officer, WHY)).status_code == 200
    gone = await case.act("supplement", case.officer, posts=[held(PostKind.STAFF, *case.path)])
    assert gone.status_code == 403


async def test_a_draft_and_an_accepted_dossier_are_taken_over_too(case: Case) -> None:
    await case.draft()
    await leave(case)
    assert (await case.act("takeover", case.officer, WHY)).status_code == 404
    assert (await case.act("takeover", case.co_author, WHY)).status_code == 200
    assert (await case.act("filing", case.co_author)).status_code == 200
    await case.act("acceptance", case.officer)
    assert (await case.act("withdrawal", case.co_author, {"reason": "Xin rút"})).status_code == 200


async def test_until_somebody_takes_over_the_supplement_is_on_the_alarm_list(case: Case) -> None:
    await case.awaiting_supplement()
    assert not await on_the_alarm_list(case)
    facts = await case.facts()
    await facts.leaves_post(case.author, case.post_ids[case.author, PostKind.STAFF])
    await hand_over(case.service.database, CASES)
    assert await on_the_alarm_list(case)
    assert (await case.act("takeover", case.co_author, WHY)).status_code == 200
    assert not await on_the_alarm_list(case)


async def test_a_supplement_asked_of_who_left_already_is_on_the_alarm_list_at_once(case: Case) -> None:
    await case.file()
    await leave(case)
    await case.act("supplement-notice", case.officer, {"defects": ["Thiếu minh chứng"]})
    assert await on_the_alarm_list(case)
