"""Who is told of a delegation, what it moves, and that the rules say who may be given judging and signing."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from casework.tasks import NewTask, open_task
from language.names import TaskQueue
from language.posts.kinds import PostKind, PostTask
from packs.freezing import read_pack
from services.organisation.app import SERVICE
from tests.conftest import HeldPost, ServiceOpener, TestService, held
from tests.intake_cases import SAMPLE_PACK
from tests.provinces import bare_province

DAY = "2026-03-02"
LATER = "2026-09-02"
CHAIR, DEPUTY, MEMBER = PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_DEPUTY_CHAIR, PostKind.COUNCIL_MEMBER
PACK = """
insert into policy_packs (name, version, content, effective_from, published_at)
values ('trusts-others', 1, $1, $2, now())
"""


@pytest.fixture(scope="module")
async def service(open_service: ServiceOpener) -> AsyncIterator[TestService]:
    async with open_service(SERVICE) as opened:
        await bare_province(opened)
        yield opened


class School:
    """A school with a head, a chair and others of its council; and a head above."""

    def __init__(self, service: TestService, root: UUID) -> None:
        self.service = service
        self.root, self.unit = root, uuid4()
        self.posts: dict[UUID, HeldPost] = {}

    async def person(self, kind: PostKind, *, above: bool = False) -> UUID:
        """Somebody who has called once, and so is known to hold the post."""
        person, path = uuid4(), (self.root,) if above else (self.root, self.unit)
        self.posts[person] = held(kind, *path)
        await self.service.http.get("/v1/me", headers=self.headers(person))
        return person

    def headers(self, person: UUID) -> dict[str, str]:
        return self.service.headers(person, self.posts[person])

    async def delegate(
        self, grantor: UUID, delegate: UUID, query: str = "", day: str = DAY, **changed: Any
    ) -> httpx.Response:
        body = {
            "delegate_id": str(delegate),
            "unit_id": str(self.unit),
            "starts_on": day,
            "ends_on": day,
            "reason": "Đi công tác",
            **changed,
        }
        path = f"/v1/people/{grantor}/delegations{query}"
        return await self.service.http.post(path, json=body, headers=self.headers(grantor))

    async def told(self, kind: str, grantor: UUID) -> dict[UUID, tuple[str, str, str]]:
        """Who was told what of the grantor's delegations."""
        code = await self.service.database.pool.fetchval("select code from people where id = $1", grantor)
        query = "select * from notices where kind = $1 and subject_code = $2"
        rows = await self.service.database.pool.fetch(query, kind, code)
        return {row["person_id"]: (row["detail"], row["reference"], row["reason"]) for row in rows}

    async def give(self, person: UUID, kind: PostTask, about: UUID, level: str = "UNIT") -> None:
        """The person has work of this kind in review."""
        review = await self.service.shared.database(TaskQueue.REVIEW)
        task = NewTask(
            kind=kind,
            subject_id=about,
            subject_code="SK-2026-00001",
            about_id=about,
            level=level,
            unit_id=self.unit,
            unit_path=(self.root, self.unit),
            assignee_id=person,
            on_behalf_of=None,
            due_at=datetime(2026, 4, 1, tzinfo=UTC),
            post_id=self.posts[person].post_id,
        )
        async with review.transaction() as tx:
            await open_task(tx, task)


@pytest.fixture
async def school(service: TestService) -> School:
    root: UUID = await service.database.pool.fetchval("select id from units where parent_id is null")
    return School(service, root)


async def test_both_sides_and_the_head_are_told_and_that_nothing_moves(school: School) -> None:
    chair, deputy = await school.person(CHAIR), await school.person(DEPUTY)
    head, _ = await school.person(PostKind.UNIT_HEAD), await school.person(MEMBER)
    tried = await school.delegate(chair, deputy, "?dry_run=true")
    assert (tried.status_code, tried.json()["moves_nothing"]) == (200, True)
    assert await school.told("WORK_DELEGATED", chair) == {}
    made = await school.delegate(chair, deputy)
    assert made.status_code == 201, made.text
    assert (made.json()["work"], made.json()["moves_nothing"]) == ([], True)
    said = ("NOTHING", "02/03/2026 – 02/03/2026", "Đi công tác")
    assert await school.told("WORK_DELEGATED", chair) == dict.fromkeys((chair, deputy, head), said)
    got = await school.service.http.get(f"/v1/people/{deputy}/delegations", headers=school.headers(deputy))
    assert [one["id"] for one in got.json()["items"]] == [made.json()["id"]]
    seen = await school.service.http.get(f"/v1/people/{chair}/delegations", headers=school.headers(head))
    assert seen.status_code == 200
    path = f"/v1/people/{chair}/delegations/{made.json()['id']}"
    assert (await school.service.http.delete(path, headers=school.headers(chair))).status_code == 200
    assert set(await school.told("DELEGATION_TAKEN_BACK", chair)) == {chair, deputy, head}


