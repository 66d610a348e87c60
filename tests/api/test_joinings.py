"""Two records of one person: who joins them, what is shown before, and what the organisation makes of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.deadline.arithmetic import local_day
from language.posts.kinds import PostKind
from services.organisation.app import SERVICE
from services.organisation.operations.joining_records import carry_out_next
from tests.conftest import MovableClock, ServiceOpener, TestService, held
from tests.payout_cases import refusal
from tests.provinces import Organised, bare_province

DAY = timedelta(days=1)
HELD = """
select h.id, h.person_id, h.held_from, h.held_to, h.merged_into from holdings h where h.post_id = $1
order by h.held_from, h.id
"""


@dataclass
class Twins:
    """One person under two records, a school with its posts, and two administrators of the province."""

    service: TestService
    province: Organised
    clock: MovableClock
    school: UUID
    kept: UUID
    joined: UUID
    second: UUID = field(default_factory=uuid4)

    @property
    def tomorrow(self) -> date:
        """The day after this."""
        return local_day(self.clock.now()) + DAY

    def body(self, **changes: Any) -> dict[str, Any]:
        """What is proposed."""
        return {
            "kept_id": str(self.kept),
            "joined_id": str(self.joined),
            "document": "12/BB-SKHCN",
            "reason": "Nhập hai lần từ hai danh sách",
            "from_day": str(self.tomorrow),
        } | changes

    async def send(
        self, method: str, path: str, body: Any = None, by: UUID | None = None, **options: Any
    ) -> httpx.Response:
        """As an administrator of the province."""
        person = by or self.province.admin
        headers = self.service.headers(person, held(PostKind.ADMIN, self.province.root, post_id=person))
        return await self.service.http.request(method, f"/v1{path}", json=body, headers=headers, **options)

    async def post(self, kind: PostKind = PostKind.STAFF) -> UUID:
        """A new post in the school."""
        body = {"unit_id": str(self.school), "kind": kind, "title": uuid4().hex}
        return UUID((await self.send("POST", "/posts", body)).json()["id"])

    async def hold(self, person: UUID, post: UUID, held_from: str, held_to: str | None = None) -> UUID:
        """The person holds the post."""
        body = {"person_id": str(person), "held_from": held_from, "held_to": held_to}
        given = await self.send("POST", f"/posts/{post}/holdings", body)
        assert given.status_code == 201, given.text
        return UUID(given.json()["id"])

    async def account(self, person: UUID) -> str:
        """The person can sign in."""
        username = f"u{uuid4().hex[:12]}"
        made = await self.send("PUT", f"/people/{person}/account", {"username": username})
        assert made.status_code == 200, made.text
        return username

    async def approved(self) -> str:
        """Proposed by one, approved by the other."""
        proposed = await self.send("POST", "/joinings", self.body())
        assert proposed.status_code == 201, proposed.text
        joining = str(proposed.json()["id"])
        given = await self.send("POST", f"/joinings/{joining}/approval", by=self.second)
        assert given.status_code == 200, given.text
        return joining

    async def next_day(self) -> None:
        """Midnight passes."""
        self.clock.offset += DAY
        async with self.service.database.transaction() as tx:
            while await carry_out_next(tx):
                pass

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        """As the database has them."""
        return list(await self.service.database.pool.fetch(statement, *values))


@pytest.fixture
async def twins(open_service: ServiceOpener) -> AsyncIterator[Twins]:
    clock = MovableClock()
    async with open_service(SERVICE, clock=clock) as service:
        province = Organised(service, (await bare_province(service)).root)
        people = []
        for name in ("Nông Văn Mẫu", "Nông Văn Mẫu"):
            made = await province.send("POST", "/people", {"code": uuid4().hex, "full_name": name})
            people.append(UUID(made.json()["id"]))
        school = await province.unit(uuid4().hex[:12])
        yield Twins(service, province, clock, school, *people)


async def test_what_would_move_is_shown_and_nothing_written_by_trying(twins: Twins) -> None:
    both = await twins.post()
    for person in (twins.kept, twins.joined):
        await twins.hold(person, both, "2020-01-01")
    await twins.account(twins.joined)
    tried = await twins.send("POST", "/joinings", twins.body(), params={"dry_run": "true"})
    assert tried.status_code == 200, tried.text
    said = tried.json()
    assert said["moves"] == [{"service": "organisation", "joined_as": "HOLDER", "count": 1, "open": 1}]
    assert said["twice"] == [{"service": "organisation", "joined_as": "HOLDER", "about_id": str(both)}]
    assert said["sign_in"] == "MOVED"
    assert not await twins.rows("select 1 from joinings")


async def test_one_proposes_another_approves_and_neither_is_the_person(twins: Twins) -> None:
    proposed = await twins.send("POST", "/joinings", twins.body())
    assert proposed.status_code == 201, proposed.text
    path = f"/joinings/{proposed.json()['id']}/approval"
    assert refusal(await twins.send("POST", path)) == (403, "OwnJoining")
    assert refusal(await twins.send("POST", path, by=twins.kept)) == (403, "OwnJoining")
    assert refusal(await twins.send("POST", path, by=twins.joined)) == (403, "OwnJoining")
    own = twins.body(kept_id=str(twins.province.admin))
    assert refusal(await twins.send("POST", "/joinings", own)) == (403, "OwnJoining")
    again = twins.body(kept_id=str(twins.joined), joined_id=str(twins.kept))
    assert refusal(await twins.send("POST", "/joinings", again)) == (409, "JoiningOpen")
    assert (await twins.send("POST", path, by=twins.second)).json()["state"] == "APPROVED"
    assert refusal(await twins.send("POST", path, by=twins.second)) == (409, "JoiningClosed")
    told = await twins.rows("select person_id, detail from notices where kind = 'RECORDS_JOINED'")
    assert {(twins.kept, "PROPOSED"), (twins.joined, "APPROVED")} <= {tuple(row) for row in told}
    read = await twins.service.http.get(
        f"/v1/joinings/{proposed.json()['id']}", headers=twins.service.headers(twins.kept)
    )
    assert read.status_code == 200


async def test_an_administrator_of_one_school_joins_nobody_of_another(twins: Twins) -> None:
    other = await twins.province.unit(uuid4().hex[:12])
    await twins.hold(twins.kept, await twins.post(), "2020-01-01")
    admin = await twins.province.appoint(twins.school, PostKind.ADMIN)
    headers = twins.service.headers(admin)
    sent = await twins.service.http.post("/v1/joinings", json=twins.body(), headers=headers)
    assert refusal(sent) == (403, "Forbidden")
    post = (await twins.send("POST", "/posts", {"unit_id": str(other), "kind": "STAFF", "title": "x"})).json()
    await twins.hold(twins.joined, UUID(post["id"]), "2020-01-01")
    headers = twins.service.headers(admin)
    sent = await twins.service.http.post("/v1/joinings", json=twins.body(), headers=headers)
    assert refusal(sent) == (403, "Forbidden")
    proposed = await twins.send("POST", "/joinings", twins.body())
    for answer in (
        await twins.service.http.get(
            f"/v1/joinings/{proposed.json()['id']}", headers=twins.service.headers(admin)
        ),
        await twins.service.http.post(
            f"/v1/joinings/{proposed.json()['id']}/approval", headers=twins.service.headers(admin)
        ),
    ):
        assert refusal(answer) == (404, "NotFound")


async def test_the_day_is_a_later_one_and_a_record_is_not_joined_to_itself(twins: Twins) -> None:
    today = str(twins.tomorrow - DAY)
    assert refusal(await twins.send("POST", "/joinings", twins.body(from_day=today))) == (
        409,
        "JoiningTooSoon",
    )
    itself = twins.body(joined_id=str(twins.kept))
    assert refusal(await twins.send("POST", "/joinings", itself)) == (422, "JoiningWithItself")


async def test_posts_leave_and_sign_in_are_the_kept_records_from_the_day_on(twins: Twins) -> None:
    own, shared = await twins.post(), await twins.post()
    moved = await twins.hold(twins.joined, own, "2020-01-01")
    kept = await twins.hold(twins.kept, shared, "2020-01-01", "2021-12-31")
    part = await twins.hold(twins.joined, shared, "2021-06-01")
    leave = {"starts_on": str(twins.tomorrow), "ends_on": str(twins.tomorrow + DAY)}
    assert (await twins.send("POST", f"/people/{twins.joined}/leaves", leave)).status_code == 201
    names = [await twins.account(person) for person in (twins.kept, twins.joined)]
    await twins.approved()
    await twins.next_day()
    assert [tuple(row) for row in await twins.rows(HELD, own)] == [
        (moved, twins.kept, date(2020, 1, 1), None, None)
    ]
    assert [tuple(row) for row in await twins.rows(HELD, shared)] == [
        (kept, twins.kept, date(2020, 1, 1), None, None),
        (part, twins.joined, date(2021, 6, 1), None, kept),
    ]
    assert (await twins.send("GET", f"/people/{twins.kept}/leaves")).json()["items"] != []
    accounts = await twins.rows("select username, disabled_at is null as is_open from accounts")
    assert {(row["username"], row["is_open"]) for row in accounts} >= {(names[0], True), (names[1], False)}
    listed = (await twins.send("GET", f"/units/{twins.school}/posts")).json()["items"]
    assert {row["person_id"] for row in listed if row["person_id"]} == {str(twins.kept)}
    assert {row["full_name"] for row in listed if row["person_id"]} == {"Nông Văn Mẫu"}
    assert {row["full_name"] for row in listed if not row["person_id"]} <= {None}
    assert (await twins.send("GET", f"/people/{twins.joined}")).json()["joined_into"] == str(twins.kept)
    [named] = (await twins.send("GET", f"/names?ids={twins.joined}")).json()["items"]
    assert (named["full_name"], named["joined_into"]) == ("Nông Văn Mẫu", str(twins.kept))
    for person in (twins.kept, twins.joined):
        [event] = await twins.rows(
            "select detail from events where kind = 'RecordsJoined' and subject_id = $1", person
        )
        assert event["detail"]["sign_in"] == "KEPT"


async def test_the_only_account_of_two_records_goes_over(twins: Twins) -> None:
    name = await twins.account(twins.joined)
    await twins.approved()
    await twins.next_day()
    [row] = await twins.rows("select person_id, disabled_at from accounts where username = $1", name)
    assert tuple(row) == (twins.kept, None)


async def test_delegations_between_both_end_and_others_go_on(twins: Twins) -> None:
    head = await twins.hold(twins.joined, await twins.post(PostKind.UNIT_HEAD), "2020-01-01")
    await twins.hold(twins.kept, await twins.post(PostKind.DEPUTY_HEAD), "2020-01-01")
    other = uuid4()
    await twins.service.database.pool.execute(
        "insert into people (id, code, full_name, folded_name) values ($1, $1::uuid::text, 'x', 'x')", other
    )
    await twins.hold(other, await twins.post(PostKind.DEPUTY_HEAD), "2020-01-01")
    for person in (twins.kept, other):
        await twins.account(person)
        given = {
            "delegate_id": str(person),
            "unit_id": str(twins.school),
            "starts_on": str(twins.tomorrow),
            "ends_on": str(twins.tomorrow + 9 * DAY),
            "reason": "x",
        }
        made = await twins.send("POST", f"/people/{twins.joined}/delegations", given)
        assert made.status_code == 201, made.text
    await twins.approved()
    await twins.next_day()
    left = await twins.rows("select grantor_id, delegate_id from delegations where cancelled_at is null")
    assert [tuple(row) for row in left] == [(twins.kept, other)]
    assert head


async def test_a_record_that_was_joined_gets_nothing_any_more(twins: Twins) -> None:
    post = await twins.post()
    await twins.approved()
    await twins.next_day()
    code = (await twins.send("GET", f"/people/{twins.joined}")).json()["code"]
    joined = {"person_id": str(twins.joined), "held_from": "2020-01-01"}
    leave = {"starts_on": "2030-01-01", "ends_on": "2030-01-02"}
    for method, path, body in (
        ("POST", f"/posts/{post}/holdings", joined),
        ("POST", f"/people/{twins.joined}/leaves", leave),
        ("PUT", f"/people/{twins.joined}/account", {"username": f"u{uuid4().hex[:9]}"}),
        ("POST", "/joinings", twins.body()),
    ):
        assert refusal(await twins.send(method, path, body)) == (409, "PersonJoined"), path
    row = {"unit_code": "x", "kind": "STAFF", "title": "x", "person_code": code, "held_from": "2020-01-01"}
    unit = (await twins.send("GET", f"/units/{twins.school}")).json()
    sent = {
        "valid_from": "2020-01-01",
        "people": [{"code": code, "full_name": "Nông Văn Mẫu"}],
        "posts": [{**row, "unit_code": unit["code"]}],
    }
    refused = await twins.send("POST", "/imports", sent)
    assert refusal(refused) == (422, "ImportRefused")
    assert [part["type"] for part in refused.json()["errors"]] == ["PERSON_JOINED", "PERSON_JOINED"]


async def test_a_mistaken_joining_is_taken_back_until_its_day_and_stays_afterwards(twins: Twins) -> None:
    joining = await twins.approved()
    reason = {"reason": "Hai người khác nhau"}
    cancelled = await twins.send("POST", f"/joinings/{joining}/cancellation", reason)
    assert cancelled.json()["state"] == "CANCELLED"
    await twins.next_day()
    assert not await twins.rows("select 1 from people where joined_into is not null")
    again = await twins.approved()
    await twins.next_day()
    late = await twins.send("POST", f"/joinings/{again}/cancellation", reason)
    assert refusal(late) == (409, "JoiningClosed")


async def test_a_record_that_stands_for_others_may_be_joined_itself(twins: Twins) -> None:
    await twins.approved()
    await twins.next_day()
    third = await twins.send("POST", "/people", {"code": uuid4().hex, "full_name": "Nông Văn Mẫu"})
    first, twins.joined, twins.kept = twins.joined, twins.kept, UUID(third.json()["id"])
    await twins.approved()
    await twins.next_day()
    published = await twins.rows("select joined_id, kept_id from joinings_v1 order by position")
    assert [tuple(row) for row in published] == [(first, twins.kept), (twins.joined, twins.kept)]


def _password() -> dict[str, str]:
    return {"username": f"u{uuid4().hex[:12]}", "password": "Cầu Kỳ Cùng 1954"}


async def test_whoever_joins_knows_no_way_into_the_account_of_who_decides(twins: Twins) -> None:
    await twins.hold(twins.kept, await twins.post(PostKind.UNIT_HEAD), "2020-01-01")
    account = f"/people/{twins.joined}/account"
    assert (await twins.send("PUT", account, _password())).status_code == 200
    alone = await twins.send("POST", "/joinings", twins.body())
    assert refusal(alone) == (409, "AccountNotTakenOver")
    proposed = await twins.send("POST", "/joinings", twins.body(), by=twins.second)
    assert proposed.status_code == 201, proposed.text
    approved = await twins.send("POST", f"/joinings/{proposed.json()['id']}/approval")
    assert refusal(approved) == (409, "AccountNotTakenOver")


async def test_nobody_opens_a_way_into_records_that_wait_to_be_joined_to_who_decides(twins: Twins) -> None:
    account = f"/people/{twins.joined}/account"
    await twins.approved()
    assert (await twins.send("PUT", account, _password())).status_code == 200
    post = await twins.post(PostKind.UNIT_HEAD)
    body = {"person_id": str(twins.kept), "held_from": "2020-01-01"}
    given = await twins.send("POST", f"/posts/{post}/holdings", body)
    assert refusal(given) == (409, "AccountNotTakenOver")
    given = await twins.send("POST", f"/posts/{post}/holdings", body, by=twins.second)
    assert given.status_code == 201, given.text
    assert refusal(await twins.send("PUT", account, _password())) == (409, "BeingJoined")
