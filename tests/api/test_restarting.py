"""Where a run begins that is started anew: by the rows of its owner, and what others publish."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.messages.journey import StageOutcome
from language.messages.transition import TransitionClass
from language.names import stage_id
from language.posts.kinds import PostKind
from services.intake.app import SERVICE
from services.payout.app import SERVICE as PAYOUT
from tests.api.test_intake_rules_change import change
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import LAST_DAY, Case, publish_pack, sample_pack
from tests.payout_cases import Case as AwardCase
from tests.service_cases import opened

RECOGNISED = StageOutcome.RECOGNISED


@pytest.fixture(scope="module")
async def service(
    open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TestService]:
    blobs: Path = tmp_path_factory.mktemp("blobs")
    async with open_service(SERVICE, clock=MovableClock(), blob_dir=blobs) as intake:
        yield intake


@pytest.fixture
def case(service: TestService) -> Case:
    clock = service.database.clock
    assert isinstance(clock, MovableClock)
    return Case(service, clock)


async def _restart(service: TestService, about_id: UUID, *path: UUID) -> Any:
    headers = service.headers(uuid4(), held(PostKind.ADMIN, *path))
    return await service.http.post(f"/v1/runs/{about_id}/restart", json={"reason": "x"}, headers=headers)


async def _begins(case: Case) -> dict[str, Any]:
    """The message of the word that starts it anew."""
    answer = await _restart(case.service, case.id, case.province)
    assert answer.status_code == 200, answer.text
    word = (await case.words())[-1]
    assert (word["action"], word["name"]) == ("RESTART", "InitiativeWorkflow")
    return dict(word["payload"])


async def test_under_its_check_with_the_clock_and_the_word_of_now(case: Case) -> None:
    await case.awaiting_supplement()
    journey = await _begins(case)
    assert (journey["check"]["moved"]["state"], journey["anew"]) == ("SUPPLEMENT_REQUESTED", None)
    assert journey["check"]["clock"]["about_id"] == str(case.id)
    assert journey["check"]["clock"]["revision"]["number"] > 1


async def test_accepted_and_opened_nowhere_with_the_first_level(case: Case) -> None:
    await case.accepted()
    journey = await _begins(case)
    assert journey["check"] is None
    assert journey["anew"] == {
        "level": journey["route"]["levels"][0],
        "stage_id": str(stage_id(case.id, "UNIT")),  # type: ignore[arg-type]
    }


async def test_with_a_stage_open_in_that_stage_and_with_what_has_spoken(case: Case) -> None:
    await case.accepted()
    await case.stage("UNIT", RECOGNISED, proposed=True)
    await case.stage("COMMUNE")
    journey = await _begins(case)
    review = await case.service.shared.database("review")
    open_stage = "select id from stages where dossier_id = $1 and state = 'OPEN'"
    assert journey["anew"]["stage_id"] == str(await review.pool.fetchval(open_stage, case.id))
    assert journey["anew"]["level"]["level"] == "COMMUNE"
    [spoken] = journey["decided"]
    assert (spoken["level"], spoken["outcome"], spoken["proposed"]) == ("UNIT", "RECOGNISED", True)
    assert journey["owed"] == (["UNIT"] if journey["route"]["levels"][0]["pays"] else [])


@pytest.mark.parametrize(("proposed", "level"), [(True, "COMMUNE"), (False, None)])
async def test_between_levels_with_the_next_or_with_the_end(
    case: Case, proposed: bool, level: str | None
) -> None:
    await case.accepted()
    await case.stage("UNIT", RECOGNISED, proposed=proposed)
    anew = (await _begins(case))["anew"]
    assert (anew["level"]["level"] if anew["level"] else None) == level


async def test_after_its_end_for_its_money_alone(case: Case) -> None:
    await case.accepted()
    await case.stage("UNIT", RECOGNISED)
    await case.close()
    journey = await _begins(case)
    assert journey["closed"]["outcome"] == "RECOGNISED"
    assert journey["check"] is None


async def test_after_a_change_of_rules_where_they_led_and_it_is_taken_once(case: Case) -> None:
    await case.file()
    rulebook = await case.service.shared.database("rulebook")
    pack = sample_pack("new", LAST_DAY, ())
    levels = [level for level in pack["levels"] if level["level"] != "COMMUNE"]
    await publish_pack(rulebook, pack | {"levels": levels})
    assert (await case.act("acceptance", case.officer)).status_code == 200
    await case.stage("UNIT", RECOGNISED, proposed=True)
    await change(case, TransitionClass.MOVED, revision=7, to="PROVINCE")
    journey = await _begins(case)
    assert [level["level"] for level in journey["route"]["levels"]] == ["UNIT", "PROVINCE"]
    transition = UUID(int=7)
    assert journey["anew"]["level"]["level"] == "PROVINCE"
    assert journey["anew"]["stage_id"] == str(stage_id(case.id, "PROVINCE", transition))  # type: ignore[arg-type]
    rules = journey["rules"]
    assert (rules["revision"], rules["decided_before"]) == (7, 1)
    assert "COMMUNE" in {level["level"] for level in rules["route_before"]["levels"]}


async def test_while_one_is_on_its_way_no_second_one_is_begun(case: Case) -> None:
    await case.file()
    await _begins(case)
    answer = await _restart(case.service, case.id, case.province)
    assert (answer.status_code, answer.json()["code"]) == (409, "RunIsBeingStarted")


async def test_a_draft_has_no_run(case: Case) -> None:
    await case.draft()
    assert (await _restart(case.service, case.id, case.province)).json()["code"] == "NotFound"


async def test_a_payment_list_with_its_clock_until_it_is_over(open_service: ServiceOpener) -> None:
    async with open_service(PAYOUT) as payout:
        case = await AwardCase(payout).approved()
        list_id = UUID((await case.draft()).json()["id"])
        assert (await _restart(payout, list_id, case.root)).status_code == 200
        words = await payout.database.pool.fetch("select * from outbox order by id")
        again = words[-1]
        started = next(word for word in words if word["workflow_id"] == again["workflow_id"])
        assert (again["action"], again["workflow_id"]) == ("RESTART", f"case:payment_list:{list_id}")
        assert again["payload"]["clock"] == started["payload"]["clock"]
        await payout.database.pool.execute("update payment_lists set state = 'CONFIRMED'")
        assert (await _restart(payout, list_id, case.root)).json()["code"] == "NotFound"


async def test_a_change_of_rules_as_far_as_it_has_come(open_service: ServiceOpener, tmp_path: Path) -> None:
    async with opened(open_service, "rulebook", tmp_path) as found:
        pool, change_id = found.service.database.pool, found.ids["transition_id"]
        newest = "select action, payload from outbox order by id desc limit 1"
        for planned, approved in ((False, False), (True, True)):
            if planned:
                await pool.execute("update outbox set delivered_at = now()")
                await pool.execute(
                    "update transitions set state = 'RUNNING', planned_at = now(), settled_at = now(), "
                    "settled_by = gen_random_uuid()"
                )
            assert (await _restart(found.service, change_id, *found.path)).status_code == 200
            word = await pool.fetchrow(newest)
            assert word
            assert word["action"] == "RESTART"
            assert (word["payload"]["planned"], word["payload"]["approved"]) == (planned, approved)
        await pool.execute("update transitions set state = 'DONE', done_at = now()")
        refused = await _restart(found.service, change_id, *found.path)
        assert refused.json()["code"] == "NotFound"
