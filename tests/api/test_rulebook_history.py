"""What the rulebook records: old and new values of packs, choices and the calendar."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.events import rulebook as facts
from language.events.base import Change, Fact
from language.posts.kinds import PostKind
from processes.bootstrap import shipped_packs
from services.rulebook.app import SERVICE
from services.rulebook.domain.pack_changes import content_sha256
from services.rulebook.operations.calendars import THE_CALENDAR
from tests.conftest import ServiceOpener, TestService, held
from tests.history_cases import told_of
from tests.provinces import Organised, organised

DRAFTS = "/policy-packs/drafts"


@dataclass
class Office:
    """Administrators of the province."""

    service: TestService
    organised: Organised

    async def send(
        self, method: str, path: str, body: Any = None, *, etag: str = "", person: UUID | None = None
    ) -> httpx.Response:
        """Anything that the rulebook's API takes, done."""
        headers = self.service.headers(person or uuid4(), held(PostKind.ADMIN, self.organised.root))
        if etag:
            headers["If-Match"] = etag
        answer = await self.service.http.request(method, f"/v1{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer

    async def facts(self, about: str | UUID) -> list[Fact]:
        """What is told of anything."""
        return [event.fact for event in await told_of(self.service.database, about)]


@pytest.fixture(scope="module")
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE) as service:
        yield Office(service, await organised(service))


def _pack() -> dict[str, Any]:
    shipped = next(pack for pack in shipped_packs() if pack.effective_to is None).model_dump(mode="json")
    return {**shipped, "name": f"p{uuid4().hex[:12]}", "effective_from": "2090-01-01"}


async def test_a_draft_tells_each_edit_and_what_was_published(office: Office) -> None:
    body = _pack()
    draft = await office.send("POST", "/policy-packs", body)
    path = f"{DRAFTS}/{draft.json()['id']}"
    checked = await office.send("POST", f"{path}/check", etag=draft.headers["etag"])
    edit = {**body, "title_vi": "Tên mới", "effective_to": "2091-12-31"}
    edited = await office.send("PUT", path, edit, etag=checked.headers["etag"])
    checked = await office.send("POST", f"{path}/check", etag=edited.headers["etag"])
    await office.send("POST", f"{path}/publication", etag=checked.headers["etag"])
    named = {"pack": body["name"], "pack_version": body["version"]}
    up = Change(old=False, new=True)
    told = await office.facts(draft.json()["id"])
    first, last = (content_sha256(one.json()["content"]) for one in (draft, edited))
    assert told == [
        facts.PolicyPackDrafted(content_sha256=first, **named),
        facts.PolicyPackChecked(draft_version=2, checked=up, **named),
        facts.PolicyPackEdited(
            draft_version=3,
            checked=Change(old=True, new=False),
            changes=(
                facts.PackChange(place="effective_to", content=Change(old=None, new="2091-12-31")),
                facts.PackChange(place="title_vi", content=Change(old=body["title_vi"], new="Tên mới")),
            ),
            content_sha256=last,
            **named,
        ),
        facts.PolicyPackChecked(draft_version=4, checked=up, **named),
        facts.PolicyPackPublished(
            effective_from=date(2090, 1, 1),
            effective_to=date(2091, 12, 31),
            drafted_by=UUID(draft.json()["drafted_by"]),
            content_sha256=last,
            **named,
        ),
    ]


async def test_a_dropped_draft_says_so(office: Office) -> None:
    draft = await office.send("POST", "/policy-packs", _pack())
    await office.send("DELETE", f"{DRAFTS}/{draft.json()['id']}", etag=draft.headers["etag"])
    dropped = (await office.facts(draft.json()["id"]))[-1]
    assert isinstance(dropped, facts.PolicyPackDropped)
    assert (dropped.draft_version, dropped.checked) == (2, False)


async def test_the_calendar_tells_its_days_and_a_unit_its_breaks(office: Office) -> None:
    found = await office.send("GET", "/calendar")
    before = found.json()
    body = {"holidays": ["2027-06-08"], "make_up_days": ["2027-06-12"], "reason": "Hoán đổi"}
    await office.send("PUT", "/calendar", body, etag=found.headers["etag"])
    [first, changed] = (await office.facts(THE_CALENDAR))[-2:]
    assert isinstance(first, facts.CalendarChanged)
    assert first.calendar_version == Change(old=None, new=1)
    assert isinstance(changed, facts.CalendarChanged)
    assert changed.calendar_version == Change(old=1, new=2)
    assert changed.holidays.old == tuple(date.fromisoformat(day) for day in before["holidays"])
    assert changed.holidays.new == (date(2027, 6, 8),)
    assert changed.make_up_days.new == (date(2027, 6, 12),)
    unit = await office.organised.unit(uuid4().hex)
    week = {"first_day": "2027-06-14", "last_day": "2027-06-18", "name": "Nghỉ hè"}
    pause = {"unit_id": str(unit), **week, "reason": "Kế hoạch"}
    kept = (await office.send("POST", "/calendar/breaks", pause)).json()["id"]
    await office.send("POST", f"/calendar/breaks/{kept}/end", {"reason": "Học bù"})
    common = {
        "break_id": UUID(kept),
        "first_day": date(2027, 6, 14),
        "last_day": date(2027, 6, 18),
        "name": "Nghỉ hè",
    }
    assert await office.facts(unit) == [
        facts.BreakAdded(calendar_version=Change(old=2, new=3), reason="Kế hoạch", **common),
        facts.BreakEnded(calendar_version=Change(old=3, new=4), reason="Học bù", **common),
    ]


async def test_seasons_and_rounds_tell_their_days(office: Office) -> None:
    code = uuid4().hex[:8]
    days = {"opens_on": "2027-01-01", "closes_on": "2027-12-31"}
    opens_at, closes_at = datetime(2027, 2, 1, 1, tzinfo=UTC), datetime(2027, 3, 1, 10, tzinfo=UTC)
    instants = {"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()}
    season = (await office.send("POST", "/seasons", {"code": code, "name": "Mùa 2027", **days})).json()["id"]
    made = (await office.send("POST", f"/seasons/{season}/rounds", {"code": "D1", **instants})).json()["id"]
    span = {"opens_on": date(2027, 1, 1), "closes_on": date(2027, 12, 31)}
    assert await office.facts(season) == [facts.SeasonCreated(code=code, name="Mùa 2027", **span)]
    assert await office.facts(made) == [
        facts.RoundCreated(
            season_id=UUID(season),
            code="D1",
            level=None,
            application_field=None,
            opens_at=opens_at,
            closes_at=closes_at,
        )
    ]
