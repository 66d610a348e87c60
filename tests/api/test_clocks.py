"""Clocks over HTTP: the sum line by line, extension, suspension and resumption, in every service that has
clocks."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.messages.clock import ClimbRung, RungFinding
from language.messages.intake import CheckRungClimbed
from language.names import Signal
from language.posts.kinds import PostKind
from services.intake.app import SERVICE
from tests.conftest import HeldPost, MovableClock, ServiceOpener, held
from tests.intake_cases import Case, content
from tests.service_cases import Opened, opened

OWNERS = ("intake", "review", "payout")
DUE = "formal_check.ladder.last-day"
CLOCK = MovableClock()
ACTS: dict[str, dict[str, Any]] = {
    "extension": {"amount": 1, "reason": "x"},
    "suspension": {"kind": "COMPLAINT", "reason": "x"},
    "resumption": {"reason": "x"},
}


@dataclass
class Clocks:
    """A service with a clock, and the head above the unit that acts."""

    found: Opened
    head: UUID

    @property
    def above(self) -> HeldPost:
        """The head's post."""
        return held(PostKind.UNIT_HEAD, *self.found.path[:-1])

    async def act(
        self, act: str, body: dict[str, Any], *, person: UUID | None = None, post: HeldPost | None = None
    ) -> httpx.Response:
        """Move the clock."""
        headers = self.found.service.headers(person or self.head, post or self.above)
        return await self.found.service.http.post(
            f"/v1/clocks/{self.found.ids['about_id']}/{act}", json=body, headers=headers
        )

    async def read(self) -> dict[str, Any]:
        """The clock."""
        headers = self.found.service.headers(self.head, self.above)
        response = await self.found.service.http.get(
            f"/v1/dossiers/{self.found.ids['dossier_id']}/clock", headers=headers
        )
        assert response.status_code == 200, response.text
        return next(
            clock
            for clock in response.json()["items"]
            if clock["about_id"] == str(self.found.ids["about_id"])
        )

    async def rows(self, query: str) -> list[Any]:
        """Rows about the clock's thing."""
        return list(await self.found.service.database.pool.fetch(query, self.found.ids["about_id"]))


@pytest.fixture(params=OWNERS)
async def clocks(
    request: pytest.FixtureRequest, open_service: ServiceOpener, tmp_path: Path
) -> AsyncIterator[Clocks]:
    async with opened(open_service, request.param, tmp_path) as found:
        yield Clocks(found, uuid4())


@pytest.fixture
async def case(open_service: ServiceOpener, tmp_path: Path) -> AsyncIterator[Case]:
    CLOCK.offset = timedelta()
    async with open_service(SERVICE, clock=CLOCK, blob_dir=tmp_path) as intake:
        yield Case(intake, CLOCK)


async def test_authors_and_payees_are_told_what_is_done_to_their_deadline(clocks: Clocks) -> None:
    for act, body in ACTS.items():
        assert (await clocks.act(act, body)).status_code == 200
    told = await clocks.rows(
        "select distinct kind, detail, reason, due_at is null as stands from notices where kind = any("
        "array['DEADLINE_EXTENDED', 'CLOCK_SUSPENDED', 'CLOCK_RESUMED']) and subject_id = "
        "(select subject_id from clocks where about_id = $1)"
    )
    assert {tuple(row) for row in told} == {
        ("DEADLINE_EXTENDED", None, "x", False),
        ("CLOCK_SUSPENDED", "COMPLAINT", "x", True),
        ("CLOCK_RESUMED", None, "x", False),
    }


