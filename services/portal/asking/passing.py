"""Answers of services that are passed on as they come."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class Passed(StreamingResponse):
    """Piece by piece, and `close` in the end: whoever hangs up in the middle, or before anything came, gives
    the connection to the service back."""

    def __init__(
        self,
        pieces: AsyncIterator[bytes],
        close: Callable[[], Awaitable[None]],
        *,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(pieces, status_code=status_code, headers=headers)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send all of it, as far as somebody takes it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._close()