async def test_of_a_heads_own_work_the_head_above_is_told(school: School) -> None:
    head, deputy = await school.person(PostKind.UNIT_HEAD), await school.person(PostKind.DEPUTY_HEAD)
    above = await school.person(PostKind.UNIT_HEAD, above=True)
    assert (await school.delegate(head, deputy)).status_code == 201
    told = set(await school.told("WORK_DELEGATED", head))
    assert {head, deputy} < told
    assert len(told) == 3
    assert above in told or await _was_head_before(school, told - {head, deputy})


async def _was_head_before(school: School, people: set[UUID]) -> bool:
    """The root may have a head from another test, who has held the post for longer."""
    query = """
    select count(*) from holdings h join posts p on p.id = h.post_id
    where p.unit_id = $1 and p.kind = 'UNIT_HEAD' and h.person_id = any($2)
    """
    return bool(await school.service.database.pool.fetchval(query, school.root, list(people)))


async def test_the_answer_says_what_moves_and_what_cannot(school: School) -> None:
    chair, deputy = await school.person(CHAIR), await school.person(DEPUTY)
    seated, free = uuid4(), uuid4()
    await school.give(chair, PostTask.MARK, seated)
    await school.give(chair, PostTask.DECIDE, seated)
    await school.give(deputy, PostTask.MARK, seated)
    await school.give(chair, PostTask.MARK, free, level="PROVINCE")
    made = (await school.delegate(chair, deputy, "?dry_run=true")).json()
    assert made["work"] == [
        {"task": "MARK", "covered": 2, "moving": 1},
        {"task": "DECIDE", "covered": 1, "moving": 1},
    ]
    assert made["moves_nothing"] is False
    of_unit = (await school.delegate(chair, deputy, levels=["UNIT"], tasks=["MARK"])).json()
    assert of_unit["work"] == [{"task": "MARK", "covered": 1, "moving": 0}]
    assert of_unit["moves_nothing"] is True
    assert {one[0] for one in (await school.told("WORK_DELEGATED", chair)).values()} == {"NOTHING"}


async def test_to_whom_judging_goes_is_said_by_the_pack_of_the_day(school: School) -> None:
    rulebook = await school.service.shared.database(TaskQueue.RULEBOOK)
    pack = read_pack(SAMPLE_PACK.read_text(encoding="utf-8")).model_dump(mode="json")
    said = {"trusted": [{"task": "DECIDE", "posts": ["COUNCIL_CHAIR", "COUNCIL_MEMBER"]}]}
    await rulebook.pool.execute(PACK, pack | {"delegation": said}, date(2026, 9, 1))
    chair, deputy = await school.person(CHAIR), await school.person(DEPUTY)
    member = await school.person(MEMBER)
    before = await school.delegate(chair, member)
    assert (before.status_code, before.json()["facts"]) == (422, {"tasks": "DECIDE"})
    assert (await school.delegate(chair, member, day=LATER)).status_code == 201
    refused = await school.delegate(chair, deputy, day=LATER)
    assert (refused.status_code, refused.json()["facts"]) == (422, {"tasks": "DECIDE"})


@pytest.mark.parametrize(
    ("held_to", "left"), [("2026-03-03", ["2026-03-03"]), ("2026-03-01", [])], ids=["shortened", "gone"]
)
async def test_a_delegation_does_not_outlive_the_post_that_is_trusted(
    school: School, held_to: str, left: list[str]
) -> None:
    chair, deputy = await school.person(CHAIR), await school.person(DEPUTY)
    admin = await school.person(PostKind.ADMIN, above=True)
    made = await school.delegate(chair, deputy, ends_on="2026-03-06")
    assert made.status_code == 201, made.text
    holding = await school.service.database.pool.fetchval(
        "select id from holdings where person_id = $1", deputy
    )
    ended = await school.service.http.post(
        f"/v1/holdings/{holding}/end", json={"held_to": held_to}, headers=school.headers(admin)
    )
    assert ended.status_code == 200, ended.text
    path = f"/v1/people/{chair}/delegations"
    given = (await school.service.http.get(path, headers=school.headers(chair))).json()["items"]
    assert [one["ends_on"] for one in given] == left
    assert {chair, deputy} <= set(await school.told("DELEGATION_TAKEN_BACK", chair))


async def test_work_that_anybody_may_be_given_stays_delegated(school: School) -> None:
    officer, deputy = await school.person(PostKind.INTAKE_OFFICER), await school.person(DEPUTY)
    admin = await school.person(PostKind.ADMIN, above=True)
    assert (await school.delegate(officer, deputy)).status_code == 201
    holding = await school.service.database.pool.fetchval(
        "select id from holdings where person_id = $1", deputy
    )
    path, headers = f"/v1/holdings/{holding}/end", school.headers(admin)
    await school.service.http.post(path, json={"held_to": "2026-03-01"}, headers=headers)
    path = f"/v1/people/{officer}/delegations"
    given = (await school.service.http.get(path, headers=school.headers(officer))).json()["items"]
    assert len(given) == 1
