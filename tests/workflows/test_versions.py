"""Two builds of the workflow worker side by side, on a real server: who gets which dossier, and that each one
ends, whichever build it began on. Activities are asked of workers that are not versioned, as in life."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs
from temporalio.api.enums.v1 import EventType
from temporalio.worker import Worker

from kit.versions import (
    BuildUnknown,
    Routing,
    make_current,
    ramp,
    require_known,
    routing_of,
    tell_if_idle,
)
from language.messages.journey import JourneyClosed, JourneyOutcome
from processes import rollout
from processes.worker import sandbox, workflow_worker
from tests.conftest import free_port
from tests.workflows.cases import LEVELS
from tests.workflows.world import Journey, World

OLD, NEW = "old", "new"
STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
DOSSIERS = 40
WAITS = 20.0


class Builds:
    """Builds of one deployment on a task queue of their own."""

    def __init__(self, world: World) -> None:
        self.world, self.name, self.queue = world, f"deployment-{uuid4().hex}", f"queue-{uuid4().hex}"

    def worker(self, build: str) -> AbstractAsyncContextManager[Worker]:
        """A worker of this build."""
        return workflow_worker(
            self.world.env.client, self.queue, build, runner=sandbox(), deployment=self.name
        )

    def unversioned(self) -> AbstractAsyncContextManager[Worker]:
        """A worker as they are where there are no versions."""
        return workflow_worker(self.world.env.client, self.queue, runner=sandbox())

    async def current(self, build: str) -> None:
        """All work goes to this build."""
        await require_known(self.world.env.client, self.name, build, WAITS)
        await make_current(self.world.env.client, self.name, build)

    async def ramp(self, build: str, percent: float) -> None:
        """So much goes to this one."""
        await require_known(self.world.env.client, self.name, build, WAITS)
        await ramp(self.world.env.client, self.name, build, percent)

    async def routing(self) -> Routing:
        """Who gets what."""
        return await routing_of(self.world.env.client, self.name)

    async def file(self) -> Journey:
        """A dossier for these workers."""
        return await self.world.file(queue=self.queue)


async def worked_by(journey: Journey) -> list[str]:
    """The builds that carried it, in the order in which they did; empty for a worker without a version."""
    found: list[str] = []
    for history in await journey.histories():
        for event in history.events:
            if event.event_type == STARTED:
                done = event.workflow_task_completed_event_attributes
                build = done.deployment_version.build_id if done.HasField("deployment_version") else ""
                if not found or found[-1] != build:
                    found.append(build)
    return found


async def end(journey: Journey, *levels: str) -> JourneyClosed:
    """All levels from here on decide."""
    for level in levels:
        await journey.decide(level)
    return await journey.closed()


@pytest.fixture
def builds(world: World) -> Builds:
    return Builds(world)


async def test_a_dossier_begun_on_the_old_build_ends_on_the_new(builds: Builds) -> None:
    async with builds.worker(OLD):
        await builds.current(OLD)
        journey = await builds.file()
        await journey.accept()
        await journey.decide(LEVELS[0])
        async with builds.worker(NEW):
            await builds.current(NEW)
            closed = await end(journey, *LEVELS[1:])
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert [level.level for level in closed.levels] == list(LEVELS)
    assert await worked_by(journey) == [OLD, NEW]
    assert (await builds.routing()).current == NEW


async def test_the_old_build_may_go_before_the_dossier_has_moved(builds: Builds) -> None:
    async with builds.worker(OLD):
        await builds.current(OLD)
        journey = await builds.file()
        await journey.accept()
    async with builds.worker(NEW):
        await builds.current(NEW)
        closed = await end(journey, *LEVELS)
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert await worked_by(journey) == [OLD, NEW]


async def test_nothing_is_done_until_a_build_is_made_current(builds: Builds) -> None:
    async with builds.worker(NEW):
        journey = await builds.file()
        await require_known(builds.world.env.client, builds.name, NEW, WAITS)
        await asyncio.sleep(1)
        assert await worked_by(journey) == []
        assert (await builds.routing()).current == ""
        await builds.current(NEW)
        await journey.accept()
        closed = await end(journey, *LEVELS)
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert await worked_by(journey) == [NEW]


async def test_dossiers_from_before_there_were_versions_go_on_and_go_back(builds: Builds) -> None:
    async with builds.unversioned():
        journey = await builds.file()
        await journey.accept()
    async with builds.worker(NEW):
        await builds.current(NEW)
        await journey.decide(LEVELS[0])
        await journey.settle()
    async with builds.unversioned():
        await make_current(builds.world.env.client, builds.name, "")
        closed = await end(journey, *LEVELS[1:])
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert await worked_by(journey) == ["", NEW, ""]


async def test_a_ramp_gives_the_new_build_a_share_and_a_dossier_keeps_its_side(builds: Builds) -> None:
    async with builds.worker(OLD), builds.worker(NEW):
        await builds.current(OLD)
        await builds.ramp(NEW, 50)
        routing = await builds.routing()
        assert (routing.current, routing.ramping, routing.percent) == (OLD, NEW, 50)
        assert {(one.name, one.status) for one in routing.builds} == {(OLD, "current"), (NEW, "ramping")}
        journeys = [await builds.file() for _ in range(DOSSIERS)]
        for journey in journeys:
            await journey.settle()
        began = [await worked_by(journey) for journey in journeys]
        assert all(len(builds_of) == 1 for builds_of in began)
        on_new = [journey for journey, by in zip(journeys, began, strict=True) if by == [NEW]]
        assert DOSSIERS // 5 < len(on_new) < DOSSIERS - DOSSIERS // 5
        first = on_new[0]
        await first.accept()
        await first.decide(LEVELS[0])
        assert await worked_by(first) == [NEW]
        await builds.ramp(NEW, 0)
        assert (await builds.routing()).ramping == ""
        closed = await end(first, *LEVELS[1:])
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert await worked_by(first) == [NEW, OLD]


async def test_a_build_that_was_never_there_gets_no_work(builds: Builds) -> None:
    with pytest.raises(BuildUnknown):
        await require_known(builds.world.env.client, builds.name, NEW, 0.2)
    assert await builds.routing() == Routing()


Told = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def told(builds: Builds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """`await told("current", "new")` is the job with these words; what it prints."""
    address = builds.world.env.client.service_client.config.target_host
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    monkeypatch.setenv("TEMPORAL_DEPLOYMENT_NAME", builds.name)
    monkeypatch.setenv("TEMPORAL_WORKER_BUILD_ID", OLD)
    monkeypatch.setattr(rollout, "_WAIT_SECONDS", 5.0)

    async def tell(*words: str) -> dict[str, Any]:
        await asyncio.to_thread(rollout.main, list(words))
        said: dict[str, Any] = json.loads(capsys.readouterr().out)
        return said

    return tell


async def test_the_job_shows_and_changes_who_gets_the_work(builds: Builds, told: Told) -> None:
    assert (await told())["builds"] == []
    async with builds.worker(OLD), builds.worker(NEW):
        assert (await told("--dry-run", "current"))["changed"] is False
        made = await told("current")
        assert (made["current"], made["changed"]) == (OLD, True)
        assert (await told("current"))["changed"] is False
        ramping = await told("ramp", "25", NEW)
        assert (ramping["ramping"], ramping["percent"]) == (NEW, 25)
        assert (await told("--dry-run", "ramp", "0"))["ramping"] == NEW
        assert (await told("ramp", "0"))["ramping"] == ""
        assert (await told("current", NEW))["current"] == NEW
        assert (await told("unversioned"))["current"] == ""
        assert (await told("unversioned"))["changed"] is False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["current", "never"], "never"),
        (["unversioned"], "Temporal không nhận"),
        (["ramp", "0"], "Temporal không nhận"),
    ],
    ids=["a build that was never there", "no deployment to leave", "no deployment to ramp"],
)
async def test_what_cannot_be_is_a_sentence(told: Told, words: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as ended:
        await told(*words)
    assert said in str(ended.value)


async def test_no_build_ramps_beside_itself(builds: Builds, told: Told) -> None:
    async with builds.worker(OLD):
        await told("current")
        with pytest.raises(SystemExit, match="Temporal không nhận"):
            await told("ramp", "10", OLD)


@pytest.mark.parametrize("percent", ["-1", "101", "nan", "half"])
def test_a_percentage_is_one(percent: str) -> None:
    with pytest.raises(SystemExit) as ended:
        rollout.main(["ramp", percent])
    assert ended.value.code == 2


def test_without_a_deployment_there_is_nothing_to_roll_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEMPORAL_DEPLOYMENT_NAME", raising=False)
    with pytest.raises(SystemExit, match="TEMPORAL_DEPLOYMENT_NAME"):
        rollout.main([])


def test_a_server_that_is_away_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_DEPLOYMENT_NAME", "x")
    monkeypatch.setenv("BUILD_ID", OLD)
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{free_port()}")
    with pytest.raises(SystemExit, match="chưa trả lời"):
        rollout.main([])


async def test_a_worker_that_gets_no_work_says_so(builds: Builds) -> None:
    client = builds.world.env.client
    async with builds.worker(OLD):
        with capture_logs() as lines:
            await tell_if_idle(client, builds.name, OLD)
        assert [line["event"] for line in lines] == ["worker.gets_no_work"]
        await builds.current(OLD)
        with capture_logs() as lines:
            await tell_if_idle(client, builds.name, OLD)
        assert lines == []
