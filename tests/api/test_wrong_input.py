"""What no service takes: each a clear 4xx with a stable code, in the same words everywhere."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from kit.http.cursors import encode_cursor
from language.posts.kinds import PostKind
from processes.bootstrap import shipped_packs
from tests.conftest import HeldPost, ServiceOpener, held
from tests.service_cases import SERVICES, Opened, opened

ROUTES: dict[str, tuple[str, str, PostKind]] = {
    "organisation": ("/v1/people", "/v1/people", PostKind.ADMIN),
    "rulebook": ("/v1/policy-packs/drafts", "/v1/calendar/breaks", PostKind.ADMIN),
    "postroom": ("/v1/mails", "/v1/webhooks", PostKind.ADMIN),
    "intake": ("/v1/dossiers", "/v1/dossiers", PostKind.INTAKE_OFFICER),
    "review": ("/v1/tasks", "/v1/stages/{stage_id}/decision", PostKind.COUNCIL_CHAIR),
    "payout": ("/v1/awards", "/v1/awards/{award_id}/rejection", PostKind.ACCOUNTANT),
}
TEXT = {
    "organisation": "full_name",
    "rulebook": "reason",
    "intake": "content.title",
    "review": "reasons",
    "payout": "reason",
}


@dataclass
class Door:
    """A list and a command with a text in its body, and somebody who may use both."""

    found: Opened

    @property
    def list_path(self) -> str:
        """The list."""
        return ROUTES[self.found.name][0]

    @property
    def command_path(self) -> str:
        """The command."""
        return ROUTES[self.found.name][1].format(**self.found.ids)

    @property
    def post(self) -> HeldPost:
        """What gives the right to both."""
        return held(ROUTES[self.found.name][2], *self.found.path)

    def headers(self, key: str | None = None) -> dict[str, str]:
        """Of somebody who may."""
        return self.found.service.headers(self.found.person, self.post, key=key)

    def body(self, text: str = "Chữ") -> dict[str, Any]:
        """A body that the command takes."""
        bodies: dict[str, dict[str, Any]] = {
            "organisation": {"code": f"p{uuid4().hex[:8]}", "full_name": text},
            "rulebook": {
                "unit_id": str(self.found.path[-1]),
                "first_day": "2031-06-01",
                "last_day": "2031-06-02",
                "name": "Nghỉ hè",
                "reason": text,
            },
            "postroom": {"url": f"https://hooks.example.vn/{text.encode().hex()}", "kinds": ["REMINDED"]},
            "intake": {
                "unit_id": str(self.found.path[-1]),
                "season_id": str(uuid4()),
                "content": {"title": text},
            },
            "review": {"outcome": "REFUSED", "ground": "NOT_NOVEL", "reasons": text},
            "payout": {"reason": text},
        }
        return bodies[self.found.name]

    async def get(self, path: str | None = None, **query: str) -> httpx.Response:
        """The list, or another address."""
        return await self.found.service.http.get(
            path or self.list_path, params=query or None, headers=self.headers()
        )

    async def command(
        self, content: bytes, key: str | None = None, media: str = "application/json"
    ) -> httpx.Response:
        """The command with these bytes."""
        headers = {**self.headers(key), "Content-Type": media}
        return await self.found.service.http.post(self.command_path, content=content, headers=headers)


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem that says in both languages what to do."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["detail"]
    assert problem["detail_en"]
    return response.status_code, problem["code"]


@pytest.fixture(scope="module", params=sorted(SERVICES))
async def door(
    request: pytest.FixtureRequest, open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Door]:
    async with opened(open_service, request.param, tmp_path_factory.mktemp("blobs")) as found:
        yield Door(found)


async def test_the_door_is_open_to_who_may(door: Door) -> None:
    assert (await door.get()).status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "1000000"}, "RequestInvalid"),
        ({"limit": "0"}, "RequestInvalid"),
        ({"limit": "-1"}, "RequestInvalid"),
        ({"limit": "1" * 400}, "RequestInvalid"),
        ({"limit": "1.5"}, "RequestInvalid"),
        ({"limit": "mười"}, "RequestInvalid"),
        ({"after": "made-up"}, "CursorInvalid"),
        ({"after": "W10"}, "CursorInvalid"),
        ({"after": "e30"}, "CursorInvalid"),
        ({"after": "á"}, "CursorInvalid"),
        ({"after": "x" * 4_001}, "RequestInvalid"),
    ],
)
async def test_pages_are_of_a_sensible_size_and_cursors_are_ours(
    door: Door, query: dict[str, str], code: str
) -> None:
    assert refusal(await door.get(**query)) == (422, code)


@pytest.mark.parametrize("door", ["intake", "payout", "review"], indirect=True)
@pytest.mark.parametrize(
    "key",
    [
        ("0001-01-01T00:00:00+23:59", UUID(int=0)),
        ("2026-01-01", UUID(int=0)),
        ("2026-01-01T00:00Z", "x"),
        (1, 2, 3),
    ],
)
async def test_a_cursor_of_another_list_or_beyond_all_time_is_refused(
    door: Door, key: tuple[object, ...]
) -> None:
    lists = {
        "intake": ("/v1/tasks", "due"),
        "review": ("/v1/decisions", "-decided"),
        "payout": ("/v1/payment-lists", "-made"),
    }
    path, order = lists[door.found.name]
    for cursor in (encode_cursor(order, *key), encode_cursor(*key)):
        assert refusal(await door.get(path, after=cursor)) == (422, "CursorInvalid")


@pytest.mark.parametrize("address", ["{path}/%00", "{path}?after=a%00b", "{path}?%00=1", "/%00"])
async def test_a_null_byte_in_the_address_is_refused(door: Door, address: str) -> None:
    assert refusal(await door.get(address.format(path=door.list_path))) == (400, "TextUnsafe")


@pytest.mark.parametrize("text", ["a\x00b", "", "  ", "x" * 20_001])
@pytest.mark.parametrize("door", ["organisation", "payout", "review", "rulebook"], indirect=True)
async def test_text_with_a_null_byte_blank_or_without_measure_is_refused(door: Door, text: str) -> None:
    response = await door.command(orjson.dumps(door.body(text)))
    assert refusal(response) == (422, "RequestInvalid")
    assert [error["path"] for error in response.json()["errors"]] == [f"body.{TEXT[door.found.name]}"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"1",
        b"NaN",
        b"\xff\xfe{}",
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"1" * 10_000,
        b'{"reason":"\\ud800"}',
        b'{"\\ud800":1}',
        b'{"full_name":"\\udfff","code":"a"}',
        b'{"content":{"title":"\\ud800"}}',
        b'{"outcome":"REFUSED","reasons":"\\ud800"}',
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(door: Door, content: bytes) -> None:
    status, code = refusal(await door.command(content))
    assert (status, code) in {(422, "RequestInvalid"), (400, "BadRequest"), (400, "FieldUnknown")}


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
async def test_a_body_that_is_not_json_is_refused(door: Door, media: str) -> None:
    assert refusal(await door.command(orjson.dumps(door.body()), media=media)) == (422, "RequestInvalid")


async def test_an_unknown_field_is_refused_not_ignored(door: Door) -> None:
    response = await door.command(orjson.dumps({**door.body(), "is_admin": True}))
    assert refusal(response) == (400, "FieldUnknown")
    assert [(error["path"], error["type"]) for error in response.json()["errors"]] == [
        ("body.is_admin", "extra_forbidden")
    ]


@pytest.mark.parametrize("query", ["as_of=2026-01-01", "unti_id=x", "dry_ran=true", "limit=5&limit=6"])
async def test_a_parameter_that_is_unknown_or_repeated_is_refused_by_its_name(door: Door, query: str) -> None:
    answer = await door.get(f"{door.list_path}?{query}")
    assert refusal(answer)[0] == 400
    assert query.partition("=")[0] in answer.json()["detail"]
    given = await door.found.service.http.post(
        f"{door.command_path}?{query}", json=door.body(), headers=door.headers()
    )
    assert refusal(given) == (400, "ParameterUnknown")


async def test_a_field_that_is_given_twice_is_refused_by_its_name(door: Door) -> None:
    name, value = next(iter(door.body().items()))
    twice = orjson.dumps({name: value})[:-1] + b"," + orjson.dumps(door.body())[1:]
    answer = await door.command(twice)
    assert refusal(answer) == (400, "FieldRepeated")
    assert name in answer.json()["detail"]
    inside = orjson.dumps(door.body())[:-1] + b',"extra":{"a":1,"a":2}}'
    assert refusal(await door.command(inside))[0] == 400


async def test_what_is_said_back_is_cut(door: Door) -> None:
    response = await door.command(orjson.dumps({**door.body(), "x" * 300_000: 1}))
    assert refusal(response) == (400, "FieldUnknown")
    assert len(response.content) < 2_000
    assert len((await door.get(f"{door.list_path}?{'y' * 20_000}=1")).content) < 2_000


async def test_strangers_make_nobody_read_a_body(door: Door) -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    headers = {"Content-Type": "application/json"}
    answer = await door.found.service.http.post(door.command_path, content=never(), headers=headers)
    assert refusal(answer) == (401, "Unauthenticated")
    assert answer.headers["connection"] == "close"


async def test_a_kind_that_nobody_knows_is_refused_not_found_nowhere(door: Door) -> None:
    found = door.found.service.app.openapi()["paths"]
    for path in ("/v1/tasks", "/v1/tasks/counts", "/v1/cases", "/v1/acts", "/v1/alarms"):
        if path in found:
            answer = await door.get(path, kind="FORMAL_CHEK")
            assert refusal(answer) == (422, "RequestInvalid"), path
            assert "kind" in answer.json()["detail_en"], path


async def test_a_missing_field_is_named(door: Door) -> None:
    name = next(iter(door.body()))
    response = await door.command(
        orjson.dumps({key: value for key, value in door.body().items() if key != name})
    )
    assert refusal(response) == (422, "RequestInvalid")
    assert [(error["path"], error["type"]) for error in response.json()["errors"]] == [
        (f"body.{name}", "missing")
    ]


async def test_ten_megabytes_of_json_are_refused_with_and_without_a_declared_length(door: Door) -> None:
    content = orjson.dumps(door.body("x" * 10_000_000))

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 65_536):
            yield content[start : start + 65_536]

    headers = {**door.headers(), "Content-Type": "application/json"}
    assert refusal(await door.command(content)) == (413, "BodyTooLarge")
    assert refusal(
        await door.found.service.http.post(door.command_path, content=pieces(), headers=headers)
    ) == (413, "BodyTooLarge")


@pytest.mark.parametrize("door", ["organisation"], indirect=True)
async def test_an_import_may_be_longer_than_other_bodies_but_not_without_limit(door: Door) -> None:
    spaces = {
        length: b'{"valid_from":"2026-01-01"' + b" " * length + b"}" for length in (2_000_000, 21_000_000)
    }
    headers = {**door.headers(), "Content-Type": "application/json"}
    http = door.found.service.http
    assert (
        await http.post("/v1/imports?dry_run=true", content=spaces[2_000_000], headers=headers)
    ).status_code == 200
    assert refusal(
        await http.post("/v1/imports?dry_run=true", content=spaces[21_000_000], headers=headers)
    ) == (413, "BodyTooLarge")


@pytest.mark.parametrize("door", ["organisation"], indirect=True)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("people/{person_id}/leaves", {"starts_on": "2026-02-01", "ends_on": "2026-01-31"}),
        (
            "posts/{post_id}/holdings",
            {"person_id": "{person_id}", "held_from": "2026-02-01", "held_to": "2026-01-31"},
        ),
        (
            "units",
            {
                "parent_id": "{unit_id}",
                "code": "s",
                "name": "s",
                "level": "SCHOOL",
                "valid_from": "2026-02-01",
                "valid_to": "2026-01-31",
            },
        ),
    ],
)
async def test_a_span_that_ends_before_it_begins_is_refused(
    door: Door, path: str, body: dict[str, Any]
) -> None:
    ids = door.found.ids
    filled = {name: value.format(**ids) if isinstance(value, str) else value for name, value in body.items()}
    response = await door.found.service.http.post(
        f"/v1/{path.format(**ids)}", json=filled, headers=door.headers()
    )
    assert refusal(response) == (422, "RequestInvalid")


@pytest.mark.parametrize("door", ["rulebook"], indirect=True)
async def test_a_season_that_ends_before_it_begins_is_refused(door: Door) -> None:
    body = {"code": "s", "name": "s", "opens_on": "2026-02-01", "closes_on": "2026-01-31"}
    response = await door.found.service.http.post("/v1/seasons", json=body, headers=door.headers())
    assert refusal(response) == (422, "RequestInvalid")


@pytest.mark.parametrize("door", ["postroom"], indirect=True)
@pytest.mark.parametrize(
    "instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00", 1e300]
)
async def test_an_instant_that_no_calendar_has_is_refused(door: Door, instant: object) -> None:
    response = await door.found.service.http.post(
        "/v1/notices/read", json={"up_to": instant}, headers=door.headers()
    )
    assert refusal(response) == (422, "RequestInvalid")


async def test_what_is_wrong_with_a_field_is_said_in_both_languages(door: Door) -> None:
    problem = (await door.command(orjson.dumps({**door.body(), "unheard_of": 1}))).json()
    assert "body.unheard_of: mục này không có trong mẫu" in problem["detail"]
    assert "body.unheard_of: Extra inputs are not permitted" in problem["detail_en"]


@pytest.mark.parametrize("door", ["rulebook"], indirect=True)
@pytest.mark.parametrize(
    ("at", "value"),
    [
        (("title_vi",), "a\x00b"),
        (("levels", 0, "criteria", 0, "title_en"), "a\x00b"),
        (("formal_check", "check_basis", "document"), "a\x00b"),
        (("levels", 0, "criteria", 0, "step"), "1e-40"),
        (("levels", 0, "criteria", 0, "step"), "NaN"),
        (("levels", 0, "pass_threshold"), "Infinity"),
        (("levels", 0, "award_dong"), -1),
        (("version",), 2**63),
        (("effective_to",), "0001-01-01"),
    ],
)
async def test_a_pack_that_cannot_be_is_refused(door: Door, at: tuple[str | int, ...], value: object) -> None:
    pack: Any = shipped_packs()[0].model_dump(mode="json")
    pack["version"] = 77
    place = pack
    for step in at[:-1]:
        place = place[step]
    place[at[-1]] = value
    response = await door.found.service.http.post("/v1/policy-packs", json=pack, headers=door.headers())
    assert refusal(response) == (422, "RequestInvalid")


@pytest.mark.parametrize("length", ["2147483648", "99999999999999999999"])
async def test_a_declared_length_beyond_the_limit_is_refused_before_the_body_comes(
    door: Door, length: str
) -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    headers = {**door.headers(), "Content-Type": "application/json", "Content-Length": length}
    assert refusal(
        await door.found.service.http.post(door.command_path, content=never(), headers=headers)
    ) == (413, "BodyTooLarge")


@pytest.mark.parametrize("scheme", ["Basic", "Bearer", "bearer", ""])
@pytest.mark.parametrize("token", ["", "x", "a.b.c", "á", "eyJhbGciOiJub25lIn0.e30."])
async def test_what_is_no_token_is_refused(door: Door, scheme: str, token: str) -> None:
    headers = [(b"Authorization", f"{scheme} {token}".encode())]
    response = await door.found.service.http.get(door.list_path, headers=headers)
    assert refusal(response) == (401, "Unauthenticated")
    assert response.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("flaw", ["forged", "expired"])
async def test_a_forged_or_expired_token_is_refused(door: Door, flaw: str) -> None:
    token = door.found.service.issuer.token(door.found.person, **{flaw: True})
    response = await door.found.service.http.get(door.list_path, headers={"Authorization": f"Bearer {token}"})
    assert refusal(response) == (401, "Unauthenticated")


@pytest.mark.parametrize(
    "key", ["", "x" * 15, "x" * 201, "a\tb of sixteen or more", "khoá dài hơn mười sáu ký tự"]
)
async def test_a_command_without_a_proper_key_is_refused(door: Door, key: str) -> None:
    headers = [
        (b"Authorization", door.headers()["Authorization"].encode()),
        (b"Idempotency-Key", key.encode()),
    ]
    response = await door.found.service.http.post(door.command_path, json=door.body(), headers=headers)
    assert refusal(response) == (400, "IdempotencyKeyMissing")


@pytest.mark.parametrize("path", ["/v1/nothing", "/v2/awards", "/v1/../etc/passwd", "//"])
async def test_an_unknown_address_is_refused(door: Door, path: str) -> None:
    assert refusal(await door.get(path)) == (404, "RouteUnknown")


async def test_an_unknown_method_is_refused(door: Door) -> None:
    assert refusal(
        await door.found.service.http.request("TRACE", door.list_path, headers=door.headers())
    ) == (405, "MethodUnknown")


@pytest.mark.parametrize(
    "identifier", ["1", "x" * 3_000, "00000000-0000-0000-0000-00000000000g", "%F0%9F%92%A5", "' or 1=1 --"]
)
async def test_an_id_that_is_none_is_refused(door: Door, identifier: str) -> None:
    paths = {
        "organisation": "/v1/units/{}",
        "rulebook": "/v1/transitions/{}",
        "postroom": "/v1/webhooks/{}/deliveries",
        "intake": "/v1/dossiers/{}",
        "review": "/v1/stages/{}",
        "payout": "/v1/awards/{}",
    }
    assert refusal(await door.get(paths[door.found.name].format(identifier))) == (422, "RequestInvalid")


async def test_a_key_repeated_with_another_body_is_refused_and_with_the_same_body_answered_again(
    door: Door,
) -> None:
    # The last test of each service: the command ends what the others are about.
    key, body = uuid4().hex, door.body()
    first = await door.command(orjson.dumps(body), key)
    assert first.status_code in {200, 201}, first.text
    again = await door.command(orjson.dumps(body), key)
    # A secret is shown by the first answer alone.
    expected = first.json() | ({"secret": None} if "secret" in first.json() else {})
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (
        first.status_code,
        expected,
        "true",
    )
    assert refusal(await door.command(orjson.dumps(door.body("Chữ khác")), key)) == (
        422,
        "IdempotencyKeyReused",
    )