async def test_an_extension_moves_everything_that_hangs_on_the_clock(clocks: Clocks) -> None:
    before = await clocks.read()
    response = await clocks.act("extension", {"amount": 4, "reason": "Nhiều hồ sơ"})
    assert response.status_code == 200, response.text
    after = await clocks.read()
    assert after == response.json()
    assert (after["revision"], after["may_extend_by"]["amount"], before["may_extend_by"]["amount"]) == (
        2,
        6,
        10,
    )
    assert after["due_at"] > before["due_at"]
    [move] = after["moves"]
    assert (move["kind"], move["reason"], move["actor_id"]) == ("EXTENDED", "Nhiều hồ sơ", str(clocks.head))
    assert (move["old_due_at"], move["new_due_at"]) == (before["due_at"], after["due_at"])
    # A last day that is off has a line of its own.
    told = [line["kind"] for line in after["lines"] if line["kind"] != "DAY_OFF_END"]
    assert told[-2:] == ["EXTENSION", "DUE"]
    due_at = datetime.fromisoformat(after["due_at"])
    tasks = await clocks.rows("select due_at from tasks where about_id = $1 and state in ('OPEN', 'WAITING')")
    assert tasks
    assert {row["due_at"] for row in tasks} == {due_at}
    [word] = await clocks.rows(
        "select payload from outbox where (payload->'clock'->>'about_id')::uuid = $1 and name = "
        f"'{Signal.CLOCK_MOVED}'"
    )
    told = word["payload"]["clock"]
    assert (told["revision"]["number"], datetime.fromisoformat(told["due_at"])) == (2, due_at)
    [event] = await clocks.found.service.database.pool.fetch(
        "select * from events where kind = 'ClockExtended'"
    )
    assert (event["detail"]["reason"], event["actor_id"], bool(event["rule"])) == (
        "Nhiều hồ sơ",
        clocks.head,
        True,
    )


