"""Every page for everybody: nothing breaks, nothing is shown or offered that the API would refuse, all is
said in the reader's language, and it is light. A page that is added is walked by itself."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from urllib.parse import parse_qsl, urlsplit

import pytest

from cli.browsing import Browser, Form, Link, Seen
from cli.first_start import give_passwords
from cli.people_api import PeopleApi
from tests.pages.conftest import World
from tests.pages.council_cases import COUNCIL
from tests.pages.every_page import routes, samples
from tests.pages.ground import LATER_PAGE, ROLES, SCRIPT, Ground
from tests.pages.laying import Laying, as_person, send_lists
from tests.pages.steering_ground import SteeringGround
from tests.pages.told_in_vietnamese import faults

Offers = dict[str, list[tuple[str, list[Form]]]]
AT_ONCE = 4
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LEAVES = ("/sign-out", "/oauth2/", "/static/", "mailto:")
"""Where a walk does not go: it would be its end."""
ENDS = frozenset({"/sign-out", "/sessions", "/account", "/account/password", "/account/codes"})
"""Pages whose forms end the walker's own session."""


@pytest.fixture(scope="module")
async def api(world: World) -> AsyncIterator[PeopleApi]:
    people = PeopleApi(world.instance.urls, world.instance.secrets["cli_client_secret"])
    yield people
    await people.close()


@pytest.fixture(scope="module")
async def ground(world: World, api: PeopleApi) -> AsyncIterator[Ground]:
    world.passwords |= await give_passwords(world.instance, list({*ROLES, *COUNCIL}))
    laid = await Laying(api).lay()
    await send_lists(world, laid)
    yield laid
    await SteeringGround(api, laid).clear()


@pytest.fixture(scope="module")
def offers() -> Offers:
    """What each role was offered on its walk, page by page, so that nobody walks twice."""
    return {}


def addresses(ground: Ground) -> list[str]:
    """Every page there is to walk."""
    found = dict.fromkeys(one for told in samples(ground).values() for one in told)
    return [one for one in found if not one.startswith(_LEAVES)]


def test_every_route_has_an_address() -> None:
    known = samples(Ground(ids=_Whatever()))
    assert [path for path in routes() if path not in known] == []
    assert [path for path in known if path not in routes()] == []


class _Whatever(dict[str, str]):
    """Any name stands for something."""

    def __missing__(self, name: str) -> str:
        return name


