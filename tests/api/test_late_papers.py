"""Papers arrive late: what was done in between is listed before the change, marked after it, told to the unit
above and decided by it; nothing is undone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from casework.late.watch import LatePaperWatch
from kit.db import Database
from kit.leading import take_lead
from language.deadline.arithmetic import local_day
from language.names import TaskQueue
from language.posts.kinds import PostKind, PostTask
from services.organisation.app import SERVICE as ORGANISATION
from services.review.app import SERVICE as REVIEW
from tests.conftest import HeldPost, MovableClock, ServiceOpener, TestService, held
from tests.joining_cases import follow, join
from tests.review_cases import Case

LEADER = uuid4()
CLOSED = "update dossiers set state = 'REFUSED', closed_at = now() where id = $1"
HOLDING = "select id from holdings where person_id = $1 and post_id = $2"


async def look(database: Database) -> None:
    """Everything that came late is looked at."""
    async with database.connection() as conn:
        lease = await take_lead(conn, "late papers", LEADER)
        assert lease
        while await LatePaperWatch(database).look(lease):
            pass


@dataclass
class Office:
    """A council that is examining, the organisation beside it, and days that go by."""

    review: TestService
    organisation: TestService
    case: Case
    clock: MovableClock

    @property
    def today(self) -> date:
        """In Vietnam."""
        return local_day(self.clock.now())

    def days_ago(self, days: int) -> str:
        """The day so many days before today."""
        return (self.today - timedelta(days=days)).isoformat()

    async def marked(self, person: UUID, days_ago: int = 3) -> None:
        """The person has submitted the sheet so many days ago."""
        answer = await self.case.mark(person)
        assert answer.status_code == 200, answer.text
        self.clock.offset += timedelta(days=days_ago)

    async def send(self, method: str, path: str, body: Any, **query: str) -> dict[str, Any]:
        """An administrator of the province changes something."""
        headers = self.organisation.headers(ADMIN, held(PostKind.ADMIN, self.case.root, post_id=ADMIN))
        answer = await self.organisation.http.request(
            method, f"/v1{path}", json=body, params=query, headers=headers
        )
        assert answer.status_code in {200, 201}, answer.text
        await look(self.review.database)
        return dict(answer.json())

    async def end_post(self, person: UUID, post: UUID, last: str, **query: str) -> dict[str, Any]:
        """The person has left the post on that day."""
        holding = await self.organisation.database.pool.fetchval(HOLDING, person, post)
        return await self.send("POST", f"/holdings/{holding}/end", {"held_to": last}, **query)

    async def marks(self) -> list[dict[str, Any]]:
        """What the dossier's history says of acts in question."""
        return [one["detail"] for one in await self.case.events() if one["kind"] == "ActQuestioned"]

    async def ask(
        self, method: str, path: str, person: UUID, *posts: HeldPost, **more: Any
    ) -> httpx.Response:
        """Something of review."""
        headers = self.review.headers(person, *posts)
        return await self.review.http.request(method, f"/v1{path}", headers=headers, **more)

    async def questions(self, person: UUID | None = None) -> list[dict[str, Any]]:
        """What the head of the unit above sees."""
        answer = await self.ask("GET", "/questioned-acts", person or self.above)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def decide(self, person: UUID, *posts: HeldPost, outcome: str = "STANDS") -> httpx.Response:
        """Say something of the act in question."""
        found = await self.review.database.pool.fetchval("select id from questioned_acts")
        body = {"outcome": outcome, "reason": "Đã xem lại."}
        return await self.ask("POST", f"/questioned-acts/{found}/decision", person, *posts, json=body)

    @property
    def above(self) -> UUID:
        """The head of the unit above."""
        return self.case.superiors[1].person_id

    @property
    def member(self) -> UUID:
        """A member of the council."""
        return self.case.holders[2].person_id

    @property
    def seat(self) -> UUID:
        """The member's post."""
        return self.case.holders[2].post_id


ADMIN = uuid4()


@pytest.fixture
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    clock = MovableClock()
    async with open_service(REVIEW, clock=clock) as review:
        yield Office(review, await review.shared.open(ORGANISATION), Case(review), clock)


