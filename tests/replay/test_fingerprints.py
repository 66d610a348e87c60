"""The order of commands in workflow code changes only behind a patch."""

import ast
import difflib

from tests.replay.fingerprints import (
    committed,
    committed_rules,
    digests_in,
    fingerprints,
    rules_in_replay,
    steps_in,
)

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


_RULES = """
These rules run in workflows, and are not the committed ones:

{names}

Dossiers under way replay with today's code: a rule that answers otherwise than it did puts another command in
the place of the recorded one. If the answer to what dossiers under way may ask is another now, keep the old
rule, and ask the new one behind a patch. If it is the same, or nobody under way can ask it, write it down:
    python -m tests.replay.fingerprints
"""


def test_the_rules_that_run_in_replay_are_the_committed_ones() -> None:
    now, then = rules_in_replay(), committed_rules()
    changed = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    assert not changed, _RULES.format(names="\n".join(changed))


def test_the_rules_of_the_way_the_passage_and_the_delay_are_among_them() -> None:
    files = {name.partition(":")[0] for name in rules_in_replay()}
    known = {"journey/route.py", "journey/transition.py", "deadline/jitter.py", "time_scale.py"}
    assert {f"language/{file}" for file in known} <= files


def test_a_digest_sees_what_a_rule_does_but_not_what_is_said_of_it() -> None:
    text = 'class A:\n    def rule(self, x):\n        """Why."""\n        return x + 1\n'
    [(name, digest)] = digests_in(ast.parse(text), ())
    assert name == "A.rule"
    assert [(name, digest)] == list(digests_in(ast.parse(text.replace("Why.", "# Why not.")), ()))
    assert [(name, digest)] != list(digests_in(ast.parse(text.replace("x + 1", "x - 1")), ()))


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
