"""The order of commands in workflow code changes only behind a patch."""

import ast
import difflib

from tests.replay.fingerprints import committed, fingerprints, steps_in

_RULE = """
The order of commands in workflows/{file} is not the committed one:

{difference}

Dossiers are under way for months, and each replays its whole history with today's code: a command that comes
  in another
order stops them all. So keep the old branch, and put the new one behind a patch (not inside a loop):

    if workflow.patched("kebab-case-that-says-what-changed"):
        ...  # new order
    else:
        ...  # old order, until no dossier under way needs it

Then add a scenario for the new path, and run
    python -m tests.replay.record          # records what has no history yet; the old histories stay as they
    are
    python -m tests.replay.fingerprints    # writes the new order down
"""


def test_the_order_of_commands_is_the_committed_one() -> None:
    now, then = fingerprints(), committed()
    for file in sorted(now.keys() | then.keys()):
        old, new = then.get(file, []), now.get(file, [])
        difference = "\n".join(difflib.unified_diff(old, new, "committed", "now", lineterm="", n=1))
        assert old == new, _RULE.format(file=file, difference=difference)


def test_a_fingerprint_sees_order_names_and_nesting_but_not_arguments_or_comments() -> None:
    text = (
        "async def run(self):\n    await self.open()\n    if x:\n        await "
        "workflow.execute_activity_method(Port.save, {}, **REVIEW)\n"
    )
    steps = _fingerprint(text.replace("{}", "one"))
    assert steps == ["run / await self.open", "run / if / execute_activity_method(Port.save)"]
    assert steps == _fingerprint(text.replace("{}", "other").replace("    if", "    # why\n    if"))
    assert steps != _fingerprint(text.replace("Port.save", "Port.save_more"))
    assert steps != _fingerprint(text.replace("if x", "while x"))


def _fingerprint(text: str) -> list[str]:
    return list(steps_in(ast.parse(text), ()))
