"""`python -m tests.replay.fingerprints`: writes down the order of commands in the workflow files, and the
rules that run in them, as read from their syntax.

Replay finds a changed order only on a path that somebody recorded; this finds the edit itself.
"""

import ast
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

WORKFLOWS = Path(__file__).parents[2] / "workflows"
LANGUAGE = WORKFLOWS.parent / "language"
FINGERPRINTS = Path(__file__).parent / "fingerprints.json"
RULES = Path(__file__).parent / "rules.json"

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


def rules_in_replay() -> dict[str, str]:
    """A digest of every function of the language that workflow code can reach: what they answer decides which
    command comes next. Comments and docstrings are left out."""
    found: dict[str, str] = {}
    waiting, seen = [*sorted(WORKFLOWS.glob("*.py"))], set[Path]()
    while waiting:
        file = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        tree = ast.parse(file.read_text(encoding="utf-8"))
        waiting += _modules_of_language(tree)
        if LANGUAGE in file.parents:
            name = str(file.relative_to(LANGUAGE.parent))
            found |= {f"{name}: {path}": digest for path, digest in digests_in(tree, ())}
    return dict(sorted(found.items()))


def _modules_of_language(tree: ast.AST) -> list[Path]:
    names = (node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    files = (
        LANGUAGE.parent / f"{name.replace('.', '/')}.py" for name in names if name.startswith("language")
    )
    return [file for file in files if file.exists()]


def digests_in(node: ast.AST, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each function below this node with the digest of what it does."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from digests_in(child, (*path, child.name))
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            if ast.get_docstring(child):
                child.body = child.body[1:]
            yield ".".join((*path, child.name)), sha256(ast.unparse(child).encode()).hexdigest()[:16]


def committed() -> dict[str, list[str]]:
    """The order that dossiers under way rely on."""
    read: dict[str, list[str]] = json.loads(FINGERPRINTS.read_text(encoding="utf-8"))
    return read


def committed_rules() -> dict[str, str]:
    """The rules that dossiers under way rely on."""
    read: dict[str, str] = json.loads(RULES.read_text(encoding="utf-8"))
    return read


if __name__ == "__main__":
    for file, read in ((FINGERPRINTS, fingerprints()), (RULES, rules_in_replay())):
        file.write_text(json.dumps(read, indent=2) + "\n", encoding="utf-8")