async def _all(browser: Browser, paths: Iterable[str]) -> list[tuple[str, Seen]]:
    """All of these, a few at a time."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(path: str) -> tuple[str, Seen]:
        async with limit:
            return path, await browser.get(path)

    return list(await asyncio.gather(*(one(path) for path in paths)))


def _shape(address: str) -> str:
    """The same for addresses that lead to the same kind of page."""
    parts = urlsplit(address)
    names = sorted({name for name, value in parse_qsl(parts.query) if value})
    return f"{_ID.sub('ID', parts.path)}?{','.join(names)}"


def _leads(seen: Seen) -> list[Link]:
    return [
        link for link in seen.links if link.address.startswith("/") and not link.address.startswith(_LEAVES)
    ]


def _breaks(walked: Iterable[tuple[str, Seen]]) -> list[str]:
    return [f"{path}: {seen.status}" for path, seen in walked if seen.status >= 500]


def _heavy(walked: Iterable[tuple[str, Seen]]) -> list[str]:
    return [f"{path}: {seen.weight}" for path, seen in walked if seen.html and seen.weight > LATER_PAGE]


def _alive(walked: Iterable[tuple[str, Seen]]) -> list[str]:
    """Pages in which something typed has become more than text."""
    return [path for path, seen in walked if "<script>" in seen.html or "<img src=x" in seen.html]


async def _dead_ends(browser: Browser, walked: list[tuple[str, Seen]]) -> list[str]:
    """Links that are offered and lead nowhere: one to each kind of page from each kind of page."""
    known = {path: seen.status for path, seen in walked}
    kinds: dict[tuple[str, str], list[str]] = {}
    for path, seen in walked:
        if seen.status < 400:
            for link in _leads(seen):
                tried = kinds.setdefault((_shape(path), _shape(link.address)), [])
                if not tried:
                    tried.append(link.address)
    wanted = {one.partition("#")[0]: kind[0] for kind, found in kinds.items() for one in found}
    for path, seen in await _all(browser, [one for one in wanted if one not in known]):
        known[path] = seen.status
    return [f"{wanted[one]} → {one}: {known[one]}" for one in wanted if known[one] >= 400]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("account", ROLES)
async def test_a_role_walks_over_every_page(
    world: World, ground: Ground, api: PeopleApi, offers: Offers, account: str
) -> None:
    told = await ground.seen_by(api, account)
    async with await as_person(world, account) as browser:
        walked = await _all(browser, addresses(ground))
        offers[account] = _offered(walked)
        found = {
            "breaks": _breaks(walked),
            "leaks": _leaks(walked, ground, told),
            "is alive": _alive(walked),
            "is heavy": _heavy(walked),
            "is no Vietnamese": _inside(walked, ground),
            "leads nowhere": await _dead_ends(browser, walked),
        }
    wrong = [f"{kind}: {one}" for kind, ones in found.items() for one in ones]
    assert not wrong, "\n".join(wrong)


def _leaks(walked: Iterable[tuple[str, Seen]], ground: Ground, told: frozenset[str]) -> list[str]:
    """What is shown to somebody whom no API tells it."""
    hidden = [thing for thing in ground.things if thing.mark not in told]
    return [
        f"{path} tells {thing.resources[0]}"
        for path, seen in walked
        for thing in hidden
        if thing.mark in seen.html
    ]


def _inside(walked: Iterable[tuple[str, Seen]], ground: Ground) -> list[str]:
    """What is said in words for programs, or in another language."""
    found: dict[str, str] = {}
    for path, seen in walked:
        for one in faults(seen.texts, _typed(ground)):
            found.setdefault(one, path)
    return [f"{path}: {one}" for one, path in found.items()]


def _typed(ground: Ground) -> list[str]:
    typed = [SCRIPT, SCRIPT.upper(), *(SCRIPT[:most] for most in (90, 60))]
    return typed + [thing.mark for thing in ground.things]


_TYPED_IN = frozenset({"text", "search", "prose", "date", "email", "tel", "password", "number"})


@pytest.mark.timeout(900)
@pytest.mark.parametrize("account", ROLES)
async def test_what_is_offered_is_taken_or_refused_with_a_reason(
    world: World, ground: Ground, offers: Offers, account: str
) -> None:
    """Every form that stands in a page, fresh, with script in each field: it is never forbidden, leads
    somewhere, and what was typed is shown as text."""
    wrong: list[str] = []
    async with await as_person(world, account) as browser:
        sent: set[str] = set()
        offered = offers.get(account) or _offered(await _all(browser, addresses(ground)))
        for path, forms in offered:
            for place, known in enumerate(forms):
                if _key(path, known) in sent:
                    continue
                # What was sent before may have changed what is offered.
                seen = await browser.get(path)
                form = next(iter(_forms(seen)[place : place + 1]), None)
                if form is None or (key := _key(path, form)) in sent:
                    continue
                sent.add(key)
                given = {one.name: SCRIPT for one in form.fields if one.kind in _TYPED_IN}
                answer = await browser.send(seen, form, given, _tried(form))
                if answer.status in {403, 404} or answer.status >= 500:
                    wrong.append(f"{path} → {form.action}: {answer.status} {answer.main[:3]}")
                if _alive([(path, answer)]):
                    wrong.append(f"{path} → {form.action}: script")
                wrong += [f"{path} → {form.action}: {one}" for one in faults(answer.texts, _typed(ground))]
    assert not wrong, "\n".join(wrong)


def _offered(walked: Iterable[tuple[str, Seen]]) -> list[tuple[str, list[Form]]]:
    return [(path, _forms(seen)) for path, seen in walked if path not in ENDS]


def _key(path: str, form: Form) -> str:
    """The same for forms that ask the same of the same place."""
    return f"{form.action or path} {sorted(form.asks)}"


def _forms(seen: Seen) -> list[Form]:
    """What can be sent from a page."""
    return [form for form in seen.forms if form.method == "post" and form.action not in ENDS]


def _tried(form: Form) -> tuple[str, str] | None:
    """The button that only tries, where there is one."""
    return next((one for one in form.buttons if one[1] == "try"), None)
