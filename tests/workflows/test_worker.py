"""The worker comes and goes, and what it sends is unreadable on the way."""

import base64
import secrets

from kit.wire import data_converter
from language.messages.journey import JourneyOutcome
from processes.worker import sandbox, workflow_worker
from tests.workflows import scenarios
from tests.workflows.cases import LEVELS
from tests.workflows.world import World, open_world


async def test_a_new_worker_takes_up_a_journey_midway(world: World) -> None:
    queue = "restarted"
    async with workflow_worker(world.env.client, queue, runner=sandbox()):
        journey = await world.file(queue=queue)
        await journey.accept()
        await journey.decide("UNIT")
        await journey.until(journey.desk.started["COMMUNE"].rungs[0].at)
    async with workflow_worker(world.env.client, queue, runner=sandbox()):
        for level in LEVELS[1:]:
            await journey.decide(level)
        closed = await journey.closed()
    assert closed.outcome is JourneyOutcome.RECOGNISED
    assert [result.level for result in closed.levels] == list(LEVELS)
    assert journey.desk.asked.count("climb COMMUNE remind") == 1


async def test_with_a_key_nothing_readable_is_left_in_the_history() -> None:
    keys = f"first:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    async with open_world(data_converter(keys)) as world:
        journey = await scenarios.paid(world)
        assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
        payloads = [
            event.SerializeToString() for history in await journey.histories() for event in history.events
        ]
    written = b"".join(payloads)
    dossier = journey.desk.journey
    for secret in (
        dossier.dossier_code,
        dossier.route.plan_hash,
        "decision_number",
        "UNIT-1/QĐ",
        "plan_hash",
    ):
        assert secret.encode() not in written
    assert b"binary/encrypted" in written
