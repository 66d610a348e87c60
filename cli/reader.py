"""What commands read from an installation, and have it do, as one account."""

from collections.abc import Generator, Iterable
from typing import Any
from uuid import uuid4

import httpx

from cli.installation import Installation, installation
from cli.issuer import NotSignedIn
from embedded.errors import CommandFailed, ServiceSilent
from language.text import without_steering

_PAGE = 200
_MOST_NAMED = 50
_PATIENCE_SECONDS = 30
_UNSEEN = {403, 404}
_AWAY = {502, 503, 504}
"""Who stands before a service that is away answers for it."""


class ReadRefused(CommandFailed):
    """A service said no."""

    exit_code = 22


class _Bearer(httpx.Auth):
    """A token that holds when it is sent: a command may take longer than one does."""

    def __init__(self, at: Installation) -> None:
        self._at = at

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Sign the request."""
        request.headers["Authorization"] = f"Bearer {self._at.token()}"
        yield request


class Reader:
    """Speaks to the services as one account: at the installation that was named it is whoever has signed in,
    at the embedded instance that runs here any account."""

    def __init__(self, account: str = "") -> None:
        self.at = installation(account)
        self._http = httpx.Client(timeout=_PATIENCE_SECONDS, auth=_Bearer(self.at))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    @property
    def who(self) -> str:
        """As people call the account."""
        return self.at.who

    def get(self, service: str, path: str, **params: Any) -> Any:
        """The answer as JSON; None for what this account may not see."""
        answer = self._ask("GET", service, path, params=params)
        return None if answer.status_code in _UNSEEN else accepted(answer)

    def content(self, service: str, path: str) -> bytes | None:
        """The answer byte by byte; None for what this account may not see."""
        answer = self._ask("GET", service, path)
        if answer.status_code in _UNSEEN:
            return None
        accepted(answer)
        return answer.content

    def post(self, service: str, path: str, content: bytes) -> Any:
        """The answer to this JSON."""
        return accepted(
            self._ask("POST", service, path, content=content, headers={"Content-Type": "application/json"})
        )

    def command(
        self, service: str, path: str, body: dict[str, Any], *, key: str | None = None, **params: Any
    ) -> Any:
        """The answer to a command; None for what is not there."""
        headers = {"Idempotency-Key": key or uuid4().hex}
        answer = self._ask("POST", service, path, json=body, params=params, headers=headers)
        return None if answer.status_code == httpx.codes.NOT_FOUND else accepted(answer)

    def items(self, service: str, path: str, **params: Any) -> list[dict[str, Any]] | None:
        """A list page by page, each item with the name of its service; None when this account may not see
        it."""
        found: list[dict[str, Any]] = []
        after: dict[str, str] = {}
        while True:
            page = self.get(service, path, limit=_PAGE, **params, **after)
            if page is None:
                return None
            found += [{**item, "service": service} for item in page["items"]]
            if page["next"] is None:
                return found
            after = {"after": page["next"]}

    def names(self, person_ids: Iterable[str]) -> dict[str, str]:
        """The names behind the ids."""
        wanted = sorted(set(person_ids))
        shown: dict[str, str] = {}
        for start in range(0, len(wanted), _PAGE):
            page = self.get("organisation", "/v1/names", ids=wanted[start : start + _PAGE])
            shown |= {person["id"]: person["full_name"] for person in page["items"]} if page else {}
        return shown

    def _ask(self, method: str, service: str, path: str, **request: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, f"{self.at.url(service)}{path}", **request)
        except httpx.TransportError:
            raise ServiceSilent(self.at.silent(service)) from None
        if answer.status_code in _AWAY:
            raise ServiceSilent(self.at.silent(service))
        return answer


def accepted(answer: httpx.Response) -> Any:
    """What a service answered; `ReadRefused` when it said no."""
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        raise NotSignedIn("Phiên đăng nhập không còn dùng được: hãy đăng nhập lại (sign in again).")
    if not answer.is_success:
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        named = [f"\n  {fault['path']}: {fault['message']}" for fault in problem.get("errors", [])]
        raise ReadRefused(
            f"{problem.get('detail', 'Không đọc được')} ({problem.get('code', f'HTTP {answer.status_code}')})"
            + "".join(named[:_MOST_NAMED])
        )
    return _shown(answer.json())


def _shown(value: Any) -> Any:
    """What was kept before texts were cleaned may steer the screen that it is shown on."""
    if isinstance(value, str):
        # Most is plain, and a workbook in base64 is long.
        return value if value.isascii() and value.isprintable() else without_steering(value, kept="\n\t")
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return {key: _shown(item) for key, item in value.items()} if isinstance(value, dict) else value
