"""Nothing that keeps a run from going on is silent: real services, a real server, the real worker."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from casework.runs.own import OwnRuns
from casework.runs.watch import RunWatch
from embedded.temporal import EXACT_TIMERS, program
from kit.calls import CallBook
from kit.db import Database, Tx
from kit.leading import take_lead
from kit.outbox import signal_workflow
from kit.temporal import RefusalsAreWaitedOut, activity_worker
from kit.wire import data_converter
from language.names import INITIATIVE_WORKFLOW, SEARCH_ATTRIBUTES, TaskQueue
from language.posts.kinds import PostKind
from processes.worker import sandbox, workflow_worker
from services.intake.operations.starting_anew import JOURNEYS
from services.review.app import SERVICE as REVIEW
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.intake_cases import Case
from tests.notice_cases import eventually
from tests.service_cases import SERVICES
from tests.store.test_kit_relay import relaying


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[Client]:
    config = {**EXACT_TIMERS, "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": "2"}
    arguments = [part for item in config.items() for part in ("--dynamic-config-value", "=".join(item))]
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=program(),
        dev_server_log_level="error",
        dev_server_extra_args=arguments,
        data_converter=data_converter(),
        search_attributes=list(SEARCH_ATTRIBUTES),
    )
    yield env.client
    await env.shutdown()


@dataclass
class House:
    """Intake and review with their relays and workers, and an administrator of the province."""

    intake: TestService
    review: TestService
    client: Client
    case: Case
    admin: UUID

    async def look(self, service: TestService, own: OwnRuns | None = None) -> None:
        async with service.database.connection() as conn:
            lease = await take_lead(conn, "runs", uuid4())
            assert lease
            await RunWatch(service.database, own).look(lease, self.client)
            await conn.execute("delete from leaders where what = 'runs'")

    def headers(self) -> dict[str, str]:
        return self.intake.headers(self.admin, held(PostKind.ADMIN, self.case.province))

    async def alarms(self, service: TestService, own: OwnRuns | None = None) -> list[dict[str, Any]]:
        """What stands after a look."""
        await self.look(service, own)
        answer = await service.http.get("/v1/alarms", headers=self.headers())
        assert answer.status_code == 200, answer.text
        runs = {"MESSAGE_DOES_NOT_ARRIVE", "RUN_ENDED", "RUN_FAILS", "CALL_REFUSED"}
        return [alarm for alarm in answer.json()["items"] if alarm["kind"] in runs]

    async def post(self, path: str, body: Any = None, **params: Any) -> dict[str, Any]:
        answer = await self.intake.http.post(f"/v1{path}", json=body, params=params, headers=self.headers())
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def status(self) -> WorkflowExecutionStatus | None:
        return (await self.client.get_workflow_handle(f"initiative:{self.case.id}").describe()).status

    async def is_running(self) -> bool:
        return await self.status() is WorkflowExecutionStatus.RUNNING


@asynccontextmanager
async def _working(client: Client, queue: TaskQueue, service: TestService) -> AsyncIterator[None]:
    book = CallBook(service.database)
    async with activity_worker(
        client, queue, list(service.activities.values()), 4, calls=RefusalsAreWaitedOut(book)
    ):
        yield


@pytest.fixture
async def house(open_service: ServiceOpener, client: Client, tmp_path: Path) -> AsyncIterator[House]:
    clock = MovableClock()
    async with AsyncExitStack() as stack:
        opener = open_service(SERVICES["intake"], clock=clock, blob_dir=tmp_path)
        intake = await stack.enter_async_context(opener)
        review = await intake.shared.open(REVIEW)
        for queue, service in ((TaskQueue.INTAKE, intake), (TaskQueue.REVIEW, review)):
            await stack.enter_async_context(_working(client, queue, service))
            await stack.enter_async_context(relaying(service.database, client))
        await stack.enter_async_context(workflow_worker(client, runner=sandbox()))
        house = House(intake, review, client, Case(intake, clock), uuid4())
        yield house


async def _stage_opened(house: House) -> bool:
    return bool(
        await house.review.database.pool.fetchval(
            "select true from stages where dossier_id = $1 and state = 'OPEN'", house.case.id
        )
    )


async def test_a_run_that_was_terminated_is_an_alarm_and_goes_on_when_it_is_started_anew(
    house: House,
) -> None:
    case = house.case
    await case.accepted()
    await eventually(lambda: _stage_opened(house))
    assert await house.alarms(house.intake, JOURNEYS) == []
    await house.client.get_workflow_handle(f"initiative:{case.id}").terminate("by hand")

    async def seen() -> bool:
        return bool(await house.alarms(house.intake, JOURNEYS))

    await eventually(seen)
    [alarm] = await house.alarms(house.intake, JOURNEYS)
    assert (alarm["kind"], alarm["about_id"], alarm["found"]) == ("RUN_ENDED", str(case.id), "TERMINATED")
    assert alarm["what_to_do_vi"]
    told = await house.intake.database.pool.fetch("select person_id from notices where kind = 'ALARM_RAISED'")
    assert [row["person_id"] for row in told] == [house.admin]

    # What is said meanwhile is kept for the run to come.
    assert (await case.act("withdrawal", case.author, {"reason": "x"})).status_code < 300

    async def given_up() -> bool:
        words = await case.words()
        return words[-1]["given_up_at"] is not None

    await eventually(given_up)
    assert {one["kind"] for one in await house.alarms(house.intake, JOURNEYS)} == {
        "RUN_ENDED",
        "MESSAGE_DOES_NOT_ARRIVE",
    }
    path, body = f"/runs/{case.id}/restart", {"reason": "Máy chủ bị dừng"}
    tried = await house.post(path, body, dry_run=True)
    assert tried["workflow_id"] == f"initiative:{case.id}"
    assert [word["action"] for word in await case.words()].count("RESTART") == 0
    await house.post(path, body)
    await eventually(lambda: _closed(house))
    assert await case.state() == "WITHDRAWN"
    await eventually(lambda: _is_quiet(house))
    kinds = await case.kinds()
    assert kinds.count("RunAlarmRaised") == kinds.count("RunAlarmCleared") == 2
    assert kinds.count("RunStartedAnew") == 1
    stages = await house.review.database.pool.fetchval(
        "select count(*) from stages where dossier_id = $1", case.id
    )
    assert stages == 1, "the stage that was open is the one that goes on"


async def test_a_journey_that_is_stopped_is_an_alarm_at_once_and_goes_on_when_it_is_started_anew(
    house: House,
) -> None:
    case = house.case
    await case.accepted()
    await eventually(lambda: _stage_opened(house))
    path, body = f"/runs/{case.id}/stop", {"reason": "Hồ sơ nộp nhầm đợt, chờ Sở trả lời"}
    await house.post(path, body, dry_run=True)
    assert await house.is_running()
    await house.post(path, body)
    answer = await house.intake.http.get("/v1/alarms", headers=house.headers())
    found = [(alarm["kind"], alarm["found"]) for alarm in answer.json()["items"]]
    assert ("RUN_ENDED", "STOPPED") in found, "before anybody has looked"

    async def is_over() -> bool:
        return await house.status() is WorkflowExecutionStatus.TERMINATED

    await eventually(is_over)
    for _ in range(2):
        [alarm] = await house.alarms(house.intake, JOURNEYS)
        assert (alarm["kind"], alarm["found"]) == ("RUN_ENDED", "STOPPED"), "nobody takes it off the list"

    # What people do meanwhile is accepted, and kept.
    assert (await case.act("withdrawal", case.author, {"reason": "x"})).status_code < 300
    await house.post(f"/runs/{case.id}/restart", {"reason": "Sở đã trả lời"})
    await eventually(lambda: _closed(house))
    assert await case.state() == "WITHDRAWN"
    await eventually(lambda: _is_quiet(house))
    kinds = await case.kinds()
    assert (kinds.count("RunStopped"), kinds.count("RunStartedAnew")) == (1, 1)
    over = await house.intake.http.post(f"/v1{path}", json=body, headers=house.headers())
    assert over.status_code in {404, 409}, "what is over has nothing to stop"


async def test_that_a_journey_was_stopped_shows_where_it_had_ended_before(house: House) -> None:
    case = house.case
    await case.accepted()
    await eventually(lambda: _stage_opened(house))
    await house.client.get_workflow_handle(f"initiative:{case.id}").terminate("by hand")

    async def found(what: str) -> bool:
        alarms = await house.alarms(house.intake, JOURNEYS)
        return [(alarm["kind"], alarm["found"]) for alarm in alarms] == [("RUN_ENDED", what)]

    await eventually(lambda: found("TERMINATED"))
    await house.post(f"/runs/{case.id}/stop", {"reason": "Chờ Sở trả lời"})
    assert await found("STOPPED")
    assert await found("STOPPED")
    kinds = await case.kinds()
    assert (kinds.count("RunAlarmRaised"), kinds.count("RunAlarmCleared")) == (2, 1)


async def test_a_journey_is_stopped_once_and_by_administrators_of_the_province(house: House) -> None:
    await house.case.accepted()
    await eventually(lambda: _stage_opened(house))
    path, body = f"/v1/runs/{house.case.id}/stop", {"reason": "x"}
    below = house.intake.headers(uuid4(), held(PostKind.ADMIN, *house.case.path))
    assert (await house.intake.http.post(path, json=body, headers=below)).json()["code"] == "Forbidden"
    unknown = f"/v1/runs/{uuid4()}/stop"
    missing = await house.intake.http.post(unknown, json=body, headers=house.headers())
    assert missing.json()["code"] == "NotFound"


async def _closed(house: House) -> bool:
    row = "select closed_at is not null from dossiers where id = $1"
    return bool(await house.intake.database.pool.fetchval(row, house.case.id))


async def _is_quiet(house: House) -> bool:
    return not await house.alarms(house.intake, JOURNEYS)


async def test_a_run_that_runs_is_left_alone_by_a_restart(house: House) -> None:
    await house.case.file()
    await eventually(lambda: _runs(house))
    handle = house.client.get_workflow_handle(f"initiative:{house.case.id}")
    before = (await handle.describe()).run_id
    await house.post(f"/runs/{house.case.id}/restart", {"reason": "x"})

    async def delivered() -> bool:
        return all(word["delivered_at"] for word in await house.case.words())

    await eventually(delivered)
    assert (await handle.describe()).run_id == before


async def test_a_run_that_is_over_with_a_rung_still_to_climb_is_an_alarm(house: House) -> None:
    case = house.case
    await case.file()
    await eventually(lambda: _runs(house))
    await house.client.get_workflow_handle(f"initiative:{case.id}").cancel()

    async def is_over() -> bool:
        return not await house.is_running()

    await eventually(is_over)
    assert await house.alarms(house.intake, JOURNEYS) == []
    await house.intake.database.pool.execute(
        "update rungs_ahead set at = now() - interval '2 days' where about_id = $1", case.id
    )
    [alarm] = await house.alarms(house.intake, JOURNEYS)
    assert (alarm["kind"], alarm["found"]) == ("RUN_ENDED", "CANCELED")
    await house.post(f"/runs/{case.id}/restart", {"reason": "x"})
    await eventually(house.is_running)
    await eventually(lambda: _is_quiet(house))


async def _runs(house: House) -> bool:
    return all(word["delivered_at"] for word in await house.case.words()) and await house.is_running()


async def test_a_run_is_started_anew_under_its_check_and_hears_the_officer(house: House) -> None:
    case = house.case
    await case.file()
    await eventually(lambda: _runs(house))
    await house.client.get_workflow_handle(f"initiative:{case.id}").terminate("by hand")
    await house.post(f"/runs/{case.id}/restart", {"reason": "x"})
    await eventually(house.is_running)
    assert (await case.act("acceptance", case.officer)).status_code == 200
    await eventually(lambda: _stage_opened(house))


async def test_only_administrators_of_the_province_start_anew_and_only_what_there_is(house: House) -> None:
    await house.case.file()
    body = {"reason": "x"}
    path = f"/v1/runs/{house.case.id}/restart"
    below = house.intake.headers(uuid4(), held(PostKind.ADMIN, *house.case.path))
    assert (await house.intake.http.post(path, json=body, headers=below)).json()["code"] == "Forbidden"
    unknown = f"/v1/runs/{uuid4()}/restart"
    answer = await house.intake.http.post(unknown, json=body, headers=house.headers())
    assert answer.json()["code"] == "NotFound"


async def _poison(database: Database, workflow_id: str) -> None:
    async with database.transaction() as tx:
        await signal_workflow(tx, uuid4(), workflow_id, "clock_moved", {"text": "x" * 5_000_000})


async def test_a_word_that_can_never_be_said_is_an_alarm_until_somebody_dismisses_it(house: House) -> None:
    case = house.case
    await case.file()
    await eventually(lambda: _runs(house))
    await _poison(house.intake.database, f"initiative:{case.id}")

    async def seen() -> bool:
        return bool(await house.alarms(house.intake, JOURNEYS))

    await eventually(seen, 30)
    [alarm] = await house.alarms(house.intake, JOURNEYS)
    assert alarm["kind"] == "MESSAGE_DOES_NOT_ARRIVE"
    assert alarm["found"] == "FAULT clock_moved"
    assert alarm["subject_code"].startswith("SK-")
    # What comes after it waits, for words of a run are said in order.
    assert (await case.act("acceptance", case.officer)).status_code == 200
    retried = await house.post(f"/run-alarms/{alarm['id']}/retry")
    assert retried["messages"] == 1
    await eventually(seen, 30)
    [again] = await house.alarms(house.intake, JOURNEYS)
    assert again["id"] != alarm["id"]
    await house.post(f"/run-alarms/{again['id']}/dismissal", {"reason": "Thông tin thử"})
    assert await house.alarms(house.intake, JOURNEYS) == []
    await eventually(lambda: _stage_opened(house))
    kinds = await case.kinds()
    assert kinds.count("RunAlarmRaised") == kinds.count("RunAlarmCleared") == 2
    assert kinds.count("MessagesTriedAgain") == kinds.count("MessagesDismissed") == 1


async def test_a_call_that_is_refused_again_and_again_is_an_alarm_until_it_goes_through(house: House) -> None:
    case, book = house.case, CallBook(house.review.database)
    await case.file()
    call = f"initiative:{case.id}", "review.open_stage"
    await book.failed(*call, "PlanUnknown", 4)
    assert await house.alarms(house.review) == []
    await book.failed(*call, "PlanUnknown", 5)
    [alarm] = await house.alarms(house.review)
    assert (alarm["kind"], alarm["found"]) == ("CALL_REFUSED", "review.open_stage PlanUnknown")
    await book.went_through(*call, 6)
    assert await house.alarms(house.review) == []


async def test_a_run_whose_task_fails_again_and_again_is_an_alarm_and_so_is_its_end(house: House) -> None:
    """As the server marks it. The task fails on a message that nobody of today writes."""
    await house.case.publish()
    handle = await house.client.start_workflow(
        INITIATIVE_WORKFLOW, {"no": "journey"}, id=f"initiative:{uuid4()}", task_queue=TaskQueue.WORKFLOWS
    )
    about = handle.id.rpartition(":")[2]

    async def still_open(_: Tx, about_ids: Sequence[UUID]) -> set[UUID]:
        """Only this one: the server has the ended runs of other tests too."""
        return {UUID(about)} & set(about_ids)

    own = replace(JOURNEYS, still_open=still_open)

    async def seen(kind: str) -> bool:
        return [alarm["kind"] for alarm in await house.alarms(house.intake, own)] == [kind]

    # It marks a run after five attempts, which it makes further and further apart; this one after two.
    await eventually(lambda: seen("RUN_FAILS"), 90)
    [alarm] = await house.alarms(house.intake, own)
    assert (alarm["about_id"], alarm["unit_id"]) == (about, str(house.case.province))
    await handle.terminate()
    await eventually(lambda: seen("RUN_ENDED"), 30)
