"""`python -m tests.replay.fingerprints`: writes down the order of commands in the workflow files, as read
from their syntax.

Replay finds a changed order only on a path that somebody recorded; this finds the edit itself.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

WORKFLOWS = Path(__file__).parents[2] / "workflows"
FINGERPRINTS = Path(__file__).parent / "fingerprints.json"

_COMMANDS = {
    "execute_activity",
    "execute_activity_method",
    "start_activity",
    "start_activity_method",
    "execute_local_activity",
    "execute_local_activity_method",
    "execute_child_workflow",
    "start_child_workflow",
    "wait_condition",
    "sleep",
    "patched",
    "deprecate_patch",
    "upsert_search_attributes",
    "upsert_memo",
    "continue_as_new",
}
_OUTSIDE_WORKFLOWS = {"wire.py", "worker.py"}
_OWN_METHOD = re.compile(r"self\._\w+")
_NAMED_BY_FIRST_ARGUMENT = ("activity", "workflow", "patch")
_BLOCKS = (ast.If, ast.For, ast.While, ast.Try, ast.ExceptHandler, ast.Match, ast.With)


def _step(node: ast.AST) -> str | None:
    """A command of Temporal, or a call of ours that may issue some; None for anything else."""
    call = node.value if isinstance(node, ast.Await) else node
    if not isinstance(call, ast.Call):
        return None
    name = ast.unparse(call.func)
    command = name.removeprefix("workflow.")
    if command not in _COMMANDS:
        if isinstance(node, ast.Await):
            return f"await {name}"
        return name if _OWN_METHOD.fullmatch(name) else None
    is_named = any(word in command for word in _NAMED_BY_FIRST_ARGUMENT)
    return f"{command}({ast.unparse(call.args[0])})" if is_named else command


def steps_in(node: ast.AST, path: tuple[str, ...]) -> Iterator[str]:
    """Steps below this node in the order of the text, each under the functions and blocks around it."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        path = (*path, node.name)
    elif isinstance(node, _BLOCKS):
        path = (*path, type(node).__name__.lower())
    step = _step(node)
    if step:
        yield " / ".join((*path, step))
    inner = node.value if step and isinstance(node, ast.Await) else node
    for child in ast.iter_child_nodes(inner):
        yield from steps_in(child, path)


def fingerprints() -> dict[str, list[str]]:
    """The steps of every file of workflows/ that has any."""
    files = {
        file.name: list(steps_in(ast.parse(file.read_text(encoding="utf-8")), ()))
        for file in sorted(WORKFLOWS.glob("*.py"))
    }
    return {name: steps for name, steps in files.items() if steps and name not in _OUTSIDE_WORKFLOWS}


def committed() -> dict[str, list[str]]:
    """The order that dossiers under way rely on."""
    read: dict[str, list[str]] = json.loads(FINGERPRINTS.read_text(encoding="utf-8"))
    return read


if __name__ == "__main__":
    FINGERPRINTS.write_text(json.dumps(fingerprints(), indent=2) + "\n", encoding="utf-8")
