"""`python -m tests.replay.record`: records the history of every path that has none yet.

A recorded history stands for dossiers that are under way with the code of that day, so it is never recorded
again."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle

from tests.workflows.case_runs import CASE_RUNS
from tests.workflows.scenarios import SCENARIOS
from tests.workflows.world import World, open_world

HISTORIES = Path(__file__).parent / "histories"


def _without_stack_traces(node: Any) -> Any:
    """Traces show where this checkout lies, and no replay looks at them."""
    if isinstance(node, dict):
        return {key: _without_stack_traces(value) for key, value in node.items() if key != "stackTrace"}
    return [_without_stack_traces(item) for item in node] if isinstance(node, list) else node


async def _save(name: str, handle: WorkflowHandle[Any, Any]) -> None:
    history = _without_stack_traces(json.loads((await handle.fetch_history()).to_json()))
    (HISTORIES / f"{name}.json").write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")


async def _record(world: World, name: str) -> None:
    journey = await SCENARIOS[name](world)
    await journey.closed()
    for level in journey.desk.awards:
        await _save(f"{name}.payout-{level.lower()}", journey.payout(level).handle)
    await _save(name, journey.handle)


async def record_missing() -> list[str]:
    """Walk the paths without a history; returns their names."""
    HISTORIES.mkdir(exist_ok=True)
    missing = [name for name in (*SCENARIOS, *CASE_RUNS) if not (HISTORIES / f"{name}.json").exists()]
    if missing:
        async with open_world() as world:
            for name in missing:
                if name in CASE_RUNS:
                    await _save(name, (await CASE_RUNS[name](world)).handle)
                else:
                    await _record(world, name)
    return missing


if __name__ == "__main__":
    asyncio.run(record_missing())
    # The SDK's threads can abort an interpreter that is ending (temporalio 1.35); everything is written by
    # now.
    os._exit(0)
