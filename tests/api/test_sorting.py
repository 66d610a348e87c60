"""Lists are sorted as they are asked to be: every page goes on behind the one before, also where many rows
are alike; a cursor goes on in its own order only; and an order that there is not is refused by its name."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from kit.http.exports import CSV
from language.posts.kinds import PostKind
from language.text import MARKED, UNMARKED, fold
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.provinces import bare_province

PEOPLE = """
insert into people (id, code, full_name, folded_name)
select gen_random_uuid(), 'gv-' || lpad(n::text, 3, '0'), (array['Ân', 'Đào', 'An', 'Bình'])[1 + n % 4],
  (array['an', 'dao', 'an', 'binh'])[1 + n % 4]
from generate_series(1, 40) n
union all
select gen_random_uuid(), 'dai-' || n, repeat('Ờ', 498) || n, repeat('o', 498) || n
from generate_series(10, 30) n
"""
UNITS = """
insert into units (id, parent_id, path, code, name, level, valid_from)
select id, $1, array[$1, id], 'T' || lpad(n::text, 3, '0'),
  (array['Trường Ấn Độ', 'TRƯỜNG ĂN', 'Trường Đào', 'trường đào', 'Trường Bình'])[1 + n % 5], 'SCHOOL',
  '2012-04-25'
from (select gen_random_uuid() as id, n from generate_series(1, 25) n) made
"""
LISTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "people?sort=name": lambda person: (fold(person["full_name"]), UUID(person["id"])),
    "people?sort=code": lambda person: person["code"],
    "units?level=SCHOOL&sort=name": lambda unit: (fold(unit["name"]), UUID(unit["id"])),
    "units?level=SCHOOL&sort=code": lambda unit: unit["code"],
}


class Office:
    """Somebody who may list people and units."""

    def __init__(self, service: TestService, root: UUID) -> None:
        self.service, self.root, self.person = service, root, uuid4()

    async def get(self, path: str, media: str = "application/json") -> httpx.Response:
        """The answer in this form."""
        headers = {**self.service.headers(self.person, held(PostKind.ADMIN, self.root)), "Accept": media}
        return await self.service.http.get(f"/v1/{path}", headers=headers)

    async def rows(self, path: str) -> list[dict[str, Any]]:
        """All pages of seven rows."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = (await self.get(f"{path}&limit=7{cursor}")).json()
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = f"&after={page['next']}"


@pytest.fixture(scope="module")
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE) as service:
        root = (await bare_province(service)).root
        await service.database.pool.execute(PEOPLE)
        await service.database.pool.execute(UNITS, root)
        yield Office(service, root)


@pytest.mark.parametrize("path", LISTS)
async def test_pages_are_in_order_and_neither_repeat_nor_miss(office: Office, path: str) -> None:
    found = await office.rows(path)
    assert len(found) >= 25
    assert found == sorted(found, key=LISTS[path])  # type: ignore[arg-type]
    assert len({row["id"] for row in found}) == len(found)


@pytest.mark.parametrize("path", LISTS)
async def test_the_other_way_round_is_the_other_way_round(office: Office, path: str) -> None:
    backwards = await office.rows(path.replace("sort=", "sort=-"))
    assert backwards == list(reversed(await office.rows(path)))


async def test_without_a_word_a_list_is_as_usual(office: Office) -> None:
    assert (await office.get("people")).json() == (await office.get("people?sort=code")).json()


async def test_a_table_is_sorted_alike(office: Office) -> None:
    names = [row["full_name"] for row in await office.rows("people?sort=-name")]
    lines = (await office.get("people?sort=-name", CSV)).content.decode("utf-8-sig").splitlines()
    place = lines[0].split(",").index("Họ và tên")
    assert [line.split(",")[place] for line in lines[1:]] == names


@pytest.mark.parametrize("sort", ["born", "", "--name", "name,code", "NAME", "full_name desc", "x" * 500])
async def test_an_order_that_there_is_not_is_refused_by_its_name(office: Office, sort: str) -> None:
    answer = await office.get(f"people?sort={sort}")
    assert (answer.status_code, answer.json()["code"]) == (400, "SortUnknown")
    assert answer.json()["facts"]["known"] == "code, -code, name, -name"
    assert sort[:100] in answer.json()["detail"]


async def test_sort_is_taken_once(office: Office) -> None:
    answer = await office.get("people?sort=name&sort=code")
    assert (answer.status_code, answer.json()["code"]) == (400, "ParameterRepeated")


async def test_a_cursor_goes_on_in_its_own_order_only(office: Office) -> None:
    cursor = (await office.get("people?sort=name&limit=7")).json()["next"]
    assert (await office.get(f"people?sort=name&limit=7&after={cursor}")).status_code == 200
    for other in ("", "&sort=-name", "&sort=code"):
        answer = await office.get(f"people?limit=7&after={cursor}{other}")
        assert (answer.status_code, answer.json()["code"]) == (422, "CursorInvalid")


def test_a_database_folds_as_people_search() -> None:
    assert len(MARKED) == len(UNMARKED) == 134
    assert fold(MARKED) == UNMARKED
