"""Seasons and rounds are extended, closed and opened again by an act with its document, and those it concerns
are told; whoever is above a unit lets it file late."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.deadline.arithmetic import local_day
from language.events.base import Change
from language.events.rulebook import FilingWindowChanged, LateFilingPermitted
from language.posts.kinds import PostKind
from services.rulebook.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.history_cases import told_of
from tests.provinces import Organised, organised

DOCUMENT = {"document": "CV 12/SKHCN", "reason": "Mưa lũ"}


def at(days: int) -> str:
    """So many days from now."""
    return (datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)).isoformat()


@dataclass
class Office:
    """A province with a school, and a season that is open."""

    service: TestService
    beside: Organised
    school: UUID
    season: str = ""

    async def send(
        self, path: str, body: Any = None, kind: PostKind = PostKind.ADMIN, *units: UUID
    ) -> httpx.Response:
        """A command (a question without a body) of somebody in such a post, of the province if nothing
        else is said."""
        headers = self.service.headers(uuid4(), held(kind, *(units or (self.beside.root,))))
        method = "POST" if body is not None else "GET"
        return await self.service.http.request(method, f"/v1/seasons{path}", json=body, headers=headers)

    async def told(self) -> list[tuple[UUID, str]]:
        """Who was told what."""
        rows = await self.service.database.pool.fetch(
            "select person_id, detail from notices where kind = 'FILING_WINDOW_CHANGED' order by position"
        )
        return [(row["person_id"], row["detail"]) for row in rows]


@pytest.fixture
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE) as service:
        beside = await organised(service)
        found = Office(service, beside, await beside.unit("S1"))
        today = local_day(datetime.now(UTC))
        span = {"opens_on": f"{today - timedelta(days=30)}", "closes_on": f"{today + timedelta(days=300)}"}
        found.season = (await found.send("", {"code": "M", "name": "Mùa", **span})).json()["id"]
        yield found


async def test_a_round_is_extended_closed_and_opened_again_and_heads_are_told(office: Office) -> None:
    head = await office.beside.appoint(office.school, PostKind.UNIT_HEAD)
    new = {"code": "D1", "level": "SCHOOL", "opens_at": at(-9), "closes_at": at(9)}
    round_ = (await office.send(f"/{office.season}/rounds", new)).json()
    path = f"/{office.season}/rounds/{round_['id']}/changes"
    extend = {"act": "EXTENDED", "closes_at": at(20), **DOCUMENT}
    tried = await office.send(f"{path}?dry_run=true", extend)
    assert (tried.status_code, await office.told()) == (200, [])
    done = await office.send(path, extend)
    assert (done.status_code, done.json()["closes_at"]) == (200, tried.json()["closes_at"]), done.text
    assert await office.told() == [(head, "EXTENDED")]
    again = await office.send(path, {"act": "REOPENED", "closes_at": at(30), **DOCUMENT})
    assert (again.status_code, again.json()["code"]) == (409, "WindowIsOpen")
    closed = await office.send(path, {"act": "CLOSED", **DOCUMENT})
    assert closed.status_code == 200
    refused = await office.send(path, extend)
    assert (refused.status_code, refused.json()["code"]) == (409, "WindowIsClosed")
    opened = await office.send(path, {"act": "REOPENED", "closes_at": at(30), **DOCUMENT})
    assert opened.status_code == 200
    assert [what for _, what in await office.told()] == ["EXTENDED", "CLOSED", "REOPENED"]
    facts = [event.fact for event in await told_of(office.service.database, round_["id"])]
    assert facts[1] == FilingWindowChanged(
        season_id=UUID(office.season),
        round_id=UUID(round_["id"]),
        act=extend["act"],
        closes_at=Change(
            old=datetime.fromisoformat(round_["closes_at"]), new=datetime.fromisoformat(extend["closes_at"])
        ),
        **DOCUMENT,
    )


async def test_a_round_for_a_level_that_no_unit_has_is_refused(office: Office) -> None:
    new = {"code": "D1", "level": "SCHOL", "opens_at": at(-9), "closes_at": at(9)}
    refused = await office.send(f"/{office.season}/rounds", new)
    assert (refused.status_code, refused.json()["code"]) == (422, "UnitLevelUnknown"), refused.text
    assert "trường" in refused.json()["detail"]


async def test_a_round_lies_within_its_season_which_is_extended_first(office: Office) -> None:
    new = {"code": "D1", "opens_at": at(1), "closes_at": at(400)}
    outside = await office.send(f"/{office.season}/rounds", new)
    assert (outside.status_code, outside.json()["code"]) == (422, "ClosingOutOfOrder")
    more = {"act": "EXTENDED", "closes_at": at(500), **DOCUMENT}
    assert (await office.send(f"/{office.season}/changes", more)).status_code == 200
    assert (await office.send(f"/{office.season}/rounds", new)).status_code == 201


async def test_an_act_has_a_document_and_an_end_where_one_is_needed(office: Office) -> None:
    for body in (
        {"act": "EXTENDED", **DOCUMENT},
        {"act": "CLOSED", "closes_at": at(3), **DOCUMENT},
        {"act": "CLOSED", "reason": "x"},
    ):
        refused = await office.send(f"/{office.season}/changes", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "RequestInvalid")
    for units in ((office.beside.root, office.school),):
        by_school = await office.send(
            f"/{office.season}/changes", {"act": "CLOSED", **DOCUMENT}, PostKind.ADMIN, *units
        )
        assert by_school.status_code == 403
    strange = await office.send(f"/{office.season}/rounds/{uuid4()}/changes", {"act": "CLOSED", **DOCUMENT})
    assert strange.status_code == 404


async def test_whoever_is_above_lets_a_unit_file_late_and_its_head_is_told(office: Office) -> None:
    head = await office.beside.appoint(office.school, PostKind.UNIT_HEAD)
    path, body = f"/{office.season}/late-filings", {"unit_id": str(office.school), "until": at(5), **DOCUMENT}
    own = await office.send(path, body, PostKind.UNIT_HEAD, office.beside.root, office.school)
    assert own.status_code == 403
    past = await office.send(path, {**body, "until": at(-1)})
    assert (past.status_code, past.json()["code"]) == (422, "ClosingOutOfOrder")
    given = await office.send(path, body, PostKind.UNIT_HEAD)
    assert given.status_code == 201, given.text
    assert (head, "LATE") in await office.told()
    listed = (await office.send(path)).json()["items"]
    assert [(one["unit_id"], one["document"]) for one in listed] == [
        (str(office.school), DOCUMENT["document"])
    ]
    (event,) = await told_of(office.service.database, given.json()["id"])
    assert isinstance(event.fact, LateFilingPermitted)
