"""Imports say what each row is: all faulty ones at once, and nobody is merged with somebody else in
silence."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.posts.kinds import PostKind
from processes.bootstrap import ROOT_CODE
from services.organisation.app import SERVICE
from tests.conftest import ServiceOpener, TestService, held
from tests.provinces import bare_province

DAY = "2020-01-01"


class Office:
    """The organisation, its administrator and the administrator of one school."""

    def __init__(self, service: TestService, root: UUID) -> None:
        self.service, self.root = service, root
        self.admin, self.post = uuid4(), uuid4()
        self.school_admin, self.school_post = uuid4(), uuid4()

    async def send(self, body: dict[str, Any], query: str = "") -> httpx.Response:
        headers = self.service.headers(self.admin, held(PostKind.ADMIN, self.root, post_id=self.post))
        return await self.service.http.post(
            f"/v1/imports{query}", json={"valid_from": DAY, **body}, headers=headers
        )

    async def as_school(self, school: str, body: dict[str, Any], query: str = "") -> httpx.Response:
        post = held(PostKind.ADMIN, self.root, UUID(school), post_id=self.school_post)
        headers = self.service.headers(self.school_admin, post)
        return await self.service.http.post(
            f"/v1/imports{query}", json={"valid_from": DAY, **body}, headers=headers
        )

    async def person(self, code: str) -> tuple[str, str | None]:
        row = await self.service.database.pool.fetchrow(
            "select full_name, date_of_birth::text as born from people where code = $1", code
        )
        assert row is not None
        return row["full_name"], row["born"]


@pytest.fixture(scope="module")
async def office(open_service: ServiceOpener) -> AsyncIterator[Office]:
    async with open_service(SERVICE) as service:
        root = (await bare_province(service)).root
        yield Office(service, root)


def person(code: str, name: str = "Hà Thị Ngần", **more: Any) -> dict[str, Any]:
    return {"code": code, "full_name": name, **more}


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.json()["code"]) == (422, "ImportRefused"), answer.text
    return [(fault["path"], fault["type"]) for fault in answer.json()["errors"]]


async def test_one_code_with_two_names_is_refused_and_nobody_gets_the_others_post(office: Office) -> None:
    one = uuid4().hex
    listed = await office.send(
        {
            "people": [person(one, "Lò Văn Páo"), person(one, "Vi Thị Hoa")],
            "posts": [
                {"unit_code": ROOT_CODE, "kind": "STAFF", "title": one, "person_code": one, "held_from": DAY}
            ],
        }
    )
    assert faults(listed) == [(f"people.2 ({one})", "TWO_PEOPLE_ONE_CODE")]
    assert "dòng 1" in listed.json()["errors"][0]["message"]


async def test_every_faulty_row_is_named_with_its_number_and_reason(office: Office) -> None:
    listed = await office.send(
        {
            "units": [
                {"code": "R1", "parent_code": "H9", "name": "x", "level": "SCHOOL"},
                {"code": "R2", "parent_code": ROOT_CODE, "name": "x", "level": "PROVINCE"},
                {"code": "R3", "parent_code": ROOT_CODE, "name": "x", "level": "SCHOOL"},
                {"code": "R3", "parent_code": ROOT_CODE, "name": "y", "level": "SCHOOL"},
            ],
            "people": [
                person("gv901", date_of_birth="2030-01-01"),
                person("gv903", username="admin"),
                person("gv904", username="same.name"),
                person("gv905", username="same.name"),
                person("gv906", username="easy.one", password="matkhau123456"),
            ],
            "posts": [
                {"unit_code": "T900", "kind": "STAFF", "title": "x", "held_from": DAY},
                {
                    "unit_code": ROOT_CODE,
                    "kind": "STAFF",
                    "title": "y",
                    "person_code": "gv902",
                    "held_from": DAY,
                },
            ],
        }
    )
    assert faults(listed) == [
        ("units.1 (R1)", "PARENT_UNKNOWN"),
        ("units.2 (R2)", "LEVEL_OUT_OF_ORDER"),
        ("units.4 (R3)", "UNIT_TWICE"),
        ("people.1 (gv901)", "BIRTH_UNLIKELY"),
        ("people.2 (gv903)", "USERNAME_TAKEN"),
        ("people.4 (gv905)", "USERNAME_TAKEN"),
        ("posts.1 (x)", "UNIT_UNKNOWN"),
        ("posts.2 (y)", "PERSON_UNKNOWN"),
    ]
    assert listed.json()["facts"]["count"] == "8"


async def test_a_dry_run_says_what_is_new_changed_and_the_same(office: Office) -> None:
    kept, renamed, fresh = (uuid4().hex for _ in range(3))
    made = await office.send({"people": [person(kept, date_of_birth="1980-01-02"), person(renamed)]})
    assert made.status_code == 200, made.text
    body = {
        "known": "KEEP",
        "people": [person(kept, date_of_birth="1980-01-02"), person(renamed, "Hà Thị Ngân"), person(fresh)],
    }
    preview = (await office.send(body, "?dry_run=true")).json()["preview"]
    assert preview["counts"]["people"] == {"NEW": 1, "CHANGED": 1, "SAME": 1}
    assert [(row["row"], row["code"], row["verdict"]) for row in preview["rows"]] == [
        (2, renamed, "CHANGED"),
        (3, fresh, "NEW"),
    ]
    assert preview["rows"][0]["differences"] == [
        {"field": "full_name", "old": "Hà Thị Ngần", "new": "Hà Thị Ngân"}
    ]


async def test_a_changed_name_is_refused_kept_or_changed_as_the_list_says(office: Office) -> None:
    code = uuid4().hex
    await office.send({"people": [person(code, date_of_birth="1980-01-02")]})
    changed = {"people": [person(code, "Hà Thị Ngân", date_of_birth="1981-01-02")]}
    refused = await office.send(changed)
    assert faults(refused) == [(f"people.1 ({code})", "PERSON_DIFFERS")]
    assert "“02/01/1980” → “02/01/1981”" in refused.json()["detail"]
    assert (await office.send(changed | {"known": "KEEP"})).status_code == 200
    assert await office.person(code) == ("Hà Thị Ngần", "1980-01-02")
    assert (await office.send(changed | {"known": "CHANGE"})).status_code == 200
    assert await office.person(code) == ("Hà Thị Ngân", "1981-01-02")
    kinds = await office.service.database.pool.fetch(
        "select e.kind from events e join people p on p.id = e.subject_id where p.code = $1 order by e.seq",
        code,
    )
    assert [row["kind"] for row in kinds] == ["PersonCreated", "PersonChanged"]
    assert (await office.send(changed)).json()["preview"]["counts"]["people"]["SAME"] == 1


async def test_decomposed_letters_and_what_a_row_does_not_say_are_no_change(office: Office) -> None:
    code = uuid4().hex
    await office.send({"people": [person(code, date_of_birth="1980-01-02", mail_address="ngan@sk.test")]})
    again = await office.send({"people": [person(code, "Hà  Thị Ngần")]})
    assert again.status_code == 200, again.text
    assert await office.person(code) == ("Hà Thị Ngần", "1980-01-02")


async def test_a_school_learns_no_birth_date_of_others_and_corrects_nobody_elses_name(office: Office) -> None:
    school, other, code = uuid4().hex, uuid4().hex, uuid4().hex
    made = await office.send(
        {
            "units": [
                {"code": unit, "parent_code": ROOT_CODE, "name": unit, "level": "SCHOOL"}
                for unit in (school, other)
            ],
            "people": [person(code, date_of_birth="1980-01-02")],
            "posts": [
                {"unit_code": other, "kind": "STAFF", "title": "x", "person_code": code, "held_from": DAY}
            ],
        }
    )
    unit = made.json()["unit_ids"][school]
    guess = {"people": [person(code, date_of_birth="1999-09-09")]}
    tried = await office.as_school(unit, guess, "?dry_run=true")
    assert (tried.status_code, tried.json()["preview"]["rows"]) == (200, [])
    renamed = {"people": [person(code, "Vi Thị Hoa")], "known": "CHANGE"}
    assert faults(await office.as_school(unit, renamed)) == [(f"people.1 ({code})", "PERSON_NOT_YOURS")]


async def test_a_unit_that_is_known_otherwise_is_told(office: Office) -> None:
    code = uuid4().hex
    row = {"code": code, "parent_code": ROOT_CODE, "name": "Trường Mẫu", "level": "SCHOOL"}
    assert (await office.send({"units": [row]})).status_code == 200
    renamed = {"units": [row | {"name": "Trường Khác"}]}
    assert faults(await office.send(renamed)) == [(f"units.1 ({code})", "UNIT_DIFFERS")]
    kept = await office.send(renamed | {"known": "KEEP"})
    assert kept.json()["preview"]["counts"]["units"] == {"NEW": 0, "CHANGED": 1, "SAME": 0}


async def test_a_known_unit_under_another_parent_is_told(office: Office) -> None:
    above, below = uuid4().hex, uuid4().hex
    commune = {"code": above, "parent_code": ROOT_CODE, "name": "Xã Mẫu", "level": "COMMUNE"}
    school = {"code": below, "parent_code": ROOT_CODE, "name": "Trường Mẫu", "level": "SCHOOL"}
    assert (await office.send({"units": [commune, school]})).status_code == 200
    moved = {"units": [school | {"parent_code": above}]}
    refused = await office.send(moved)
    assert faults(refused) == [(f"units.1 ({below})", "UNIT_DIFFERS")]
    assert above in refused.json()["errors"][0]["message"]
    nowhere = {"units": [school | {"parent_code": uuid4().hex}]}
    assert faults(await office.send(nowhere)) == [(f"units.1 ({below})", "UNIT_DIFFERS")]
    kept = (await office.send(moved | {"known": "KEEP"})).json()["preview"]
    assert kept["rows"][0]["differences"] == [{"field": "parent_code", "old": ROOT_CODE, "new": above}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"mail_address": "mot@sk.test"}, {"mail_address": "hai@sk.test"}),
        ({"mail_address": "mot@sk.test"}, {}),
        ({"username": "{}.mot"}, {"username": "{}.hai"}),
        (
            {"username": "{}", "password": "bước-nhanh-cầu-vồng-41"},
            {"username": "{}", "password": "mưa-đêm-lá-rụng-17"},
        ),
    ],
)
async def test_somebody_who_is_named_twice_and_otherwise_is_refused(
    office: Office, one: dict[str, str], other: dict[str, str]
) -> None:
    code = uuid4().hex
    rows = [
        person(code, **{name: text.format(code[:8]) for name, text in more.items()}) for more in (one, other)
    ]
    for query in ("?dry_run=true", ""):
        told = faults(await office.send({"people": rows}, query))
        assert (f"people.2 ({code})", "PERSON_TWICE") in told


async def test_a_known_post_that_gets_another_holder_is_told(office: Office) -> None:
    one, other = uuid4().hex, uuid4().hex

    def post(code: str) -> dict[str, Any]:
        return {"unit_code": ROOT_CODE, "kind": "STAFF", "title": one, "person_code": code, "held_from": DAY}

    people = [person(one), person(other, "Vi Thị Hoa")]
    made = (await office.send({"people": people, "posts": [post(one)]})).json()
    assert made["preview"]["counts"]["posts"] == {"NEW": 1, "CHANGED": 0, "SAME": 0}
    rows = {"posts": [post(one), post(other), post(other)]}
    tried = (await office.send(rows, "?dry_run=true")).json()
    assert (tried["created"]["holdings"], tried["preview"]["counts"]["posts"]) == (
        1,
        {"NEW": 0, "CHANGED": 1, "SAME": 2},
    )
    assert [(row["row"], row["differences"]) for row in tried["preview"]["rows"]] == [
        (2, [{"field": "person_code", "old": "", "new": other}])
    ]
