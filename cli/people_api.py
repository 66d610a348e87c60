"""Many people at the public HTTP APIs: a token each, and commands that may be repeated until an answer
comes."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

from cli.signing_in import exchange_form
from embedded.errors import ServiceSilent

_PATIENCE_TRIES = 400
_PAUSE = 0.25
_CONNECTIONS_EACH = 4
_AWAY = {502, 503, 504}


class Refused(Exception):
    """The API said no to what was `asked`; `code` is its stable reason."""

    def __init__(self, status: int, code: str, detail: str, asked: str = "") -> None:
        super().__init__(status, code, detail, asked)
        self.asked = asked
        self.status = status
        self.code = code
        self.detail = detail


class PeopleApi:
    """`await api.post("hieutruong.t001", "review", "/v1/…", json=…)`: as that account, with a fresh key,
    repeated through outages."""

    def __init__(self, urls: Mapping[str, str], secret: str) -> None:
        self._secret = secret
        self._tokens: dict[str, str] = {}
        # A client for each service: httpx looks through all connections of a client at every request.
        limits = httpx.Limits(max_connections=_CONNECTIONS_EACH)
        self._http = {
            service: httpx.AsyncClient(base_url=url, timeout=30, limits=limits)
            for service, url in urls.items()
        }
        self.requests = 0

    async def close(self) -> None:
        """Close the connections."""
        for http in self._http.values():
            await http.aclose()

    async def get(self, account: str, service: str, path: str, **params: Any) -> Any:
        """Read as this account."""
        return (await self._ask("GET", account, service, path, {"params": params})).json()

    async def get_with_etag(self, account: str, service: str, path: str) -> tuple[Any, str]:
        """A resource and its ETag."""
        answer = await self._ask("GET", account, service, path, {})
        return answer.json(), answer.headers["etag"]

    async def post(
        self,
        account: str,
        service: str,
        path: str,
        json: Any = None,
        *,
        etag: str = "",
        key: str = "",
        **params: Any,
    ) -> Any:
        """Command as this account; with the version it has seen, where the command asks for it, and with a
        key of one's own where it is to be repeated."""
        headers = {"If-Match": etag} if etag else {}
        headers |= {"Idempotency-Key": key} if key else {}
        content = {"json": json, "params": params}
        return (await self._ask("POST", account, service, path, content, headers)).json()

    async def upload(self, account: str, service: str, path: str, content: bytes, **params: Any) -> Any:
        """Send a file as this account."""
        return (
            await self._ask("POST", account, service, path, {"content": content, "params": params})
        ).json()

    async def patch(self, account: str, service: str, path: str, json: Any, etag: str) -> Any:
        """Change the version the account has seen."""
        return (await self._ask("PATCH", account, service, path, {"json": json}, {"If-Match": etag})).json()

    async def put(self, account: str, service: str, path: str, json: Any, etag: str) -> Any:
        """Edit the version the account has seen."""
        return (await self._ask("PUT", account, service, path, {"json": json}, {"If-Match": etag})).json()

    async def _token(self, account: str) -> str:
        if account not in self._tokens:
            answer = await self._send(
                "POST", "organisation", "/oauth2/token", {"data": exchange_form(self._secret, account)}, {}
            )
            self._tokens[account] = answer.json()["access_token"]
        return self._tokens[account]

    async def _ask(
        self,
        method: str,
        account: str,
        service: str,
        path: str,
        content: dict[str, Any],
        extra: dict[str, str] | None = None,
    ) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {await self._token(account)}",
            "Idempotency-Key": uuid4().hex,
            **(extra or {}),
        }
        return await self._send(method, service, path, content, headers)

    async def _send(
        self, method: str, service: str, path: str, content: dict[str, Any], headers: dict[str, str]
    ) -> httpx.Response:
        for _ in range(_PATIENCE_TRIES):
            try:
                self.requests += 1
                answer = await self._http[service].request(method, path, headers=headers, **content)
            except httpx.TransportError:
                await asyncio.sleep(_PAUSE)
                continue
            if answer.status_code in _AWAY:
                await asyncio.sleep(_PAUSE)
                continue
            if answer.status_code >= 400:
                problem = (
                    answer.json()
                    if answer.headers.get("content-type", "").startswith("application/problem")
                    else {}
                )
                raise Refused(
                    answer.status_code,
                    problem.get("code", "?"),
                    problem.get("detail", answer.text[:200]),
                    f"{method} {service} {path}",
                )
            return answer
        raise ServiceSilent(
            f"{service} {path} không trả lời trong {_PATIENCE_TRIES * _PAUSE:.0f} giây (gave no answer)."
        )
