"""The services' APIs and the sign-in under the one public address: `/api/NAME/…`, `/oauth2/…`.

Only what is meant for the outside passes; a session's cookie opens nothing here, for whoever calls an API
brings a token."""

from collections.abc import AsyncIterator, Mapping
from typing import Final

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kit.correlating import current_request_id
from kit.http.watched import REQUEST_ID
from language.names import SERVICES, TaskQueue
from services.portal.asking.passing import Passed
from services.portal.desk import Portal

_METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_OUTSIDE: Final = ("openapi.json", "docs")
_SIGN_IN: Final = frozenset(
    {
        "/oauth2/authorize",
        "/oauth2/device",
        "/oauth2/device_authorization",
        "/oauth2/forgotten",
        "/oauth2/password",
        "/oauth2/token",
        "/oauth2/revoke",
        "/oauth2/userinfo",
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
    }
)
_NOWHERE: Final = frozenset({"", ".", ".."})
"""Parts of an address that lead back out of where it began, or stand for nothing."""
_DROPPED: Final = frozenset(
    {
        "connection",
        "content-length",
        "cookie",
        "forwarded",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
    }
)
"""What belongs to one connection, and what nobody but us may say about who asks."""


def routes() -> list[Route]:
    """Where others' answers are passed on from."""
    return [
        Route("/api/{service}/{rest:path}", _api, methods=_METHODS),
        Route("/oauth2/{rest:path}", _sign_in, methods=["GET", "POST"]),
        Route("/.well-known/{rest:path}", _sign_in, methods=["GET"]),
    ]


async def _api(request: Request) -> Response:
    service, rest = request.path_params["service"], request.path_params["rest"]
    is_outside = rest in _OUTSIDE or rest.startswith("v1/")
    if service not in SERVICES or not is_outside or not _leads_on(rest):
        return Response(status_code=404)
    return await _passed(request, service, f"/{rest}")


def _leads_on(rest: str) -> bool:
    """It stays below where it began: what is passed on is looked at by no route of ours any more."""
    return _NOWHERE.isdisjoint(rest.split("/")) and "\\" not in rest and rest.isprintable()


async def _sign_in(request: Request) -> Response:
    if request.url.path not in _SIGN_IN:
        return Response(status_code=404)
    return await _passed(request, TaskQueue.ORGANISATION.value, request.url.path)


async def _passed(request: Request, service: str, path: str) -> Response:
    portal: Portal = request.app.state.portal
    address = httpx.URL(f"{portal.services.address(service)}{path}", query=request.url.query.encode())
    asked = portal.services.passing.build_request(
        request.method, address, headers=_headers(request), content=_body(request)
    )
    try:
        answer = await portal.services.passing.send(asked, stream=True)
    except httpx.HTTPError:
        return JSONResponse({"code": "Away"}, status_code=503, headers={"Retry-After": "2"})
    kept = [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in _DROPPED]
    passed = Passed(answer.aiter_raw(), answer.aclose, status_code=answer.status_code)
    passed.raw_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in kept]
    return passed


def _headers(request: Request) -> Mapping[bytes, bytes]:
    told = _told(request)
    kept = {name: value for name, value in request.headers.raw if name.decode("latin-1") not in _DROPPED}
    return kept | {name.encode(): value.encode("latin-1") for name, value in told.items()}


def _told(request: Request) -> Mapping[str, str]:
    """What is said for whoever asks."""
    kept: dict[str, str] = {}
    if "content-length" in request.headers:
        kept["content-length"] = request.headers["content-length"]
    return kept | {
        "host": request.headers.get("host", ""),
        REQUEST_ID.lower(): current_request_id() or "",
        "x-forwarded-for": request.client.host if request.client else "",
        "x-forwarded-proto": request.url.scheme,
        # What is not packed here need not be unpacked there.
        "accept-encoding": request.headers.get("accept-encoding", "identity"),
    }


def _body(request: Request) -> AsyncIterator[bytes] | None:
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    return request.stream() if has_body else None
