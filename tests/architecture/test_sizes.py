"""Rooms stay small."""

import ast

from tests.architecture.sources import CODE, ROOT, TESTS, Function, files, parsed, place

MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_MODULE = 400


def test_a_function_is_read_on_one_screen() -> None:
    too_long = [
        f"{place(file, node)} {node.name}: {(node.end_lineno or node.lineno) - node.lineno + 1} lines"
        for file in files(*CODE, TESTS)
        for node in ast.walk(parsed(file))
        if isinstance(node, Function)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]
    assert not too_long


def test_a_module_is_about_one_thing() -> None:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in files(*CODE, TESTS)
    }
    assert not {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_MODULE}
