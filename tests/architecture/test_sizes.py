"""Rooms stay small."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import CODE, ROOT, TESTS, Function, files, parsed, place

MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_TEST = 80
MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_TEST_MODULE = 500


def _length(node: ast.AST) -> int:
    return (getattr(node, "end_lineno", 0) or 0) - getattr(node, "lineno", 0) + 1


def _own_lines(function: ast.AST) -> int:
    """The lines of a function without those of the functions in it, which are read by themselves."""

    def inner(node: ast.AST) -> Iterator[ast.AST]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield child
            else:
                yield from inner(child)

    return _length(function) - sum(_length(child) for child in inner(function))


def _long_functions(most: int, *folders: str) -> list[str]:
    return [
        f"{place(file, node)} {node.name}: {_own_lines(node)} lines"
        for file in files(*folders)
        for node in ast.walk(parsed(file))
        if isinstance(node, Function) and _own_lines(node) > most
    ]


def _long_modules(most: int, *folders: str) -> dict[str, int]:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in files(*folders)
    }
    return {name: length for name, length in lengths.items() if length > most}


def test_a_function_is_read_on_one_screen() -> None:
    assert not _long_functions(MOST_LINES_OF_A_FUNCTION, *CODE)
    assert not _long_functions(MOST_LINES_OF_A_TEST, TESTS)


def test_a_module_is_about_one_thing() -> None:
    assert not _long_modules(MOST_LINES_OF_A_MODULE, *CODE)
    assert not _long_modules(MOST_LINES_OF_A_TEST_MODULE, TESTS)
