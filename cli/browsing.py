"""Somebody at the pages with a browser that runs no script: signs in, reads, fills in forms, sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final, Self
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

SESSION: Final = "__Host-session"
_VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})
_UNSEEN: Final = frozenset({"script", "style", "template", "head"})
_SAID_IN: Final = ("title", "placeholder", "aria-label", "alt", "data-label")
_MOST_HOPS: Final = 8
_CLICKED: Final = frozenset({"submit", "image"})
_FIELDS: Final = {"input": "", "textarea": "prose", "select": "choice"}
"""What is filled in, and of which kind it is where the tag says so."""
_NEVER_SENT: Final = frozenset({"button", "reset", *_CLICKED})


@dataclass(slots=True, kw_only=True)
class Field:
    """What a form asks for: `value` is what stands there, `is_on` whether it would be sent."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = True
    is_required: bool = False
    options: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Form:
    """A form as it stands in the page. A button is known by name and value."""

    action: str
    method: str = "get"
    is_multipart: bool = False
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def asks(self) -> frozenset[str]:
        """The names of what people fill in."""
        return frozenset(one.name for one in self.fields if one.kind != "hidden")

    def has_button(self, name: str, value: str) -> bool:
        """It may be sent by this one."""
        return (name, value) in self.buttons

    def filled(self, given: Mapping[str, str | Sequence[str]]) -> dict[str, list[str]]:
        """What is sent when somebody types this and leaves the rest as it stands."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            if one.name not in given and one.is_on and one.kind != "file":
                sent.setdefault(one.name, []).append(one.value)
        for name, value in given.items():
            sent[name] = [value] if isinstance(value, str) else list(value)
        return sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where one may go, and what it is called; links in the frame around a page are not the page's own."""

    address: str
    said: str
    is_in_main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A page as it came. `texts` is what can be read in it, attributes that are read aloud too; `main` is
    what of it stands in the page itself, `frame` what stands around it."""

    status: int
    address: str
    html: str
    weight: int
    links: Sequence[Link] = ()
    forms: Sequence[Form] = ()
    main: Sequence[str] = ()
    frame: Sequence[str] = ()

    @property
    def path(self) -> str:
        """Where one is in the end."""
        return urlsplit(self.address).path

    @property
    def texts(self) -> list[str]:
        """All that can be read."""
        return [*self.frame, *self.main]

    def form(self, *, asks: str = "", button: tuple[str, str] | None = None, action: str = "") -> Form | None:
        """The first form that people send from this page which asks for this, or has this button or
        address."""
        for one in self.forms:
            is_it = (
                (not asks or asks in one.asks)
                and (button is None or button in one.buttons)
                and (not action or urlsplit(one.action).path.endswith(action))
            )
            if is_it and one.method == "post":
                return one
        return None


class _Reader(HTMLParser):
    """Reads links, forms and texts from a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.main: list[str] = []
        self.frame: list[str] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._link: tuple[str, list[str]] | None = None
        self._choice: Field | None = None
        self._prose: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        known = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open.append(tag)
        self._texts.extend(known[name] for name in _SAID_IN if known.get(name))
        if tag == "a" and "href" in known:
            self._link = (known["href"], [])
        elif tag == "form":
            self._form = Form(
                action=known.get("action", ""),
                method=known.get("method", "get").lower(),
                is_multipart="multipart" in known.get("enctype", ""),
            )
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, known)

    @property
    def _texts(self) -> list[str]:
        return self.main if "main" in self._open else self.frame

    def _control(self, form: Form, tag: str, known: Mapping[str, str]) -> None:
        kind = known.get("type", "submit" if tag == "button" else "text").lower()
        if tag == "option" and self._choice is not None:
            if "selected" in known or not self._choice.options:
                self._choice.value = known.get("value", "")
            self._choice.options.append(known.get("value", ""))
        elif tag == "button" or (tag == "input" and kind in _NEVER_SENT):
            if kind in _CLICKED:
                form.buttons.append((known.get("name", ""), known.get("value", "")))
        elif tag in _FIELDS:
            form.fields.append(self._field(tag, kind, known))

    def _field(self, tag: str, kind: str, known: Mapping[str, str]) -> Field:
        is_picked = kind in {"checkbox", "radio"}
        made = Field(
            name=known.get("name", ""),
            kind=_FIELDS[tag] or kind,
            value=known.get("value", "on" if is_picked else ""),
            is_on="checked" in known if is_picked else "disabled" not in known,
            is_required="required" in known,
        )
        self._prose = made if tag == "textarea" else None
        self._choice = made if tag == "select" else None
        return made

    def handle_endtag(self, tag: str) -> None:
        """A tag ends."""
        if tag in self._open:
            while self._open.pop() != tag:
                continue
        if tag == "a" and self._link is not None:
            address, said = self._link
            self.links.append(
                Link(address=address, said=" ".join(said).strip(), is_in_main="main" in self._open)
            )
            self._link = None
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._choice = None
        elif tag == "textarea":
            self._prose = None

    def handle_data(self, data: str) -> None:
        """Some text."""
        if self._prose is not None:
            # A browser drops the line break that begins a text.
            self._prose.value += data
            return
        if not data.strip() or not _UNSEEN.isdisjoint(self._open):
            return
        self._texts.append(" ".join(data.split()))
        if self._link is not None:
            self._link[1].append(data.strip())


