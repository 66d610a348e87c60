"""After a restore: runs that are lost, ended, from before or about nothing are found, and mended from rows.
Real services, a real server, the real worker."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy

from casework.runs.comparing import RunComparer
from casework.runs.own import OwnRuns
from kit.leading import take_lead
from language.names import INITIATIVE_WORKFLOW, TaskQueue
from language.posts.kinds import PostKind
from services.intake.operations.starting_anew import JOURNEYS
from services.review.operations.complaint_runs import CASE_RUNS
from tests.conftest import TestService, held
from tests.notice_cases import eventually
from tests.store.test_runs import House, client, house

__all__ = ["client", "house"]  # fixtures


async def compare(
    house: House, service: TestService, own: OwnRuns, restored_at: datetime | None = None
) -> dict[str, str]:
    """What does not fit, by the run's id."""
    body = {"restored_at": restored_at.isoformat() if restored_at else None}
    asked = await service.http.post("/v1/run-comparisons", json=body, headers=house.headers())
    assert asked.status_code == 201, asked.text
    async with service.database.connection() as conn:
        lease = await take_lead(conn, "comparing", uuid4())
        assert lease
        await RunComparer(service.database, own).compare_next(lease, house.client)
        await conn.execute("delete from leaders where what = 'comparing'")
    where = asked.headers["location"]
    done = await service.http.get(where, headers=house.headers())
    assert done.json()["finished_at"]
    assert done.json()["examined"] == done.json()["total"]
    found = await service.http.get(f"{where}/findings", headers=house.headers())
    return {one["workflow_id"]: one["kind"] for one in found.json()["items"]}


async def _run_id(house: House) -> str:
    described = await house.client.get_workflow_handle(f"initiative:{house.case.id}").describe()
    return described.run_id


async def _is_settled(house: House) -> bool:
    words = await house.case.words()
    return all(word["delivered_at"] for word in words) and await house.is_running()


async def _stage_opened(house: House) -> bool:
    row = "select count(*) from stages where dossier_id = $1 and state = 'OPEN'"
    return bool(await house.review.database.pool.fetchval(row, house.case.id))


async def _restart(house: House, **said: Any) -> None:
    item = {"id": str(house.case.id), "reason": "Khôi phục", **said}
    answer = await house.post("/batch/runs/restart", {"items": [item]})
    assert (answer["done"], answer["refused"]) == (1, 0), answer


async def test_what_fits_is_left_alone(house: House) -> None:
    await house.case.accepted()
    await eventually(lambda: _stage_opened(house))
    await eventually(lambda: _is_settled(house))
    assert f"initiative:{house.case.id}" not in await compare(house, house.intake, JOURNEYS)
    assert f"initiative:{house.case.id}" not in await compare(house, house.review, CASE_RUNS)


async def test_a_run_that_temporal_has_lost_is_found_by_whoever_waits_for_it_and_starts_from_rows(
    house: House,
) -> None:
    case = house.case
    await case.accepted()
    await eventually(lambda: _stage_opened(house))
    await eventually(lambda: _is_settled(house))
    workflow_id = f"initiative:{case.id}"
    await _forget(house, workflow_id)
    assert (await compare(house, house.intake, JOURNEYS))[workflow_id] == "RUN_MISSING"
    assert (await compare(house, house.review, CASE_RUNS))[workflow_id] == "RUN_MISSING"
    # What is said meanwhile does not hold up the start behind it, and is heard after it.
    assert (await case.act("withdrawal", case.author, {"reason": "x"})).status_code < 300

    async def is_tried() -> bool:
        return bool((await case.words())[-1]["trouble"])

    await eventually(is_tried)
    await _restart(house)
    await eventually(lambda: _is_closed(house))
    assert await case.state() == "WITHDRAWN"
    assert (await case.kinds()).count("RunStartedAnew") == 1


async def _forget(house: House, workflow_id: str) -> None:
    service = house.client.workflow_service
    request = DeleteWorkflowExecutionRequest(
        namespace=house.client.namespace, workflow_execution=WorkflowExecution(workflow_id=workflow_id)
    )
    await service.delete_workflow_execution(request)

    async def is_gone() -> bool:
        found = [run async for run in house.client.list_workflows(f"WorkflowId = '{workflow_id}'")]
        return not found

    await eventually(is_gone, 30)


