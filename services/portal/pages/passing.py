"""Files and tables of the services, passed on as they come."""

from contextlib import AsyncExitStack
from typing import Final

from starlette.responses import Response

from services.portal.asking.passing import Passed
from services.portal.desk import Desk

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES: Final = {"csv": "text/csv", "xlsx": XLSX}
"""What a list can be had as, and the media type of it."""
_KEPT: Final = ("content-type", "content-disposition", "content-length", "etag", "x-content-type-options")


async def passed_on(desk: Desk, service: str, path: str, *, accept: str = "*/*", **query: object) -> Response:
    """What the service answers to this address: refused before anything was sent, or whole."""
    stack = AsyncExitStack()
    answer = await stack.enter_async_context(
        desk.portal.services.stream(desk.session.tokens.access, service, path, query=query, accept=accept)
    )
    headers = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
    if "content-encoding" in answer.headers:
        headers.pop("content-length", None)
    return Passed(answer.aiter_bytes(), stack.aclose, headers=headers)
