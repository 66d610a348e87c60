"""What stands around every page: who one is, what one may go to, what waits."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final

from language.names import TaskQueue
from services.portal.asking.services import Away, Facts, Refused
from services.portal.desk import Desk
from services.portal.showing.languages import N_

ORGANISATION, INTAKE, REVIEW, PAYOUT, RULEBOOK, POSTROOM = (
    TaskQueue.ORGANISATION.value,
    TaskQueue.INTAKE.value,
    TaskQueue.REVIEW.value,
    TaskQueue.PAYOUT.value,
    TaskQueue.RULEBOOK.value,
    TaskQueue.POSTROOM.value,
)
WORKING: Final = (INTAKE, REVIEW, PAYOUT)
"""The services that hand out work."""
MOST_WORK: Final = 50
"""So much of each is shown on the first page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the menu; what it is called is looked up in the catalogue."""

    address: str
    title: str
    kinds: frozenset[str] | None = None
    """Only for holders of these posts; None: for everybody."""
    count: int | None = None


_OFFICERS: Final = frozenset({"INTAKE_OFFICER"})
_COUNCIL: Final = frozenset(
    {"COUNCIL_CHAIR", "COUNCIL_DEPUTY_CHAIR", "COUNCIL_MEMBER", "COUNCIL_SECRETARY", "COUNCIL_SUBSTITUTE"}
)
_HEADS: Final = frozenset({"UNIT_HEAD", "DEPUTY_HEAD"})
_MONEY: Final = frozenset({"ACCOUNTANT", "CHIEF_ACCOUNTANT"})
_ADMIN: Final = frozenset({"ADMIN"})
_AUDIT: Final = frozenset({"AUDITOR"})
_OFFICE: Final = _OFFICERS | _COUNCIL | _HEADS | _ADMIN | _AUDIT
_CLERKS: Final = _OFFICERS | _HEADS | _ADMIN | {"COUNCIL_SECRETARY"}
MENU: Final = (
    Entry(address="/", title=N_("My work")),
    Entry(address="/dossiers", title=N_("Dossiers")),
    Entry(address="/checking", title=N_("Formal check"), kinds=_OFFICERS | _HEADS),
    Entry(address="/lists", title=N_("Lists in Excel"), kinds=_CLERKS),
    Entry(address="/register", title=N_("Register"), kinds=_OFFICE),
    Entry(address="/notices", title=N_("Notices")),
    Entry(address="/stages", title=N_("Council"), kinds=_COUNCIL | _HEADS | _ADMIN | _AUDIT),
    Entry(address="/marking", title=N_("Marking"), kinds=_COUNCIL | _HEADS | {"UNION_REPRESENTATIVE"}),
    Entry(address="/decisions", title=N_("Decisions"), kinds=_OFFICE),
    Entry(address="/money", title=N_("Money"), kinds=_MONEY | _HEADS | _ADMIN | _AUDIT),
    Entry(address="/overview", title=N_("Overview"), kinds=_OFFICE | _MONEY),
    Entry(address="/audit", title=N_("Audit"), kinds=_AUDIT | _ADMIN),
    Entry(address="/administration", title=N_("Administration"), kinds=_ADMIN),
)


_OPEN_TO: Final[Mapping[str, frozenset[str]]] = {
    **{entry.address: entry.kinds for entry in MENU if entry.kinds},
    **dict.fromkeys(("/money/lists", "/money/ledger"), _MONEY | _HEADS | _ADMIN | _AUDIT),
    "/money/lists/new": _MONEY | _HEADS,
    "/administration": _HEADS | _ADMIN,
    **dict.fromkeys(
        (
            "/administration/people",
            "/administration/transitions",
            "/administration/successions",
            "/administration/joinings",
            "/administration/webhooks",
        ),
        _ADMIN,
    ),
    "/audit/looks": _AUDIT | _ADMIN,
    "/administration/forecast": _OFFICE | _MONEY,
}
"""What is for holders of these posts, of the menu and of the tabs of its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The reader, with the posts held today."""

    person_id: str
    name: str
    posts: list[Facts]
    kinds: frozenset[str] = field(default=frozenset())

    def menu(self, counts: Mapping[str, int | None]) -> list[Entry]:
        """Where this reader may go, with what waits there."""
        return [
            replace(entry, count=counts.get(entry.address))
            for entry in MENU
            if entry.kinds is None or not entry.kinds.isdisjoint(self.kinds)
        ]

    def leads(self, address: str) -> bool:
        """A way to this page is worth showing."""
        kinds = _OPEN_TO.get(address)
        return kinds is None or not kinds.isdisjoint(self.kinds)

    def holds(self, *kinds: str) -> bool:
        """One of these posts is the reader's."""
        return not self.kinds.isdisjoint(kinds)

    @property
    def mark(self) -> str:
        """By this a browser knows whose text it keeps; it tells nobody's id."""
        return sha256(f"typed by {self.person_id}".encode()).hexdigest()[:16]


def begin_frame(desk: Desk, *, at_once: bool) -> None:
    """Start to read it, or say how it is read when a page is drawn: a form that is taken draws none. Pages
    take from it what they need themselves, so that nothing is asked twice."""
    desk.share("me", lambda: _me(desk))
    desk.share("notices", lambda: _perhaps(desk, POSTROOM, "/v1/notices/counts"))
    desk.share("tasks", lambda: _tasks(desk))
    desk.share("counts", lambda: _counts(desk))
    if at_once:
        desk.start_shared()


async def _me(desk: Desk) -> Frame:
    me = await desk.ask(ORGANISATION, "/v1/me")
    return Frame(
        person_id=me["person_id"],
        name=me["full_name"] or "",
        posts=me["posts"],
        kinds=frozenset(post["kind"] for post in me["posts"]),
    )


async def _tasks(desk: Desk) -> list[Facts | None]:
    """What waits for the reader in each service: only its number, but on the page that shows it."""
    limit = MOST_WORK if desk.path == "/" else 1
    return list(
        await asyncio.gather(*(_perhaps(desk, service, "/v1/tasks", limit=limit) for service in WORKING))
    )


async def _counts(desk: Desk) -> dict[str, int | None]:
    """How much waits and is unread, by the address in the menu; None where it is not known now."""
    tasks, notices = await asyncio.gather(desk.shared("tasks"), desk.shared("notices"))
    known = [one["count"] for one in tasks if one and one.get("count") is not None]
    return {"/": sum(known) if known else None, "/notices": _unread(notices)}


async def _perhaps(desk: Desk, service: str, path: str, **query: object) -> Facts | None:
    """The frame stands though a part of the system is away."""
    try:
        return await desk.ask(service, path, **query)
    except (Away, Refused):
        return None


def _unread(counts: Mapping[str, Any] | None) -> int | None:
    if counts is None:
        return None
    return sum(int(one["unread"]) for one in counts.get("items", []))
