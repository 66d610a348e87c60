"""A worker is told something in a form that only a later release knows: it does not act on it, and does not
lose it."""

import asyncio

import pytest
from temporalio.api.enums.v1 import EventType

from language.messages import versions
from language.messages.journey import JourneyOutcome
from language.messages.review import StageDecided
from language.versions import Body
from tests.workflows.cases import LEVELS
from tests.workflows.world import Journey, World


async def _fails(journey: Journey) -> bool:
    """Its next step fails within some seconds; the server tries it again and again."""
    for _ in range(300):
        history = await journey.handle.fetch_history()
        if any(one.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED for one in history.events):
            return True
        await asyncio.sleep(0.1)
    return False


async def test_a_signal_of_a_later_release_waits_for_a_worker_that_knows_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = await world.file()
    await journey.accept()
    asked = versions.message_body

    def older(kind: type, body: Body) -> Body:
        return asked(kind, {**body, "version": 2} if kind is StageDecided else body)

    with monkeypatch.context() as before:
        before.setattr(versions, "message_body", older)
        before.setattr("kit.wire._VERSION", b"{")
        await journey.tell_decision(await journey.decide(LEVELS[0], told=False))
        assert await _fails(journey)
    await journey.settle()
    for level in LEVELS[1:]:
        await journey.decide(level)
    assert (await journey.closed()).outcome is JourneyOutcome.RECOGNISED
