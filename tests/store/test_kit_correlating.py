"""The id of a request is found wherever what follows from it is: message, workflow, activity, and what that
writes in its turn."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import structlog
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from kit.correlating import CarriesRequest, current_request_id, for_request
from kit.db import Database
from kit.outbox import WorkflowStart, signal_workflow, start_workflow
from services.review.app import SERVICE
from tests.conftest import ServiceOpener
from tests.notice_cases import eventually
from tests.review_cases import Case
from tests.store.test_kit_relay import client as client  # noqa: PLC0414 - the fixtures
from tests.store.test_kit_relay import database as database  # noqa: PLC0414
from tests.store.test_kit_relay import relaying

QUEUE = "workflows"
HEARD: dict[str, list[str | None]] = {}


@activity.defn
async def hear(name: str) -> None:
    """Says for which request it was called."""
    HEARD.setdefault(name, []).append(current_request_id())


@workflow.defn
class Listening:
    """Calls once at its start, and once for each word."""

    def __init__(self) -> None:
        self._words = 0

    @workflow.run
    async def run(self, name: str) -> None:
        """Two words, and it ends."""
        await workflow.execute_activity(hear, name, start_to_close_timeout=timedelta(seconds=10))
        for count in (1, 2):
            await workflow.wait_condition(lambda count=count: self._words >= count)  # type: ignore[misc]
            await workflow.execute_activity(hear, name, start_to_close_timeout=timedelta(seconds=10))

    @workflow.signal
    def word(self, _: Any) -> None:
        """One more."""
        self._words += 1


@pytest.fixture
async def carrying(client: Client) -> AsyncIterator[Client]:
    config = client.config()
    config["interceptors"] = [*config["interceptors"], CarriesRequest()]
    own = Client(**config)
    worker = Worker(
        own,
        task_queue=QUEUE,
        workflows=[Listening],
        activities=[hear],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker:
        yield own


async def test_the_id_goes_from_the_message_to_the_activity(database: Database, carrying: Client) -> None:
    name = uuid4().hex
    start = WorkflowStart(
        event_id=uuid4(), workflow_id=name, workflow="Listening", message=name, search_attributes={}
    )
    async with relaying(database, carrying):
        with for_request("first-request"):
            async with database.transaction() as tx:
                await start_workflow(tx, start)
        await eventually(lambda: _has_heard(name, 1), 60)
        async with database.transaction() as tx:
            await signal_workflow(tx, uuid4(), name, "word", {})
        await eventually(lambda: _has_heard(name, 2), 60)
        with for_request("second-request"):
            async with database.transaction() as tx:
                await signal_workflow(tx, uuid4(), name, "word", {})
        await eventually(lambda: _has_heard(name, 3), 60)
    # Of a word that nobody asked for, what is known last is told.
    assert HEARD[name] == ["first-request", "first-request", "second-request"]


async def _has_heard(name: str, count: int) -> bool:
    return len(HEARD.get(name, [])) >= count


@pytest.mark.parametrize(
    ("given", "taken"),
    [("abc-123_DEF.4", True), ("short", False), ("x" * 65, False), ("a b c d e f g", False)],
)
async def test_an_answer_bears_the_callers_id_where_it_has_the_form_of_one(
    open_service: ServiceOpener, given: str, taken: bool
) -> None:
    async with open_service(SERVICE) as service:
        answer = await service.http.get("/v1/tasks", headers={"X-Request-Id": given})
        told = answer.headers["X-Request-Id"]
        assert (told == given) == taken
        assert answer.status_code == 401
        assert answer.json()["request_id"] == told
        assert (await service.http.get("/v1/tasks")).headers["X-Request-Id"] != told


async def test_a_request_leaves_one_line_that_names_nobody(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        with structlog.testing.capture_logs() as lines:
            headers = service.headers(uuid4())
            answer = await service.http.get("/v1/tasks?kind=MARK&text=Nguyễn", headers=headers)
        own = [line for line in lines if line["event"] == "request"]
        assert [(line["method"], line["route"], line["status"]) for line in own] == [
            ("GET", "/v1/tasks", answer.status_code)
        ]
        assert own[0].keys() == {"event", "log_level", "method", "route", "status", "ms"}


async def test_probes_leave_none(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        with structlog.testing.capture_logs() as lines:
            answers = [await service.http.get(path) for path in ("/livez", "/readyz", "/metrics")]
        assert {answer.status_code for answer in answers} == {httpx.codes.OK}
        assert not [line for line in lines if line["event"] == "request"]


async def test_an_act_leaves_a_line_once_it_is_committed(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        with structlog.testing.capture_logs() as lines:
            case = Case(service)
            await case.open()
        acts = [line for line in lines if line["event"] == "act"]
        assert {line["subject_id"] for line in acts if "subject_id" in line} == {str(case.dossier)}
        assert all(
            line.keys() <= {"event", "log_level", "kind", "subject_id", "event_id", "events"} for line in acts
        )
        with structlog.testing.capture_logs() as lines:
            async with service.database.trial() as tx:
                tx.acts.append({"kind": "Tried"})
        assert not lines
