"""What histories say has its Vietnamese words."""

import ast
from pathlib import Path

from cli import words
from services.kit.clock_moves import MoveKind
from workflows.contracts.journey import JourneyOutcome, StageOutcome
from workflows.contracts.plan import RungAction, SeatRole
from workflows.contracts.rung import RungFinding
from workflows.contracts.transition import StageFate, TransitionClass, TransitionReason

OPERATIONS = [
    file for service in ("intake", "review", "payout") for file in (Path(__file__).parents[2] / "services" / service / "operations").glob("*.py")
]
NEVER_WRITTEN = {RungFinding.ALREADY_FIRED, RungFinding.TOO_LATE, RungFinding.NOT_YET}


def _event_kinds() -> set[str]:
    """The constants given as `kind` to an event, a move or an occasion."""
    calls = [node for file in OPERATIONS for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    makers = {"Event", "Move", "Occasion"}
    return {
        keyword.value.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in makers
        for keyword in call.keywords
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant)
    }


def test_every_event_of_a_dossier_is_told_in_vietnamese() -> None:
    kinds = _event_kinds()
    assert len(kinds) > 15
    assert kinds | {"RulesChanged", "RulesChangeDeclined"} <= words.EVENTS.keys()
    assert {f"Clock{kind.title().replace('_', '')}" for kind in MoveKind} <= words.EVENTS.keys()


def test_acts_findings_and_outcomes_are_told_in_vietnamese() -> None:
    assert set(RungAction) <= words.ACTIONS.keys()
    assert set(RungFinding) - NEVER_WRITTEN <= words.FINDINGS.keys()
    assert {*JourneyOutcome, *StageOutcome, *SeatRole} <= words.VALUES.keys()
    assert {*TransitionClass, *TransitionReason, *StageFate} <= words.VALUES.keys()