def read(status: int, address: str, html: str, weight: int = 0) -> Seen:
    """The page of this HTML."""
    reader = _Reader()
    reader.feed(html)
    for form in reader.forms:
        for one in form.fields:
            one.value = one.value.removeprefix("\n") if one.kind == "prose" else one.value
    return Seen(
        status=status,
        address=address,
        html=html,
        weight=weight,
        links=reader.links,
        forms=reader.forms,
        main=reader.main,
        frame=reader.frame,
    )


class SignInRefused(Exception):
    """Name and password opened nothing."""


class Browser:
    """One person's browser. Follows where it is sent, keeps cookies, never leaves the pages' address."""

    def __init__(self, base: str, language: str = "vi") -> None:
        self._base = base
        self._cookies: dict[str, str] = {"language": language}
        self.http = httpx.AsyncClient(base_url=base, timeout=60, follow_redirects=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    @property
    def session(self) -> str:
        """The secret of the session, empty without one."""
        return self._cookies.get(SESSION, "")

    def speak(self, language: str) -> None:
        """Read in this language from now on."""
        self._cookies["language"] = language

    async def sign_in(self, account: str, password: str, back: str = "/") -> Seen:
        """As a person does it: name and password, at the address that one is led to."""
        asked = await self.get(f"/sign-in?{urlencode({'back': back})}")
        form = asked.form(asks="password")
        if form is None:
            return asked
        seen = await self.send(asked, form, {"username": account, "password": password})
        if not self.session:
            raise SignInRefused(account)
        return seen

    async def get(self, address: str, **headers: str) -> Seen:
        """Open a page."""
        return await self._follow("GET", urljoin(f"{self._base}/", address), {}, headers)

    async def send(
        self,
        seen: Seen,
        form: Form,
        given: Mapping[str, str | Sequence[str]] | None = None,
        button: tuple[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Seen:
        """Send a form of the page, filled in with this, by this button, else by its first one."""
        sent = form.filled(given or {})
        name, value = button or next(iter(form.buttons), ("", ""))
        if name:
            sent[name] = [value]
        address = urljoin(seen.address, form.action or seen.address)
        if form.method == "get":
            return await self.get(f"{address.partition('?')[0]}?{urlencode(sent, doseq=True)}")
        content: dict[str, Any] = {"data": sent}
        if form.is_multipart:
            # Without a file a browser sends its field all the same, empty.
            empty = {one.name: ("", b"") for one in form.fields if one.kind == "file"}
            content["files"] = {**empty, **(files or {})}
        return await self._follow("POST", address, content, {"Origin": self._base})

    async def _follow(
        self, method: str, address: str, content: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Seen:
        for _ in range(_MOST_HOPS):
            cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            answer = await self._asked(method, address, {**headers, "Cookie": cookies}, content)
            self._keep(answer)
            if not answer.has_redirect_location:
                is_page = answer.headers.get("content-type", "").startswith("text/html")
                weight = answer.num_bytes_downloaded
                return read(answer.status_code, address, answer.text if is_page else "", weight)
            address = urljoin(address, answer.headers["location"])
            if not address.startswith(f"{self._base}/"):
                raise httpx.TooManyRedirects(f"led elsewhere: {address}")
            method, content = "GET", {}
        raise httpx.TooManyRedirects(address)

    async def _asked(
        self, method: str, address: str, headers: Mapping[str, str], content: Mapping[str, Any]
    ) -> httpx.Response:
        """Once more, as browsers do, where a connection that rested was closed in this very moment."""
        try:
            return await self.http.request(method, address, headers=headers, **content)
        except httpx.RemoteProtocolError:
            return await self.http.request(method, address, headers=headers, **content)

    def _keep(self, answer: httpx.Response) -> None:
        """Cookies with `Secure`, too: a browser takes loopback for safe."""
        for one in answer.headers.get_list("set-cookie"):
            name, _, value = one.partition(";")[0].partition("=")
            if value.strip('"') and "max-age=0" not in one.lower():
                self._cookies[name] = value
            else:
                self._cookies.pop(name, None)
