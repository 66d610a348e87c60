"""Histories of dossiers under way, recorded with older code, on the code of today."""

import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from kit.wire import data_converter
from processes.worker import WORKFLOWS, sandbox
from tests.replay.record import HISTORIES
from tests.workflows.case_runs import CASE_RUNS
from tests.workflows.scenarios import SCENARIOS

FILES = sorted(HISTORIES.glob("*.json"))


def _replayer() -> Replayer:
    return Replayer(workflows=WORKFLOWS, workflow_runner=sandbox(), data_converter=data_converter())


def _history(file: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(file.stem, file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_the_code_of_today_goes_the_way_that_was_recorded(file: Path) -> None:
    await _replayer().replay_workflow(_history(file))


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
async def test_a_journey_cut_off_midway_is_taken_up_again(share: float) -> None:
    recorded = json.loads((HISTORIES / "nobody_acts.json").read_text(encoding="utf-8"))
    started = [
        number
        for number, event in enumerate(recorded["events"])
        if event["eventType"] == "EVENT_TYPE_WORKFLOW_TASK_COMPLETED"
    ]
    cut = {"events": recorded["events"][: started[int(len(started) * share)] + 1]}
    await _replayer().replay_workflow(WorkflowHistory.from_json("cut", cut))


def test_every_path_has_its_history() -> None:
    missing = [name for name in (*SCENARIOS, *CASE_RUNS) if not (HISTORIES / f"{name}.json").exists()]
    assert not missing, "record them: python -m tests.replay.record"


async def test_replay_notices_another_order_of_commands() -> None:
    text = (
        (HISTORIES / "refused.json")
        .read_text(encoding="utf-8")
        .replace("review.open_stage", "review.reopen_stage")
    )
    with pytest.raises(NondeterminismError):
        await _replayer().replay_workflow(WorkflowHistory.from_json("refused", text))
