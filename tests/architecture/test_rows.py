"""A row of the database becomes a typed value in one place, `kit/rows.py`.

Elsewhere no row is splatted, nothing is built of what its columns hold as the driver gave it, nor compared by
identity."""

import ast
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.architecture.sources import CODE, ROOT, Function, files, parsed, place

READER = ROOT / "kit" / "rows.py"

_FETCHES = {"fetch", "fetchrow", "fetchmany"}
_COPIES = {"dict", "list", "tuple", "sorted", "reversed", "iter", "next", "enumerate"}
_METHODS = {"items", "copy"}
_ROW_TYPES = ("Row", "asyncpg.Record", "Record")
_NAMES = {"row", "record"}

Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef


class _Rows:
    """What in a scope holds rows: by where it comes from, by its annotation, or by its plain name."""

    def __init__(self, scope: Scope) -> None:
        self._nodes = list(_own(scope))
        self.names = set(_NAMES)
        if isinstance(scope, Function):
            arguments = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
            self.names |= {each.arg for each in arguments if each.annotation and _is_of_rows(each.annotation)}
        before = -1
        while before != len(self.names):
            before = len(self.names)
            self._follow()

    def _follow(self) -> None:
        for node in self._nodes:
            match node:
                case ast.Assign(targets=targets, value=value) if self.holds(value):
                    self._name(*targets)
                case ast.AnnAssign(target=target, annotation=kind, value=value):
                    if _is_of_rows(kind) or (value and self.holds(value)):
                        self._name(target)
                case ast.NamedExpr(target=target, value=value) if self.holds(value):
                    self._name(target)
                case ast.For(target=target, iter=found) | ast.comprehension(target=target, iter=found):
                    if self.holds(found):
                        self._name(target)

    def _name(self, *targets: ast.expr) -> None:
        for target in targets:
            self.names |= {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}

    def holds(self, value: ast.expr) -> bool:
        """The value is a row, a copy of one, or several of them."""
        match value:
            case ast.Name(id=name):
                found = name in self.names
            case ast.Await(value=inner) | ast.Starred(value=inner) | ast.NamedExpr(value=inner):
                found = self.holds(inner)
            case ast.Subscript(value=inner):
                found = self.holds(inner) and not _names_a_column(value)
            case ast.BinOp(op=ast.BitOr(), left=left, right=right) | ast.IfExp(body=left, orelse=right):
                found = self.holds(left) or self.holds(right)
            case ast.Call():
                found = self._gives(value)
            case _:
                found = self._displays(value)
        return found

    def _gives(self, call: ast.Call) -> bool:
        match call:
            case ast.Call(func=ast.Attribute(value=inner, attr=name)):
                return name in _FETCHES or (name in _METHODS and self.holds(inner))
            case ast.Call(func=ast.Name(id=name), args=[first, *_]):
                return name in _COPIES and self.holds(first)
        return False

    def _displays(self, value: ast.expr) -> bool:
        match value:
            case ast.Dict(keys=keys, values=values):
                return any(key is None and self.holds(each) for key, each in zip(keys, values, strict=True))
            case ast.DictComp(generators=found, value=each):
                return any(self.holds(one.iter) for one in found) or self.is_column(each)
            case ast.ListComp(elt=each) | ast.GeneratorExp(elt=each):
                return self.holds(each)
        return False

    def is_column(self, value: ast.expr) -> bool:
        """The value is what a column holds, as the driver gave it."""
        match value:
            case ast.Subscript(value=inner):
                return self.holds(inner) and not isinstance(value.slice, ast.Slice)
            case ast.Call(func=ast.Attribute(value=inner, attr="get")):
                return self.holds(inner)
        return False

    def faults(self) -> Iterator[ast.AST]:
        """Splats of rows, values built of columns as the driver gave them, and identities of such columns."""
        for node in self._nodes:
            if self._splats(node) or self._builds(node) or self._compares(node):
                yield node

    def _splats(self, node: ast.AST) -> bool:
        match node:
            case ast.Call(keywords=keywords):
                return any(keyword.arg is None and self.holds(keyword.value) for keyword in keywords)
            case ast.Dict():
                return self._displays(node)
        return False

    def _builds(self, node: ast.AST) -> bool:
        match node:
            case ast.Call(func=ast.Name(id=name), keywords=keywords) if name[:1].isupper():
                return any(self.is_column(keyword.value) for keyword in keywords)
        return False

    def _compares(self, node: ast.AST) -> bool:
        match node:
            case ast.Compare(left=left, ops=ops, comparators=others):
                pairs = zip(ops, pairwise([left, *others]), strict=True)
                return any(
                    isinstance(op, ast.Is | ast.IsNot) and self._is_untyped(*pair) for op, pair in pairs
                )
        return False

    def _is_untyped(self, left: ast.expr, right: ast.expr) -> bool:
        if isinstance(left, ast.Constant) or isinstance(right, ast.Constant):
            return False
        return self.is_column(left) or self.is_column(right)


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """What stands in the scope itself; a lambda belongs to it, a function inside it is a scope of its own."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, Function):
            yield child
            yield from _own(child)


def _is_of_rows(annotation: ast.expr) -> bool:
    names = (ast.unparse(node) for node in ast.walk(annotation) if isinstance(node, ast.Name | ast.Attribute))
    return any(name in _ROW_TYPES for name in names)


def _names_a_column(value: ast.Subscript) -> bool:
    """`row["state"]` or `row[name]`, not `rows[0]` or `rows[-1]`."""
    index = value.slice.operand if isinstance(value.slice, ast.UnaryOp) else value.slice
    is_place = isinstance(index, ast.Constant) and isinstance(index.value, int)
    return not is_place and not isinstance(index, ast.Slice)


def _faults(tree: ast.Module) -> list[ast.AST]:
    scopes = [tree, *(node for node in ast.walk(tree) if isinstance(node, Function))]
    return [fault for scope in scopes for fault in _Rows(scope).faults()]


def test_rows_become_typed_values_in_one_place() -> None:
    readers = [file for file in files(*CODE) if file != READER]
    found = [
        f"{place(file, fault)} {ast.unparse(fault)}" for file in readers for fault in _faults(parsed(file))
    ]
    assert not found, "read(Kind, row) makes a typed value of a row, or says which column does not fit"


@pytest.mark.parametrize(
    "source",
    [
        "Task(**row)",
        "Task(**dict(row))",
        "Task(**dict(row), is_overdue=True)",
        "Task(**{**dict(row), 'state': TaskState(row['state'])})",
        "Task(**{name: row[name] for name in NAMES})",
        "Task(**dict(row) | {'state': 1})",
        "async def some(tx):\n    return [Task(**each) for each in await tx.conn.fetch(LIST)]",
        "async def one(tx):\n    found = await tx.conn.fetchrow(GET)\n    values = dict(found)\n "
        "   return Task(**values)",
        "async def one(tx):\n    [kept] = await tx.conn.fetch(GET)\n    return Task(**kept)",
        "async def one(tx):\n    rows = await tx.conn.fetch(GET)\n    return Task(**rows[0])",
        "def one(kept: Row | None):\n    return Task(**kept)",
        "def one(kept: Sequence[asyncpg.Record]):\n    return [Task(**dict(each)) for each in kept]",
        "Days(count=row['count'])",
        "row['state'] is TaskState.OPEN",
        "TaskState.OPEN is not row['state']",
        "row.get('state') is TaskState.OPEN",
        "async def one(tx):\n    kept = await tx.conn.fetchrow(GET)\n    return kept['state'] is "
        "TaskState.OPEN",
    ],
)
def test_what_the_rule_finds(source: str) -> None:
    assert _faults(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "read(Task, row)",
        "read(Task, row, is_overdue=row['due_at'] < now)",
        "PostId(row['post_id'])",
        "UnitRow(**row.model_dump())",
        "Task(**values)",
        "{**row['headers'], 'Idempotency-Replayed': 'true'}",
        "row['closed_at'] is None",
        "row['state'] == 'OPEN'",
        "async def some(tx):\n    found = read_all(Task, await tx.conn.fetch(LIST))\n    return "
        "found[0].state is TaskState.OPEN",
        "async def some(tx):\n    values = await tx.conn.fetch(LIST)\n\ndef other(values):\n    "
        "return Task(**values)",
    ],
)
def test_what_the_rule_leaves_alone(source: str) -> None:
    assert not _faults(ast.parse(source))