async def test_a_post_that_was_left_before(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    told = await office.end_post(office.member, office.seat, office.days_ago(4), dry_run="true")
    [act] = told["questioned"]["acts"]
    assert told["questioned"]["count"] == 1
    assert (act["act"], act["subject_id"]) == ("ScoreSheetSubmitted", str(office.case.dossier))
    assert (act["person_id"], act["post_id"]) == (str(office.member), str(office.seat))
    assert (act["subject_code"], act["doubt"]) == (f"SK-{office.case.dossier.hex[:8]}", "HOLDING_ENDED")
    assert act["through"]["holding_id"]
    assert await office.marks() == []
    assert await office.organisation.database.pool.fetchval("select count(*) from late_papers") == 0
    done = await office.end_post(office.member, office.seat, office.days_ago(4))
    assert done["questioned"] == told["questioned"]
    [mark] = await office.marks()
    assert (mark["act_id"], mark["act"], mark["acted_by"]) == (
        act["event_id"],
        "ScoreSheetSubmitted",
        str(office.member),
    )
    assert (mark["doubt"], mark["first_day"]) == ("HOLDING_ENDED", office.days_ago(3))
    assert mark["decided_in"] == str(office.case.root)
    await look(office.review.database)
    assert len(await office.marks()) == 1
    sheets = await office.review.database.pool.fetch(
        "select state from score_sheets where person_id = $1", office.member
    )
    assert [row["state"] for row in sheets] == ["SUBMITTED"]


@pytest.mark.parametrize("last", [3, 2, 0])
async def test_what_was_done_before_the_post_was_left_is_in_no_question(office: Office, last: int) -> None:
    await office.case.open()
    await office.marked(office.member)
    told = await office.end_post(office.member, office.seat, office.days_ago(last))
    assert told["questioned"] == {"count": 0, "acts": []}
    assert await office.marks() == []


async def test_a_post_that_had_been_taken_before(office: Office) -> None:
    """Who acted in it until somebody is appointed is told of once, though the own holding ends too."""
    facts, stand_in = await office.case.facts(), uuid4()
    await facts.leaves_post(office.member, office.seat)
    await facts.hold(stand_in, office.seat, acting=True)
    await office.case.open()
    await office.marked(stand_in)
    body = {"person_id": str(ADMIN), "held_from": office.days_ago(5)}
    new = await office.send("POST", "/people", {"code": "x", "full_name": "Lò Văn Bình"})
    body["person_id"] = new["id"]
    told = await office.send("POST", f"/posts/{office.seat}/holdings", body)
    [act] = told["questioned"]["acts"]
    assert (act["person_id"], act["act"]) == (str(stand_in), "ScoreSheetSubmitted")
    assert len(await office.marks()) == 1


async def test_a_leave_that_is_entered_afterwards(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    days = {"starts_on": office.days_ago(4), "ends_on": office.days_ago(2)}
    told = await office.send("POST", f"/people/{office.member}/leaves", days)
    [act] = told["questioned"]["acts"]
    assert (act["person_id"], act["doubt"]) == (str(office.member), "LEAVE_ADDED")
    [mark] = await office.marks()
    assert (mark["first_day"], mark["last_day"]) == (days["starts_on"], days["ends_on"])
    left = await office.send("DELETE", f"/people/{office.member}/leaves/{told['id']}", None)
    assert left == {"id": told["id"]}
    assert len(await office.marks()) == 1


async def test_a_leave_of_other_days_or_of_somebody_else_says_nothing(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    today = {"starts_on": office.days_ago(0), "ends_on": office.days_ago(-4)}
    later = {"starts_on": office.days_ago(2), "ends_on": office.days_ago(1)}
    while_acting = {"starts_on": office.days_ago(4), "ends_on": office.days_ago(2)}
    for person, days in ((office.member, today), (office.member, later), (office.case.chair, while_acting)):
        told = await office.send("POST", f"/people/{person}/leaves", days)
        assert told["questioned"]["count"] == 0
    assert await office.marks() == []


async def test_a_delegation_that_had_ended_before(office: Office) -> None:
    facts, delegate = await office.case.facts(), uuid4()
    began = office.today - timedelta(days=2)
    given = await facts.delegate(office.member, delegate, office.case.unit, PostTask.MARK, first=began)
    await office.case.open()
    await office.marked(delegate)
    path = f"/people/{office.member}/delegations/{given.id}/end"
    until_then = await office.send("POST", path, {"ends_on": office.days_ago(3)}, dry_run="true")
    assert until_then["questioned"]["count"] == 0
    told = await office.send("POST", path, {"ends_on": office.days_ago(4)})
    [act] = told["questioned"]["acts"]
    assert (act["person_id"], act["on_behalf_of"]) == (str(delegate), str(office.member))
    assert act["through"]["delegation_id"] == str(given.id)
    assert [mark["doubt"] for mark in await office.marks()] == ["DELEGATION_ENDED"]
    again = await office.organisation.http.post(
        f"/v1{path}",
        json={"ends_on": office.days_ago(4)},
        headers=office.organisation.headers(office.member),
    )
    assert (again.status_code, again.json()["code"]) == (409, "DelegationEndsEarlier")


async def test_work_that_had_been_delegated_before(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    other = office.case.holders[3].person_id
    body = {
        "delegate_id": str(other),
        "unit_id": str(office.case.unit),
        "starts_on": office.days_ago(4),
        "ends_on": office.days_ago(-4),
        "tasks": ["MARK"],
        "reason": "Văn bản đến sau",
    }
    told = await office.send("POST", f"/people/{office.member}/delegations", body)
    [act] = told["questioned"]["acts"]
    assert (act["person_id"], act["doubt"]) == (str(office.member), "WORK_DELEGATED")
    assert [mark["doubt"] for mark in await office.marks()] == ["WORK_DELEGATED"]
    # What is taken back is taken back from now on.
    await office.send("DELETE", f"/people/{office.member}/delegations/{told['id']}", None)
    assert len(await office.marks()) == 1


async def test_the_unit_above_is_told_and_decides(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    await office.end_post(office.member, office.seat, office.days_ago(4))
    notices = (
        "select person_id, kind, detail from notices where kind in ('ACT_QUESTIONED', 'QUESTION_DECIDED')"
    )
    found = await office.review.database.pool.fetch(notices)
    assert (office.above, "ACT_QUESTIONED", "HOLDING_ENDED") in [tuple(row) for row in found]
    assert office.member not in {row["person_id"] for row in found}
    own_head = office.case.superiors[0].person_id
    alarms = (await office.ask("GET", "/alarms", office.above)).json()["items"]
    [alarm] = [one for one in alarms if one["kind"] == "ACT_IN_QUESTION"]
    [question] = await office.questions()
    assert (alarm["about_id"], alarm["found"]) == (question["id"], "ScoreSheetSubmitted")
    assert (question["state"], question["unit_id"]) == ("OPEN", str(office.case.root))
    assert "retraction" in question["way_en"]
    assert (await office.questions(own_head)) == []
    assert (await office.decide(own_head)).status_code == 404
    assert (await office.decide(uuid4())).status_code == 404
    decided = await office.decide(office.above)
    assert (decided.status_code, decided.json()["state"]) == (200, "STANDS")
    assert (await office.decide(office.above)).json()["code"] == "QuestionClosed"
    alarms = (await office.ask("GET", "/alarms", office.above)).json()["items"]
    assert not [one for one in alarms if one["kind"] == "ACT_IN_QUESTION"]
    event = (await office.case.events())[-1]
    assert (event["kind"], event["actor_id"]) == ("QuestionedActStands", office.above)
    told = await office.review.database.pool.fetch(notices)
    assert (office.member, "QUESTION_DECIDED", "STANDS") in [tuple(row) for row in told]


async def test_what_is_to_be_done_again_is_undone_by_nobody(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    await office.end_post(office.member, office.seat, office.days_ago(4))
    before = await office.review.database.pool.fetchval("select count(*) from events")
    found = await office.review.database.pool.fetchval("select id from questioned_acts")
    tried = await office.ask(
        "POST",
        f"/questioned-acts/{found}/decision",
        office.above,
        params={"dry_run": "true"},
        json={"outcome": "DO_AGAIN", "reason": "x"},
    )
    assert (tried.status_code, tried.json()["state"]) == (200, "DO_AGAIN")
    assert await office.review.database.pool.fetchval("select count(*) from events") == before
    items = [{"id": str(found), "outcome": "DO_AGAIN", "reason": "Không còn giữ vị trí"}]
    done = await office.ask("POST", "/batch/questioned-acts/decision", office.above, json={"items": items})
    assert (done.status_code, done.json()["done"]) == (200, 1)
    assert (await office.case.events())[-1]["kind"] == "QuestionedActToBeRedone"
    state = "select state from score_sheets where person_id = $1"
    assert await office.review.database.pool.fetchval(state, office.member) == "SUBMITTED"


async def test_who_acted_does_not_decide_about_it(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    await office.end_post(office.member, office.seat, office.days_ago(4))
    post = held(PostKind.ADMIN, office.case.root)
    answer = await office.decide(office.member, post)
    assert (answer.status_code, answer.json()["code"]) == (403, "OwnActInQuestion")


async def test_an_author_does_not_decide_about_an_act_in_the_own_matter(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    await office.end_post(office.member, office.seat, office.days_ago(4))
    answer = await office.decide(office.case.author, held(PostKind.UNIT_HEAD, office.case.root))
    assert (answer.status_code, answer.json()["code"]) == (403, "OwnMatterInQuestion")


async def test_nor_does_a_record_that_stands_for_who_acted(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    await office.end_post(office.member, office.seat, office.days_ago(4))
    kept = uuid4()
    await join(office.organisation.database, kept, office.member)
    await follow(office.review.database)
    answer = await office.decide(kept, held(PostKind.ADMIN, office.case.root))
    assert (answer.status_code, answer.json()["code"]) == (403, "OwnActInQuestion")


async def test_what_was_done_under_a_record_that_was_joined(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    kept = uuid4()
    await join(office.organisation.database, kept, office.member)
    days = {"starts_on": office.days_ago(4), "ends_on": office.days_ago(2)}
    told = await office.send("POST", f"/people/{kept}/leaves", days)
    assert [act["person_id"] for act in told["questioned"]["acts"]] == [str(kept)]
    assert [mark["acted_by"] for mark in await office.marks()] == [str(kept)]


async def test_a_record_that_is_joined_before_the_paper_is_read(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member)
    kept, path = uuid4(), f"/v1/people/{office.member}/leaves"
    days = {"starts_on": office.days_ago(4), "ends_on": office.days_ago(2)}
    headers = office.organisation.headers(ADMIN, held(PostKind.ADMIN, office.case.root, post_id=ADMIN))
    added = await office.organisation.http.post(path, json=days, headers=headers)
    assert added.status_code == 201, added.text
    await join(office.organisation.database, kept, office.member)
    await look(office.review.database)
    assert [mark["acted_by"] for mark in await office.marks()] == [str(kept)]


async def end_unit(office: Office, unit: UUID, last: str, **query: str) -> httpx.Response:
    """Set the last day of a unit."""
    headers = office.organisation.headers(ADMIN, held(PostKind.ADMIN, office.case.root, post_id=ADMIN))
    path = f"/v1/units/{unit}"
    found = await office.organisation.http.get(path, headers=headers)
    answer = await office.organisation.http.patch(
        path,
        json={"name": found.json()["name"], "valid_to": last},
        params=query,
        headers={**headers, "If-Match": found.headers["etag"]},
    )
    await look(office.review.database)
    return answer


async def test_a_unit_that_had_ended_before(office: Office) -> None:
    await office.case.open()
    await office.case.mark_all()
    decided = await office.case.decide()
    assert decided.status_code == 200, decided.text
    open_yet = await end_unit(office, office.case.unit, office.days_ago(1))
    assert (open_yet.status_code, open_yet.json()["code"]) == (409, "UnitNotEmpty")
    intake = await office.review.shared.database(TaskQueue.INTAKE)
    await intake.pool.execute(CLOSED, office.case.dossier)
    office.clock.offset += timedelta(days=3)
    told = await end_unit(office, office.case.unit, office.days_ago(4), dry_run="true")
    assert told.status_code == 200, told.text
    acts = told.json()["questioned"]["acts"]
    assert {act["doubt"] for act in acts} == {"UNIT_ENDED"}
    assert {"ScoreSheetSubmitted", "StageDecided"} <= {act["act"] for act in acts}
    assert await office.marks() == []
    done = await end_unit(office, office.case.unit, office.days_ago(4))
    assert done.json()["questioned"] == told.json()["questioned"]
    assert {mark["act_id"] for mark in await office.marks()} == {act["event_id"] for act in acts}
    later = await end_unit(office, office.case.unit, office.days_ago(-9))
    assert later.json()["questioned"] == {"count": 0, "acts": []}


async def test_what_an_administrator_has_done_since_the_post_was_left(office: Office) -> None:
    """In the organisation itself too: who was appointed by somebody who had no right to."""
    await office.case.facts()
    clerk, post = uuid4(), uuid4()
    # Of the unit, for one of the province is dismissed by two.
    below = held(PostKind.ADMIN, office.case.root, office.case.unit, post_id=post)
    headers = office.organisation.headers(clerk, below)
    made = await office.organisation.http.post(
        "/v1/people", json={"code": "gv-1", "full_name": "Lò Văn Bình"}, headers=headers
    )
    assert made.status_code == 201, made.text
    office.clock.offset += timedelta(days=3)
    told = await office.end_post(clerk, post, office.days_ago(4))
    assert [act["act"] for act in told["questioned"]["acts"]] == ["PersonCreated"]
    await look(office.organisation.database)
    marked = await office.organisation.database.pool.fetchval(
        "select count(*) from events where kind = 'ActQuestioned' and subject_id = $1",
        UUID(made.json()["id"]),
    )
    assert marked == 1


async def test_a_list_with_days_that_are_over(office: Office) -> None:
    facts, stand_in = await office.case.facts(), uuid4()
    await facts.leaves_post(office.member, office.seat)
    await facts.hold(stand_in, office.seat, acting=True)
    await office.case.open()
    await office.marked(stand_in)
    database = office.organisation.database
    code = await database.pool.fetchval("select code from units where id = $1", office.case.unit)
    title = await database.pool.fetchval("select title from posts where id = $1", office.seat)
    rows = {
        "valid_from": "2020-01-01",
        "people": [{"code": "moi", "full_name": "Lò Văn Bình"}],
        "posts": [
            {
                "unit_code": code,
                "kind": "COUNCIL_MEMBER",
                "title": title,
                "person_code": "moi",
                "held_from": office.days_ago(5),
            },
            {
                "unit_code": code,
                "kind": "STAFF",
                "title": "Giáo viên",
                "person_code": "moi",
                "held_from": office.days_ago(5),
            },
        ],
    }
    tried = await office.send("POST", "/imports", rows, dry_run="true")
    assert [act["person_id"] for act in tried["questioned"]["acts"]] == [str(stand_in)]
    assert (await office.send("POST", "/imports", rows))["questioned"] == tried["questioned"]
    # Nobody has done anything in a post that was not there.
    assert await database.pool.fetchval("select count(*) from late_papers") == 2
    assert len(await office.marks()) == 1


async def test_a_look_waits_for_acts_that_had_begun_before(office: Office) -> None:
    await office.case.open()
    await office.marked(office.member, days_ago=1)
    await office.end_post(office.member, office.seat, office.days_ago(2))
    await office.organisation.database.pool.execute(
        "insert into late_papers (change_id, cause, first_day, person_id, acting, post_ids, from_ids, "
        "to_ids, changed_at) values (gen_random_uuid(), 'LEAVE_ADDED', $1, gen_random_uuid(), false, "
        "'{}', '{}', '{}', now())",
        office.today,
    )
    async with office.review.database.transaction() as tx:
        await tx.conn.execute("select pg_current_xact_id()")
        looking = asyncio.ensure_future(look(office.review.database))
        finished, _ = await asyncio.wait([looking], timeout=0.5)
        assert not finished
    await looking
