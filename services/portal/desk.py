"""A request and who makes it: what every page asks, shows and sends through."""

import asyncio
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from kit.clock import Clock
from kit.ids import new_id
from language.telling import Language
from services.portal.asking.services import Answer, Call, Facts, Refused, Services, SignInNeeded
from services.portal.settings import PortalSettings
from services.portal.showing.done import DONE
from services.portal.showing.languages import wished
from services.portal.showing.renderer import Renderer
from services.portal.signed_in.issuer import IssuerClient
from services.portal.signed_in.sessions import Session, SessionBook

FORM_TOKEN: Final = "form_token"  # noqa: S105 - a field's name
FORM_KEY: Final = "key"
VERSION: Final = "version"
LANGUAGE_COOKIE: Final = "language"
SECRETS: Final = frozenset(
    {"password", "old_password", "new_password", "new_password_again", "one_time_code"}
)
"""Fields that are never kept and never shown again."""
_MASK_BYTES: Final = 16
_KEY: Final = "Idempotency-Key"


class FormForged(Exception):
    """A form was sent from elsewhere, or by a page of another session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """Everything concrete that pages need."""

    settings: PortalSettings
    clock: Clock
    services: Services
    issuer: IssuerClient
    sessions: SessionBook
    renderer: Renderer

    @property
    def session_cookie(self) -> str:
        """Nobody but this very address sets or gets it."""
        return "__Host-session"


class Desk:
    """One request."""

    def __init__(self, portal: Portal, request: Request, session: Session | None) -> None:
        self.portal = portal
        self.request = request
        self._session = session
        self._sent: FormData | None = None
        self._shared: dict[str, asyncio.Task[Any]] = {}

    @cached_property
    def language(self) -> Language:
        """The language to answer in."""
        return wished(
            self.request.cookies.get(LANGUAGE_COOKIE),
            self.request.headers.get("accept-language", ""),
            self.request.query_params.get("lang"),
        )

    @property
    def query(self) -> QueryParams:
        """What stands behind the question mark."""
        return self.request.query_params

    @property
    def path(self) -> str:
        """The address asked for."""
        return self.request.url.path

    @property
    def is_signed_in(self) -> bool:
        """There is a session."""
        return self._session is not None

    @property
    def session(self) -> Session:
        """The session; who has none is sent to sign in."""
        if self._session is None:
            raise SignInNeeded
        return self._session

    def part(self, name: str) -> str:
        """A part of the address, such as an id."""
        return str(self.request.path_params[name])

    @property
    def done(self) -> str | None:
        """What has just been done, by the word that stands in the address; no other text gets in this way."""
        return DONE.get(self.query.get("done", ""))

    @property
    def wants_fragment(self) -> bool:
        """The page itself asks, for a piece of itself."""
        return self.request.headers.get("hx-request") == "true"

    # What services say

    async def ask(self, service: str, path: str, **query: object) -> Facts:
        """Read something."""
        return (await self.ask_whole(service, path, **query)).facts

    async def ask_whole(self, service: str, path: str, **query: object) -> Answer:
        """Read something, with its version."""
        return await self.portal.services.ask(
            self.session.tokens.access, Call("GET", service, path, query=query)
        )

    async def ask_or(self, otherwise: Facts, service: str, path: str, **query: object) -> Facts:
        """Read what its reader may perhaps not read, or what is not there."""
        try:
            return await self.ask(service, path, **query)
        except Refused as refusal:
            if refusal.status in {403, 404}:
                return otherwise
            raise

    async def command(
        self, call: Call, *, key: str | None = None, version: str | None = None, dry_run: bool = False
    ) -> Answer:
        """Let a service do something. The key comes from the form, so that a form sent twice does it once."""
        headers = {**call.headers, _KEY: key or self.sent_text(FORM_KEY) or str(new_id())}
        if version is not None:
            headers["If-Match"] = version
        query = {**(call.query or {}), **({"dry_run": True} if dry_run else {})}
        return await self.portal.services.ask(
            self.session.tokens.access, replace(call, headers=headers, query=query)
        )

    def share(self, name: str, reading: Coroutine[Any, Any, Any]) -> None:
        """Begin to read what the frame of the page needs, beside what the page itself reads."""
        self._shared[name] = asyncio.create_task(reading)

    async def shared(self, name: str) -> Any:
        """What was begun to be read."""
        return await self._shared[name]

    def drop_shared(self) -> None:
        """Nobody waits for it any more."""
        for task in self._shared.values():
            if not task.done():
                task.cancel()
            elif not task.cancelled():
                task.exception()

    # Forms

    async def read_form(self) -> FormData:
        """What was sent; refused if it was not sent by a page of this session."""
        if self._sent is None:
            self._sent = await self.request.form(max_part_size=self.portal.settings.max_form_bytes)
        self._check_origin()
        if not self._is_own(str(self._sent.get(FORM_TOKEN, ""))):
            raise FormForged
        return self._sent

    async def peek_form(self) -> FormData:
        """What was sent, whoever sent it: to keep it while its sender signs in."""
        if self._sent is None:
            self._sent = await self.request.form(max_part_size=self.portal.settings.max_form_bytes)
        return self._sent

    def sent_text(self, name: str) -> str:
        """A field of what was sent."""
        value = self._sent.get(name, "") if self._sent else ""
        return value if isinstance(value, str) else ""

    def _check_origin(self) -> None:
        origin = self.request.headers.get("origin")
        if origin is not None and origin != _origin_of(self.portal.settings.base):
            raise FormForged

    def _own_token(self) -> bytes:
        return hmac.new(self.session.secret.encode(), b"forms", sha256).digest()

    def form_token(self) -> str:
        """What a form of this session bears, masked anew each time: a packed page must not tell it."""
        mask = secrets.token_bytes(_MASK_BYTES)
        own = self._own_token()[:_MASK_BYTES]
        return urlsafe_b64encode(mask + bytes(a ^ b for a, b in zip(mask, own, strict=True))).decode()

    def _is_own(self, token: str) -> bool:
        try:
            raw = urlsafe_b64decode(token.encode("ascii"))
        except ValueError:
            return False
        mask, masked = raw[:_MASK_BYTES], raw[_MASK_BYTES:]
        if len(mask) != _MASK_BYTES or len(masked) != _MASK_BYTES:
            return False
        told = bytes(a ^ b for a, b in zip(mask, masked, strict=True))
        return hmac.compare_digest(told, self._own_token()[:_MASK_BYTES])

    # Answers

    def say(self, message: str, **facts: object) -> str:
        """One sentence in the reader's language."""
        return self.portal.renderer.say(self.language, message, **facts)

    async def draw(self, template: str, *, status: int = 200, **facts: Any) -> Response:
        """A page, in its frame."""
        frame = {name: await task for name, task in self._shared.items()}
        shown = self.portal.renderer.draw(
            self.language,
            template,
            {"desk": self, "frame": frame, "new_key": new_id, "may": allowed, **facts},
        )
        return HTMLResponse(shown, status_code=status)

    def see(self, path: str, **query: object) -> Response:
        """Go and look there: what a form answers when it has done what it was for."""
        asked = {name: value for name, value in query.items() if value is not None}
        separator = "&" if "?" in path else "?"
        return RedirectResponse(f"{path}{separator}{urlencode(asked)}" if asked else path, status_code=303)

    def here(self, **changed: object) -> str:
        """The address of this page with other filters."""
        kept = [
            (k, v)
            for k, v in self.query.multi_items()
            if k not in changed and k not in {"lang", "done", "sent"}
        ]
        added = [(k, str(v)) for k, v in changed.items() if v not in (None, "")]
        pairs = kept + added
        return f"{quote(self.path)}?{urlencode(pairs)}" if pairs else quote(self.path)


def _origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def allowed(resource: Facts) -> frozenset[str]:
    """The commands that its reader may give now, or may try: of a resource asked for with `actions=true`."""
    return frozenset(one["command"] for one in resource.get("actions", []) if one["allowed"] is not False)


def texts_of(form: FormData) -> Mapping[str, str]:
    """The fields of a form that hold text."""
    return {name: value for name, value in form.items() if isinstance(value, str)}


def own_path(back: str) -> str:
    """A path of these pages, and nothing that leads elsewhere: `//evil`, `/\\evil` and schemes do."""
    parts = urlsplit(back)
    is_own = not parts.scheme and not parts.netloc and back.startswith("/") and not back.startswith("//")
    is_plain = all(char > " " and char != "\\" for char in back)
    return back if is_own and is_plain else "/"
