"""Who works where is told in the own units, and birth dates by whom they are kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from language.posts.kinds import PostKind
from processes.bootstrap import ROOT_CODE
from services.organisation.app import SERVICE
from tests.conftest import HeldPost, ServiceOpener, TestService, held
from tests.provinces import bare_province


@dataclass
class School:
    """A school of the province with a head, a teacher of today, and one who has left."""

    service: TestService
    root: UUID
    unit: UUID
    people: dict[str, UUID]

    async def get(self, path: str, *posts: HeldPost, person: UUID | None = None) -> tuple[int, Any]:
        """What this caller is told."""
        headers = self.service.headers(person or uuid4(), *posts)
        answer = await self.service.http.get(f"/v1{path}", headers=headers)
        return answer.status_code, answer.json()


@pytest.fixture(scope="module")
async def school(open_service: ServiceOpener) -> AsyncIterator[School]:
    async with open_service(SERVICE) as service:
        root = (await bare_province(service)).root
        people = ("head", "teacher", "gone")
        body = {
            "valid_from": "2012-04-25",
            "units": [{"code": "S", "parent_code": ROOT_CODE, "name": "Trường S", "level": "SCHOOL"}],
            "people": [
                {"code": f"s-{name}", "full_name": f"Lý Thị {name}", "date_of_birth": "1980-02-03"}
                for name in people
            ],
            "posts": [
                {
                    "unit_code": "S",
                    "kind": "UNIT_HEAD" if name == "head" else "STAFF",
                    "title": name,
                    "person_code": f"s-{name}",
                    "held_from": "2020-01-01",
                }
                for name in people
            ],
        }
        admin = service.headers(uuid4(), held(PostKind.ADMIN, root))
        made = (await service.http.post("/v1/imports", json=body, headers=admin)).json()
        ids = {name: UUID(made["person_ids"][f"s-{name}"]) for name in people}
        await service.database.pool.execute(
            "update holdings set held_to = '2021-01-01' where person_id = $1", ids["gone"]
        )
        yield School(service, root, UUID(made["unit_ids"]["S"]), ids)


def _shown(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Who holds each post of the fixture, by its title."""
    return {row["title"]: row["person_id"] for row in rows if row["title"] in {"head", "teacher", "gone"}}


async def test_past_holdings_are_for_whoever_heads_or_administers_the_unit(school: School) -> None:
    everybody = {name: str(person) for name, person in school.people.items()}
    for post in (
        held(PostKind.ADMIN, school.root),
        held(PostKind.ADMIN, school.root, school.unit),
        held(PostKind.UNIT_HEAD, school.root, school.unit),
    ):
        status, page = await school.get(f"/units/{school.unit}/posts", post)
        assert (status, _shown(page["items"])) == (200, everybody)


async def test_a_teacher_sees_the_colleagues_of_today(school: School) -> None:
    for post in (held(PostKind.STAFF, school.root, school.unit), held(PostKind.AUDITOR, school.root)):
        status, page = await school.get(f"/units/{school.unit}/posts", post)
        assert status == 200
        assert _shown(page["items"]) == {name: str(school.people[name]) for name in ("head", "teacher")} | {
            "gone": None
        }


async def test_nobody_lists_the_posts_of_units_of_others(school: School) -> None:
    for post in (held(PostKind.ADMIN, school.root, uuid4()), held(PostKind.STAFF, school.root, uuid4())):
        status, answer = await school.get(f"/units/{school.unit}/posts", post)
        assert (status, answer["code"]) == (403, "Forbidden")


async def test_a_birth_date_is_shown_to_who_keeps_it(school: School) -> None:
    head = school.people["head"]
    for post, born in (
        (held(PostKind.ADMIN, school.root), "1980-02-03"),
        (held(PostKind.ADMIN, school.root, school.unit), "1980-02-03"),
        (held(PostKind.ADMIN, school.root, uuid4()), None),
    ):
        status, found = await school.get("/people?q=ly+thi+head", post)
        assert (status, [person["date_of_birth"] for person in found["items"]]) == (200, [born])
        status, answer = await school.get(f"/people/{head}", post)
        assert (status, answer.get("date_of_birth")) == (200 if born else 403, born)


@pytest.mark.parametrize("typed", ["s-head", "S-HEAD", "ly thi head", "s-hea"])
async def test_people_are_found_by_code_as_by_name(school: School, typed: str) -> None:
    status, found = await school.get(f"/people?q={typed}", held(PostKind.ADMIN, school.root))
    assert (status, [person["code"] for person in found["items"]]) == (200, ["s-head"])


@pytest.mark.parametrize("typed", ["truong s", "TRƯỜNG S", "Trường"])
async def test_units_are_found_by_name_and_code_without_marks(school: School, typed: str) -> None:
    admin = held(PostKind.ADMIN, school.root)
    for query, found in ((f"q={typed}", ["S"]), ("q=khong co", []), (f"q={typed}&level=PROVINCE", [])):
        status, page = await school.get(f"/units?{query}", admin)
        assert (status, [unit["code"] for unit in page["items"]]) == (200, found), query


async def test_whoever_may_not_see_a_person_learns_nothing_of_an_id(school: School) -> None:
    elsewhere = held(PostKind.ADMIN, school.root, uuid4())
    for person in (school.people["head"], school.people["gone"], uuid4()):
        status, answer = await school.get(f"/people/{person}", elsewhere)
        assert (status, answer["code"]) == (403, "Forbidden")
    assert (await school.get(f"/people/{school.people['head']}", person=school.people["head"]))[0] == 200


async def test_a_post_and_its_holdings_are_there_for_whoever_may_list_them(school: School) -> None:
    pool = school.service.database.pool
    row = await pool.fetchrow("select id, post_id from holdings where person_id = $1", school.people["gone"])
    head = held(PostKind.UNIT_HEAD, school.root, school.unit)
    teacher = held(PostKind.STAFF, school.root, school.unit)
    stranger = held(PostKind.ADMIN, school.root, uuid4())
    for path, readers, others in (
        (f"/posts/{row['post_id']}", (head, teacher), (stranger,)),
        (f"/holdings/{row['id']}", (head,), (teacher, stranger)),
    ):
        for reader in readers:
            assert (await school.get(path, reader))[0] == 200, path
        for other in others:
            assert (await school.get(path, other))[0] == 404, path
    assert (await school.get(f"/holdings/{row['id']}", person=school.people["gone"]))[0] == 200
    _, shown = await school.get(f"/posts/{row['post_id']}?actions=true", teacher)
    assert {(one["command"], one["allowed"], one["code"]) for one in shown["actions"]} == {
        ("holdings", False, "Forbidden"),
        ("proposals", False, "Forbidden"),
    }
    for kind in ("posts", "holdings"):
        assert (await school.get(f"/{kind}/{uuid4()}", head))[0] == 404