async def test_extensions_together_stay_within_the_limit_of_the_rules(clocks: Clocks) -> None:
    assert (await clocks.act("extension", {"amount": 9, "reason": "x"})).status_code == 200
    refused = await clocks.act("extension", {"amount": 2, "reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "ExtensionLimitExceeded")
    assert (await clocks.act("extension", {"amount": 1, "reason": "x"})).status_code == 200
    assert (await clocks.read())["may_extend_by"]["amount"] == 0


async def test_a_clock_is_suspended_once_and_goes_on_once(clocks: Clocks) -> None:
    assert (await clocks.act("resumption", {"reason": "x"})).json()["code"] == "NotSuspended"
    suspended = await clocks.act("suspension", {"kind": "FORCE_MAJEURE", "reason": "Lũ"})
    assert (suspended.status_code, suspended.json()["is_suspended"]) == (200, True), suspended.text
    assert any("bất khả kháng" in line["vi"] for line in suspended.json()["lines"])
    assert (await clocks.act("suspension", {"kind": "COMPLAINT", "reason": "x"})).json()[
        "code"
    ] == "AlreadySuspended"
    resumed = await clocks.act("resumption", {"reason": "Nước rút"})
    assert (resumed.json()["is_suspended"], [move["kind"] for move in resumed.json()["moves"]]) == (
        False,
        ["SUSPENDED", "RESUMED"],
    )
    wrong = await clocks.act("suspension", {"kind": "SUPPLEMENT", "reason": "x"})
    assert wrong.status_code == 422


async def test_only_a_head_above_the_unit_moves_its_clock(clocks: Clocks) -> None:
    for act, body in ACTS.items():
        own = await clocks.act(act, body, post=held(PostKind.UNIT_HEAD, *clocks.found.path))
        assert (own.status_code, own.json()["code"]) == (403, "Forbidden")
        elsewhere = await clocks.act(act, body, post=held(PostKind.UNIT_HEAD, uuid4()))
        assert elsewhere.status_code == 404
    assert not (await clocks.read())["moves"]


async def test_what_the_rules_do_not_extend_is_not_extended_and_a_closed_clock_does_not_move(
    clocks: Clocks,
) -> None:
    database = clocks.found.service.database
    await database.pool.execute("update clocks set extension = null")
    assert (await clocks.act("extension", {"amount": 1, "reason": "x"})).json()[
        "code"
    ] == "NoExtensionInRules"
    await database.pool.execute("update clocks set closed_at = now()")
    for act, body in ACTS.items():
        assert (await clocks.act(act, body)).json()["code"] == "ClockClosed"
    assert (await clocks.read())["may_extend_by"] is None


async def test_a_head_who_is_an_author_moves_no_clock_of_the_own_dossier(case: Case) -> None:
    await case.file()
    post = [held(PostKind.UNIT_HEAD, case.province)]
    body = {"kind": "COMPLAINT", "reason": "x"}
    response = await case.send("POST", f"/clocks/{case.id}/suspension", case.author, json=body, posts=post)
    assert (response.status_code, response.json()["code"]) == (403, "ClockOfOwnDossier")


async def test_a_clock_that_waits_for_a_supplement_goes_on_with_the_supplement_only(case: Case) -> None:
    await case.awaiting_supplement()
    post = [held(PostKind.UNIT_HEAD, case.province)]
    refused = await case.send(
        "POST", f"/clocks/{case.id}/resumption", case.chair, json={"reason": "x"}, posts=post
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "SupplementAwaited")
    CLOCK.offset = timedelta(days=3)
    assert (
        await case.rewrite(content(case.author, case.co_author, description="Đã bổ sung"))
    ).status_code == 200
    assert (await case.act("supplement", case.author)).status_code == 200
    [clock] = (await case.send("GET", f"/dossiers/{case.id}/clock", case.author)).json()["items"]
    assert [(move["kind"], move["cause"]) for move in clock["moves"]] == [
        ("SUSPENDED", "SUPPLEMENT"),
        ("RESUMED", None),
    ]
    assert (clock["moves"][0]["reason"], clock["moves"][0]["actor_id"]) == (
        "Thiếu minh chứng",
        str(case.officer),
    )
    words = [word["name"] for word in await case.words()][-4:]
    assert words == [Signal.CLOCK_MOVED, Signal.FORMAL_CHECK_MOVED] * 2


async def test_a_notice_cannot_suspend_a_clock_that_stands_still_already(case: Case) -> None:
    await case.file()
    post = [held(PostKind.UNIT_HEAD, case.province)]
    body = {"kind": "COMPLAINT", "reason": "x"}
    assert (
        await case.send("POST", f"/clocks/{case.id}/suspension", case.chair, json=body, posts=post)
    ).status_code == 200
    refused = await case.act("supplement-notice", case.officer, {"defects": ["x"]})
    assert (refused.status_code, refused.json()["code"], await case.state()) == (
        409,
        "AlreadySuspended",
        "FILED",
    )


async def _climb(case: Case) -> CheckRungClimbed:
    climbed: CheckRungClimbed = await case.service.activities["climb_rung"](
        ClimbRung(about_id=case.id, rung_id="last-day")
    )
    return climbed


async def test_a_rung_before_its_time_does_nothing_and_brings_the_clock_that_stands(case: Case) -> None:
    await case.file()
    [clock] = (await case.send("GET", f"/dossiers/{case.id}/clock", case.author)).json()["items"]
    old = datetime.fromisoformat(clock["rungs"][0]["at"])
    post = [held(PostKind.UNIT_HEAD, case.province)]
    body = {"amount": 5, "reason": "x"}
    assert (
        await case.send("POST", f"/clocks/{case.id}/extension", case.chair, json=body, posts=post)
    ).status_code == 200
    early = await _climb(case)
    assert early.finding is RungFinding.NOT_YET
    assert early.clock is not None
    assert (early.clock.revision.number, early.clock.rungs[0].at > old) == (2, True)
    assert "RungFired" not in await case.kinds()
    CLOCK.offset = early.clock.rungs[0].at - CLOCK.real_now()
    assert (await _climb(case)).finding is RungFinding.FIRED
    assert (await _climb(case)).finding is RungFinding.ALREADY_FIRED


async def test_a_rung_whose_clock_stands_still_comes_back_later_each_time(case: Case) -> None:
    await case.file()
    post = [held(PostKind.UNIT_HEAD, case.province)]
    body = {"kind": "COMPLAINT", "reason": "x"}
    await case.send("POST", f"/clocks/{case.id}/suspension", case.chair, json=body, posts=post)
    for revision in (3, 4):
        CLOCK.offset += timedelta(days=40)
        looked = await _climb(case)
        assert looked.finding is RungFinding.NOT_YET
        assert looked.clock is not None
        assert looked.clock.revision.number == revision
        assert looked.clock.rungs[0].at > CLOCK.now()
    assert "RungFired" not in await case.kinds()
