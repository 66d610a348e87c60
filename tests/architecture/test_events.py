"""Kinds of event are classes: nobody else writes their names."""

import ast
import re

from language.events.catalogue import CATALOGUE
from tests.architecture.sources import CODE, ROOT, files, parsed, place, texts

EVENTS = ROOT / "language" / "events"
_KIND = re.compile(rf"\b({'|'.join(CATALOGUE)})\b")


def test_no_string_names_a_kind_of_event() -> None:
    found = [
        place(file, node)
        for file in files(*CODE)
        if EVENTS not in file.parents
        for node, text in texts(parsed(file))
        if _KIND.search(text)
    ]
    assert not found, "say the class: StageDecided.__name__, or better a typed fact"


def test_a_fact_is_recorded_in_one_way() -> None:
    """Events are made of typed facts, by `record`: nobody else writes them."""
    writer = ROOT / "casework" / "history" / "record.py"
    users = [
        place(file, node)
        for file in files(*CODE)
        if file != writer
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.ImportFrom)
        and node.module == "casework.history.sealed"
        and "write" in {alias.name for alias in node.names}
    ]
    assert not users
