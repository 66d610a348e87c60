"""How much a statement reads of the tables, and that it is planned for what it is asked each time."""

from typing import Any

import orjson

from tests.conftest import TestService

_TIMES = 6
"""A server that may keep one plan for all does so at the sixth time."""
GENERIC = "select sum(generic_plans) from pg_prepared_statements where statement = $1"


def nodes_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The node with all below it."""
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes_of(child))]


async def rows_read(service: TestService, query: str, *arguments: Any) -> int:
    """How many rows and entries of indexes the statement touches, asked as often as lets a server settle on
    one plan for all."""
    async with service.database.connection() as conn:
        for _ in range(_TIMES):
            await conn.fetch(query, *arguments)
        assert await conn.fetchval(GENERIC, query) == 0
        told = await conn.fetchval(f"explain (analyze, format json) {query}", *arguments)
    found = nodes_of(orjson.loads(told)[0]["Plan"])
    return round(sum(_touched(node) for node in found if "Scan" in node["Node Type"]))


def _touched(node: dict[str, Any]) -> float:
    if node["Node Type"] in {"Subquery Scan", "CTE Scan", "Function Scan", "WorkTable Scan"}:
        return 0
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    touched: float = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return touched
