"""People at the pages: each with a browser that runs no script, who signs in when asked to, waits when a part
of the system is away, and goes only where a page leads."""

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

import httpx
from httpx import codes

from cli.browsing import Browser, Form, Seen, SignInRefused
from cli.first_start import give_passwords
from embedded.errors import ServiceSilent, WrongUsage
from embedded.instance import Instance
from language.names import PORTAL
from rehearsal.dead_ends import NOTHING_OFFERED, StuckAtPage

_AWAY: Final = frozenset({502, 503, 504})
_PATIENCE_TRIES: Final = 400
_PAUSE: Final = 0.25
_MOST_PARTS_OF_A_LIST: Final = 40
_SECRET: Final = "password"  # noqa: S105 - a field's name
_KEPT: Final = "/kept/"
_CHOSEN: Final = frozenset({"radio", "choice"})
_P95: Final = 0.95
_MOST_SAID: Final = 300


class NoPages(WrongUsage):
    """Nobody can go through the pages of an instance that has none."""


@dataclass(slots=True)
class Log:
    """What was done through pages, by kind, how many seconds each page took, and what they did not let be
    done."""

    acts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    violations: set[str] = field(default_factory=set)

    def note_dead_end(self, what: str, stuck: StuckAtPage) -> None:
        """The page was not right."""
        self.violations.add(f"{NOTHING_OFFERED}: {what} ({stuck.where}) {stuck.said}".strip())

    def told(self) -> dict[str, Any]:
        """As the report has it."""
        return {
            "acts": dict(self.acts),
            "pages": len(self.seconds),
            "median_seconds": round(median(self.seconds or [0.0]), 3),
            "p95_seconds": round(percentile(self.seconds, _P95), 3),
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else 0.0


class Visitor:
    """One person at the pages."""

    def __init__(self, account: str, password: str, browser: Browser, log: Log) -> None:
        self._account = account
        self._password = password
        self._browser = browser
        self._log = log
        self._signing_in = asyncio.Lock()

    async def close(self) -> None:
        """Close the browser."""
        await self._browser.http.aclose()

    async def open(self, address: str) -> Seen:
        """Open a page that everybody knows the way to, or that a page led to."""
        return await self._patiently(lambda: self._browser.get(address))

    async def follow(self, seen: Seen, path: str) -> Seen:
        """Go where the page leads; it has to."""
        link = seen.link(path)
        if link is None:
            raise stuck_at(seen, f"no way to {path}")
        return await self.open(link.address)

    async def find(self, start: str, path: str) -> Seen:
        """Look through a list, part by part, for what waits there, and open it."""
        ahead, known = [start], {start}
        seen = None
        while ahead and len(known) < _MOST_PARTS_OF_A_LIST:
            seen = await self.open(ahead.pop(0))
            if seen.link(path):
                return await self.follow(seen, path)
            further = [one.address for one in seen.links if one.leads_on and one.address not in known]
            ahead += further
            known.update(further)
        raise StuckAtPage(start, f"no way to {path}")

    async def send(
        self,
        seen: Seen,
        form: Form | None,
        given: Mapping[str, str],
        button: tuple[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Seen:
        """Fill in a form of the page and send it by this button. What the form does not have, nobody can fill
        in."""
        if form is None:
            raise stuck_at(seen, "no form")
        if lacking := _lacking(form, given, button):
            raise stuck_at(seen, lacking)
        return await self._patiently(lambda: self._browser.send(seen, form, given, button, files))

    async def _patiently(self, visit: Callable[[], Awaitable[Seen]]) -> Seen:
        """The page, however often its parts are away meanwhile: a form bears a key, so that sent twice it
        does once what it is for."""
        for _ in range(_PATIENCE_TRIES):
            seen = await self._once(visit)
            if seen is None or seen.status in _AWAY:
                await asyncio.sleep(_PAUSE)
                continue
            if seen.status >= codes.INTERNAL_SERVER_ERROR:
                raise stuck_at(seen, f"the page broke with {seen.status}")
            return seen
        raise ServiceSilent("Các trang không trả lời (the pages gave no answer).")

    async def _once(self, visit: Callable[[], Awaitable[Seen]]) -> Seen | None:
        loop = asyncio.get_running_loop()
        try:
            await self._be_signed_in()
            session, began = self._browser.session, loop.time()
            seen = await visit()
            if form := seen.form(asks=_SECRET):
                return await self._sign_in_again(seen, form, session)
        except httpx.TransportError:
            return None
        if seen.status not in _AWAY:
            self._log.seconds.append(loop.time() - began)
        return seen

    async def _be_signed_in(self) -> None:
        # Of two acts at once only one signs in: a second session would make the forms of the first worthless.
        async with self._signing_in:
            for _ in range(_PATIENCE_TRIES):
                if self._browser.session:
                    return
                with suppress(httpx.TransportError, SignInRefused):
                    await self._browser.sign_in(self._account, self._password)
                    continue
                await asyncio.sleep(_PAUSE)
        raise SignInRefused(self._account)

    async def _sign_in_again(self, seen: Seen, form: Form, session: str) -> Seen | None:
        """The session was over: what was asked for comes after signing in, and what was sent was kept and is
        sent then. None where another act of the same person has signed in meanwhile."""
        async with self._signing_in:
            if self._browser.session != session:
                return None
            typed = {"username": self._account, _SECRET: self._password}
            seen = await self._browser.send(seen, form, typed)
        if not seen.path.startswith(_KEPT):
            return seen
        kept = max((one for one in seen.forms if one.method == "post"), key=lambda one: len(one.fields))
        return await self._browser.send(seen, kept)


def _lacking(form: Form, given: Mapping[str, str], button: tuple[str, str] | None) -> str:
    """What nobody could fill in or press in this form."""
    if button is not None and not form.has_button(*button):
        return f"no button {button[1]}"
    for name, value in given.items():
        kinds = {one.kind for one in form.fields if one.name == name}
        if not kinds:
            return f"no field {name}"
        if kinds <= _CHOSEN and value not in form.values(name):
            return f"{name} cannot be {value}"
    return ""


def stuck_at(seen: Seen, why: str) -> StuckAtPage:
    """The page lets nothing be done; with what it says of that."""
    said = " ".join([why, *(seen.told or seen.main)])
    return StuckAtPage(f"{seen.status} {seen.path}", said[:_MOST_SAID])


class Pages:
    """The pages of an instance with everybody who goes there; sessions are kept as long as they last."""

    def __init__(self, base: str, passwords: Mapping[str, str]) -> None:
        self._base = base
        self._passwords = passwords
        self._visitors: dict[str, Visitor] = {}
        self.log = Log()

    def of(self, account: str) -> Visitor:
        """This person's browser."""
        if account not in self._visitors:
            browser = Browser(self._base)
            self._visitors[account] = Visitor(account, self._passwords[account], browser, self.log)
        return self._visitors[account]

    async def close(self) -> None:
        """Close all browsers."""
        for visitor in self._visitors.values():
            await visitor.close()


async def open_pages(instance: Instance, accounts: Sequence[str]) -> Pages:
    """The pages, with a password for each of these made-up people."""
    if not instance.has_pages:
        raise NoPages(
            "Bản riêng này không có các trang, nên không ai đi qua trang được (this private instance has no "
            "pages to go through)."
        )
    return Pages(instance.ports.url(PORTAL), await give_passwords(instance, accounts))
