"""What histories say has its Vietnamese words."""

import ast
from pathlib import Path

from language.messages.rung import RungFinding

from casework.clocks.moves import MoveKind
from cli import words
from cli.history import HIDDEN
from language.messages.journey import JourneyOutcome, StageOutcome
from language.messages.transition import StageFate, TransitionClass, TransitionReason
from language.plan.review_plan import RungAction, SeatRole
from language.plan.rule_kinds import DeviationAction, VotingMethod
from services.intake.domain.dossier import DossierContent
from services.review.domain.stage import Vote

ROOT = Path(__file__).parents[2]
SERVICES = ROOT / "services"
OPERATIONS = [
    file
    for service in ("intake", "review", "payout")
    for file in (SERVICES / service / "operations").glob("*.py")
]
NEVER_WRITTEN = {RungFinding.ALREADY_FIRED, RungFinding.TOO_LATE, RungFinding.NOT_YET}


def _event_kinds() -> set[str]:
    """The constants given as `kind` to an event, a move or an occasion."""
    calls = [
        node
        for file in OPERATIONS
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
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


def _detail_keys() -> set[str]:
    """Every key of what is given as `detail`."""
    files = [
        *OPERATIONS,
        *SERVICES.glob("*/domain/ladder.py"),
        ROOT / "casework" / "hand_over.py",
        ROOT / "casework" / "clocks" / "moves.py",
    ]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    given = [node.value for node in nodes if isinstance(node, ast.keyword) and node.arg == "detail"]
    given += [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"detail", "about"}
    ]
    given += [
        node
        for node in nodes
        if isinstance(node, ast.FunctionDef) and node.name in {"_figures", "_deviation"}
    ]
    inside = [node for value in given for node in ast.walk(value)]
    return {
        key.value
        for node in inside
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }


def test_every_detail_of_an_event_has_its_vietnamese_word() -> None:
    keys = _detail_keys()
    assert len(keys) > 50
    assert sorted(keys - HIDDEN - words.DETAILS.keys()) == []


def test_votes_and_the_fields_of_a_dossier_are_told_in_vietnamese() -> None:
    assert set(Vote) <= words.DETAILS.keys()
    assert {*VotingMethod, *DeviationAction, *DossierContent.__dataclass_fields__} <= words.VALUES.keys()


def test_acts_findings_and_outcomes_are_told_in_vietnamese() -> None:
    assert set(RungAction) <= words.ACTIONS.keys()
    assert set(RungFinding) - NEVER_WRITTEN <= words.FINDINGS.keys()
    assert {*JourneyOutcome, *StageOutcome, *SeatRole} <= words.VALUES.keys()
    assert {*TransitionClass, *TransitionReason, *StageFate} <= words.VALUES.keys()
