"""What every request passes on its way in, and every answer on its way out."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeAlias

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.auth import TOKEN_MISSING, Identity, TokenVerifier, Unauthenticated
from kit.http.problems import problem_response
from kit.http.refusals import BodyTooLarge, TextUnsafe
from kit.http.strict import API
from language.refusals import Refusal

_PLAIN: Final = b"text/plain; charset=utf-8"
_NEEDS_TOKEN: Final = (API, "/oauth2/userinfo")
"""OpenID Connect puts one of its addresses that speak of the caller elsewhere."""


Refusing: TypeAlias = Callable[[Refusal], ASGIApp]
"""Makes the answer to what is refused before any route is asked."""


class NoNullInAddress:
    """Refuses null bytes in path and query before anything reads them: PostgreSQL text cannot hold one."""

    def __init__(self, app: ASGIApp, refuse: Refusing = problem_response) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] == "http" and ("\x00" in scope["path"] or b"%00" in scope["query_string"]):
            await self._refuse(TextUnsafe())(scope, receive, send)
            return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses longer bodies; routes may set a limit of their own."""

    def __init__(self, app: ASGIApp, max_body_size: int, refuse: Refusing = problem_response) -> None:
        self._limited = RequestBodyLimitMiddleware(app, max_body_size)
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        replaced = False

        async def send_refusal(message: Message) -> None:
            # The limiter puts plain text in the place of any answer to a body that was declared too long.
            nonlocal replaced
            if (
                message["type"] == "http.response.start"
                and message["status"] == 413
                and (b"content-type", _PLAIN) in message["headers"]
            ):
                replaced = True
                await self._refuse(BodyTooLarge())(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._limited(scope, receive, send_refusal)


_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_ONE_YEAR = "max-age=31536000"


class SafeAnswers:
    """What every answer tells browsers: nothing is kept, guessed, framed or told to other sites; over TLS,
    to come back in no other way. An answer that says otherwise is left as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add what is missing."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**_SAFE, "Cache-Control": "no-store"}.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", _ONE_YEAR)
            await send(message)

        await self._app(scope, receive, send_safely if scope["type"] == "http" else send)


class TokenFirst:
    """Checks the token before anything of the body is read: strangers make nobody parse.

    Whoever is refused with a body still on its way is left: reading it would be work, too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the identity, or refuse."""
        if scope["type"] == "http" and scope["path"].startswith(_NEEDS_TOKEN):
            headers = Headers(scope=scope)
            try:
                scope.setdefault("state", {})["identity"] = await _identity(
                    scope["app"].state.verifier, headers
                )
            except Refusal as refusal:
                leave = {"Connection": "close"} if _has_body(headers) else None
                await problem_response(refusal, headers=leave)(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _identity(verifier: TokenVerifier, headers: Headers) -> Identity:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(reason=TOKEN_MISSING)
    return await verifier.verify(token)


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


class BodyInTime:
    """Gives a body up that does not come: nothing for `idle` seconds, or not whole after `whole`."""

    def __init__(self, app: ASGIApp, idle: float, whole: float) -> None:
        self._app = app
        self._idle = idle
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; who reads the body gets 408 in place of what is late."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._whole
        is_here = False

        async def receive_in_time() -> Message:
            nonlocal is_here
            # After the body only the end of the connection can come, and that may take long.
            if is_here:
                return await receive()
            try:
                async with asyncio.timeout_at(min(loop.time() + self._idle, ends)):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(_TIMED_OUT) from None
            is_here = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time if scope["type"] == "http" else receive, send)


_TIMED_OUT: Final = 408