async def _is_closed(house: House) -> bool:
    row = "select closed_at is not null from dossiers where id = $1"
    return bool(await house.intake.database.pool.fetchval(row, house.case.id))


async def test_a_run_from_before_that_has_heard_less_is_replaced_by_one_from_rows(house: House) -> None:
    case = house.case
    await case.accepted()
    await eventually(lambda: _stage_opened(house))
    await eventually(lambda: _is_settled(house))
    workflow_id = f"initiative:{case.id}"
    [start] = [word for word in await case.words() if word["action"] == "START"]
    # What an older Temporal would know: the filing, and nothing after it.
    old = await house.client.start_workflow(
        INITIATIVE_WORKFLOW,
        start["payload"],
        id=workflow_id,
        task_queue=TaskQueue.WORKFLOWS,
        id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
    )
    assert workflow_id not in await compare(house, house.intake, JOURNEYS)
    found = await compare(house, house.intake, JOURNEYS, restored_at=datetime.now(UTC))
    assert found[workflow_id] == "RUN_FROM_BEFORE"
    await _restart(house)
    await eventually(lambda: _is_settled(house))
    assert await _run_id(house) == old.first_execution_run_id, "one that runs is left alone"
    await _restart(house, in_place=True)
    await eventually(lambda: _is_settled(house))
    assert await _run_id(house) != old.first_execution_run_id
    assert (await case.act("withdrawal", case.author, {"reason": "x"})).status_code < 300
    await eventually(lambda: _is_closed(house))
    stages = "select count(*) from stages where dossier_id = $1"
    assert await house.review.database.pool.fetchval(stages, case.id) == 1


async def test_a_run_that_has_ended_though_its_dossier_has_not_goes_on(house: House) -> None:
    """As when the services have fallen back to before its end."""
    case = house.case
    await case.file()
    await eventually(lambda: _is_settled(house))
    await house.client.get_workflow_handle(f"initiative:{case.id}").cancel()

    async def is_over() -> bool:
        return not await house.is_running()

    await eventually(is_over)
    found = await compare(house, house.intake, JOURNEYS)
    assert found[f"initiative:{case.id}"] == "RUN_ENDED"
    await _restart(house, in_place=True)
    await eventually(house.is_running)
    assert (await case.act("acceptance", case.officer)).status_code == 200
    await eventually(lambda: _stage_opened(house))


async def test_a_run_of_what_no_service_knows_is_ended_and_no_other(house: House) -> None:
    case = house.case
    await case.file()
    await eventually(lambda: _is_settled(house))
    [start] = [word for word in await case.words() if word["action"] == "START"]
    about = uuid4()
    stray = await house.client.start_workflow(
        INITIATIVE_WORKFLOW,
        start["payload"] | {"dossier_id": str(about)},
        id=f"initiative:{about}",
        task_queue=TaskQueue.WORKFLOWS,
    )

    async def is_found() -> bool:
        return (await compare(house, house.intake, JOURNEYS)).get(stray.id) == "RUN_OF_NOTHING"

    await eventually(is_found, 30)
    body = {"workflow_id": f"initiative:{case.id}", "reason": "Khôi phục"}
    path = f"/v1/runs/{case.id}/end"
    refused = await house.intake.http.post(path, json=body, headers=house.headers())
    assert (refused.status_code, refused.json()["code"]) == (409, "RunHasItsCase")
    body["workflow_id"] = stray.id
    elsewhere = await house.intake.http.post(path, json=body, headers=house.headers())
    assert elsewhere.json()["code"] == "RunOfAnother"
    await house.post(f"/runs/{about}/end", body)

    async def is_ended() -> bool:
        return (await stray.describe()).status is WorkflowExecutionStatus.TERMINATED

    await eventually(is_ended)
    assert await house.is_running()


async def test_only_administrators_of_the_province_compare_and_read(house: House) -> None:
    await house.case.publish()
    below = house.intake.headers(uuid4(), held(PostKind.ADMIN, *house.case.path))
    http = house.intake.http
    asked = await http.post("/v1/run-comparisons", json={}, headers=below)
    assert asked.json()["code"] == "Forbidden"
    made = await http.post("/v1/run-comparisons", json={}, headers=house.headers())
    where = made.headers["location"]
    assert (await http.get(where, headers=below)).json()["code"] == "NotFound"
    assert (await http.get(f"{where}/findings", headers=below)).json()["code"] == "NotFound"
    assert (await http.get(where, headers=house.headers())).json()["total"] is None
