"""Who may change what in the organisation, and what each refusal looks like."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from language.posts.kinds import PostKind
from processes.bootstrap import ROOT_CODE
from services.organisation.app import SERVICE
from tests.conftest import HeldPost, ServiceOpener, TestService, held
from tests.provinces import Organised, bare_province


@dataclass
class Province:
    """A root with two schools, each with a head."""

    service: TestService
    root: UUID
    schools: dict[str, UUID]
    heads: dict[str, UUID]

    def admin_of(self, *path: UUID) -> HeldPost:
        return held(PostKind.ADMIN, *path)

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        posts: tuple[HeldPost, ...] = (),
        person: UUID | None = None,
        etag: str = "",
    ) -> httpx.Response:
        headers = self.service.headers(person or uuid4(), *posts)
        if etag:
            headers["If-Match"] = etag
        return await self.service.http.request(method, path, json=body, headers=headers)

    async def new_post(self, unit_id: UUID, *posts: HeldPost) -> str:
        """The id of a new staff post."""
        body = {"unit_id": str(unit_id), "kind": "STAFF", "title": uuid4().hex}
        return str((await self.send("POST", "/v1/posts", body, posts=posts)).json()["id"])

    @property
    def roles(self) -> dict[str, tuple[HeldPost, ...]]:
        """Every sort of caller, seen from school A."""
        return {
            "nobody": (),
            "staff": (held(PostKind.STAFF, self.root, self.schools["A"]),),
            "head": (held(PostKind.UNIT_HEAD, self.root, self.schools["A"]),),
            "auditor": (held(PostKind.AUDITOR, self.root),),
            "admin of B": (self.admin_of(self.root, self.schools["B"]),),
            "admin of A": (self.admin_of(self.root, self.schools["A"]),),
            "admin of province": (self.admin_of(self.root),),
        }


@pytest.fixture(scope="module")
async def province(open_service: ServiceOpener) -> AsyncIterator[Province]:
    async with open_service(SERVICE) as service:
        await bare_province(service)
        async with service.database.reading() as tx:
            root = await tx.conn.fetchval("select id from units where code = $1", ROOT_CODE)
        body = {
            "valid_from": "2012-04-25",
            "units": [
                {"code": code, "parent_code": ROOT_CODE, "name": f"Trường {code}", "level": "SCHOOL"}
                for code in "AB"
            ],
            "people": [{"code": f"head-{code}", "full_name": f"Hoàng Văn {code}"} for code in "AB"],
            "posts": [
                {
                    "unit_code": code,
                    "kind": "UNIT_HEAD",
                    "title": "Hiệu trưởng",
                    "person_code": f"head-{code}",
                    "held_from": "2020-01-01",
                }
                for code in "AB"
            ],
        }
        headers = service.headers(uuid4(), held(PostKind.ADMIN, root))
        made = (await service.http.post("/v1/imports", json=body, headers=headers)).json()
        schools = {code: UUID(made["unit_ids"][code]) for code in "AB"}
        heads = {code: UUID(made["person_ids"][f"head-{code}"]) for code in "AB"}
        yield Province(service, root, schools, heads)


def _commands(province: Province) -> dict[str, tuple[str, str, Any, set[str]]]:
    """Every command on something of school A: method, path, body, and who may."""
    mine = {"admin of A", "admin of province"}
    code, head = uuid4().hex, province.heads["A"]
    unit = {
        "parent_id": str(province.schools["A"]),
        "code": code,
        "name": "Phân hiệu",
        "level": "BRANCH",
        "valid_from": "2026-01-01",
    }
    post = {"unit_id": str(province.schools["A"]), "kind": "STAFF", "title": code}
    leave = {"starts_on": "2026-03-02", "ends_on": "2026-03-03"}
    return {
        "unit": ("POST", "/v1/units", unit, mine),
        "post": ("POST", "/v1/posts", post, mine),
        "leave": ("POST", f"/v1/people/{head}/leaves", leave, mine),
        "person": ("POST", "/v1/people", {"code": code, "full_name": "Vi Thị Lan"}, {*mine, "admin of B"}),
        "account": (
            "PUT",
            f"/v1/people/{head}/account",
            {"username": "head.a", "password": "twelve letters"},
            mine,
        ),
    }


@pytest.mark.parametrize(
    "role", ["nobody", "staff", "head", "auditor", "admin of B", "admin of A", "admin of province"]
)
@pytest.mark.parametrize("command", ["unit", "post", "leave", "person", "account"])
async def test_a_command_needs_an_administrator_over_what_it_changes(
    province: Province, command: str, role: str
) -> None:
    method, path, body, may = _commands(province)[command]
    answer = await province.send(method, path, body, posts=province.roles[role])
    if role in may:
        assert answer.status_code in {200, 201}, answer.text
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "Forbidden")


async def test_a_person_takes_and_cancels_leave_without_an_administrator(province: Province) -> None:
    head = province.heads["B"]
    path = f"/v1/people/{head}/leaves"
    made = await province.send(
        "POST", path, {"starts_on": "2026-05-04", "ends_on": "2026-05-08"}, person=head
    )
    assert made.status_code == 201
    assert made.json()["id"] in [
        leave["id"] for leave in (await province.send("GET", path, person=head)).json()["items"]
    ]
    cancelled = await province.send("DELETE", f"{path}/{made.json()['id']}", person=head)
    assert cancelled.status_code == 200
    again = await province.send("DELETE", f"{path}/{made.json()['id']}", person=head)
    assert (again.status_code, again.json()["code"]) == (404, "NotFound")
    assert (await province.send("GET", path)).status_code == 403


async def test_a_school_does_not_take_over_the_account_of_somebody_who_also_serves_elsewhere(
    province: Province,
) -> None:
    root_admin = province.roles["admin of province"]
    person = (
        await province.send(
            "POST", "/v1/people", {"code": uuid4().hex, "full_name": "Nông Thị Mai"}, posts=root_admin
        )
    ).json()["id"]
    for unit in (province.schools["A"], province.root):
        post = await province.new_post(unit, *root_admin)
        body = {"person_id": person, "held_from": "2020-01-01"}
        assert (
            await province.send("POST", f"/v1/posts/{post}/holdings", body, posts=root_admin)
        ).status_code == 201
    account = {"username": f"u{uuid4().hex}", "password": "twelve letters"}
    assert (
        await province.send(
            "PUT", f"/v1/people/{person}/account", account, posts=province.roles["admin of A"]
        )
    ).status_code == 403
    assert (
        await province.send("PUT", f"/v1/people/{person}/account", account, posts=root_admin)
    ).status_code == 200


async def test_a_holding_ends_and_the_post_is_free_for_the_next(province: Province) -> None:
    admin = province.roles["admin of A"]
    post = await province.new_post(province.schools["A"], *admin)
    body = {"person_id": str(province.heads["A"]), "held_from": "2020-01-01"}
    holding = await province.send("POST", f"/v1/posts/{post}/holdings", body, posts=admin)
    twice = await province.send("POST", f"/v1/posts/{post}/holdings", body, posts=admin)
    assert (twice.status_code, twice.json()["code"]) == (409, "HoldingOverlaps")
    ended = await province.send(
        "POST", f"/v1/holdings/{holding.json()['id']}/end", {"held_to": "2025-12-31"}, posts=admin
    )
    assert ended.status_code == 200
    rows = (await province.send("GET", f"/v1/units/{province.schools['A']}/posts", posts=admin)).json()[
        "items"
    ]
    assert next(row["held_to"] for row in rows if row["holding_id"] == holding.json()["id"]) == "2025-12-31"
    assert (
        await province.send(
            "POST", f"/v1/posts/{post}/holdings", {**body, "held_from": "2026-01-01"}, posts=admin
        )
    ).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/units/{id}", None),
        ("GET", "/v1/units/{id}/posts", None),
        ("GET", "/v1/people/{id}", None),
        ("POST", "/v1/posts/{id}/holdings", {"person_id": str(uuid4()), "held_from": "2026-01-01"}),
        ("POST", "/v1/holdings/{id}/end", {"held_to": "2026-01-01"}),
        ("PUT", "/v1/people/{id}/account", {"username": "nobody"}),
    ],
)
async def test_an_unknown_id_is_not_found(province: Province, method: str, path: str, body: Any) -> None:
    answer = await province.send(
        method, path.format(id=uuid4()), body, posts=province.roles["admin of province"]
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")


async def test_a_code_is_given_once(province: Province) -> None:
    admin = province.roles["admin of province"]
    code = uuid4().hex
    bodies = {
        "/v1/people": {"code": code, "full_name": "Lý A"},
        "/v1/units": {
            "parent_id": str(province.root),
            "code": code,
            "name": "x",
            "level": "SCHOOL",
            "valid_from": "2026-01-01",
        },
    }
    for path, body in bodies.items():
        assert (await province.send("POST", path, body, posts=admin)).status_code == 201
        taken = await province.send("POST", path, body, posts=admin)
        assert (taken.status_code, taken.json()["code"], code in taken.json()["detail"]) == (
            409,
            "CodeTaken",
            True,
        )


@pytest.mark.parametrize("path", ["/v1/me", "/v1/units", "/v1/people"])
async def test_without_a_token_nothing_is_told(province: Province, path: str) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": f"Bearer {province.service.issuer.token(uuid4(), forged=True)}"},
    ):
        answer = await province.service.http.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "Unauthenticated")


async def test_names_are_for_everybody_signed_in_but_birth_dates_are_not(province: Province) -> None:
    ids = [str(head) for head in province.heads.values()]
    names = await province.send("GET", "/v1/names?" + "&".join(f"ids={person}" for person in ids))
    assert {row["id"]: row["full_name"] for row in names.json()["items"]} == {
        ids[0]: "Hoàng Văn A",
        ids[1]: "Hoàng Văn B",
    }
    assert all(row.keys() == {"id", "full_name", "joined_into"} for row in names.json()["items"])
    assert (await province.send("GET", f"/v1/people/{ids[0]}")).status_code == 403
    assert (await province.send("GET", f"/v1/people/{ids[0]}", person=province.heads["A"])).status_code == 200
    too_many = await province.send("GET", "/v1/names?" + "&".join(f"ids={uuid4()}" for _ in range(201)))
    assert too_many.status_code == 422


async def test_people_are_searched_without_marks_and_the_pages_join_up(province: Province) -> None:
    admin = province.roles["admin of province"]
    found = (await province.send("GET", "/v1/people?q=hoang+van&limit=1", posts=admin)).json()
    assert found["next"]
    rest = (
        await province.send("GET", f"/v1/people?q=HOÀNG+văn&limit=1&after={found['next']}", posts=admin)
    ).json()
    assert {person["full_name"] for person in found["items"] + rest["items"]} == {
        "Hoàng Văn A",
        "Hoàng Văn B",
    }
    assert rest["next"] is None
    assert (await province.send("GET", "/v1/people?after=nonsense", posts=admin)).json()[
        "code"
    ] == "CursorInvalid"


async def test_units_are_listed_under_one_and_by_level(province: Province) -> None:
    listed = (
        await province.send("GET", f"/v1/units?unit_id={province.schools['A']}&level=SCHOOL&limit=200")
    ).json()["items"]
    assert str(province.schools["A"]) in [unit["id"] for unit in listed]
    assert str(province.schools["B"]) not in [unit["id"] for unit in listed]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/people", {"code": "x", "full_name": "   "}),
        ("/v1/people", {"code": "có dấu", "full_name": "x"}),
        ("/v1/people", {"code": "x", "full_name": "nul\x00byte"}),
        ("/v1/posts", {"unit_id": str(uuid4()), "kind": "KING", "title": "x"}),
        (
            "/v1/units",
            {
                "parent_id": "not an id",
                "code": "x",
                "name": "x",
                "level": "SCHOOL",
                "valid_from": "2026-01-01",
            },
        ),
        (
            "/v1/units",
            {
                "parent_id": str(uuid4()),
                "code": "x",
                "name": "x",
                "level": "school",
                "valid_from": "2026-01-01",
            },
        ),
        ("/v1/imports", {"valid_from": "2026-02-30"}),
    ],
)
async def test_a_malformed_body_is_refused_field_by_field(province: Province, path: str, body: Any) -> None:
    answer = await province.send("POST", path, body, posts=province.roles["admin of province"])
    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")
    assert answer.json()["errors"]


async def test_a_field_that_is_not_known_is_named(province: Province) -> None:
    body = {"code": "x", "full_name": "x", "salary": 1}
    answer = await province.send("POST", "/v1/people", body, posts=province.roles["admin of province"])
    assert (answer.status_code, answer.json()["code"]) == (400, "FieldUnknown")
    assert "salary" in answer.json()["detail"]


async def test_a_unit_moves_with_all_that_lies_below_it_and_open_work_is_looked_through(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICE) as service:
        root = (await bare_province(service)).root
        beside = Organised(service, root)
        old, new = await beside.unit("X1", "COMMUNE"), await beside.unit("X2", "COMMUNE")
        school = await beside.unit("T1", parent=old)
        branch = await beside.unit("T1A", "BRANCH", parent=school)
        post = {"unit_id": str(branch), "kind": "UNIT_HEAD", "title": "Hiệu trưởng"}
        head = UUID((await beside.send("POST", "/posts", post)).json()["id"])
        told = "select count(*) from roster_changes where $1 = any(post_ids)"
        before = await service.database.pool.fetchval(told, head)

        async def move(parent: UUID, etag: str) -> httpx.Response:
            headers = {**service.headers(uuid4(), held(PostKind.ADMIN, root)), "If-Match": etag}
            body = {"parent_id": str(parent)}
            return await service.http.post(f"/v1/units/{school}/move", json=body, headers=headers)

        etag = (await beside.send("GET", f"/units/{school}")).headers["etag"]
        moved = await move(new, etag)
        assert moved.json()["path"] == [str(root), str(new), str(school)]
        below = (await beside.send("GET", f"/units/{branch}")).json()
        assert (below["path"], below["parent_id"]) == ([*moved.json()["path"], str(branch)], str(school))
        assert (await move(branch, moved.headers["etag"])).json()["code"] == "MoveIntoItself"
        assert (await move(old, etag)).json()["code"] == "EditConflict"
        assert (await move(old, moved.headers["etag"])).status_code == 200
        assert await service.database.pool.fetchval(told, head) == before + 2
