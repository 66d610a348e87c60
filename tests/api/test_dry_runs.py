"""Every command of every service, tried: the answer is that of the act, and nothing is written."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import pytest

from kit.http.actions import NAME, commands_of
from language.posts.kinds import PostKind
from tests.conftest import HeldPost, ServiceOpener, held
from tests.endpoints import call, operations_of
from tests.service_cases import SERVICES, Opened, opened

ACTORS = {
    "organisation": (PostKind.ADMIN,),
    "rulebook": (PostKind.ADMIN,),
    "postroom": (PostKind.ADMIN,),
    "intake": (PostKind.INTAKE_OFFICER, PostKind.UNIT_HEAD, PostKind.ADMIN),
    "review": (PostKind.COUNCIL_CHAIR, PostKind.UNIT_HEAD, PostKind.ADMIN),
    "payout": (PostKind.ACCOUNTANT, PostKind.CHIEF_ACCOUNTANT, PostKind.ADMIN),
}
COUNTED_ALL_THE_SAME = {"sign_in_tries", "looks"}
"""A wrong password counts, tried or not, and so does a look at a dossier."""
TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = current_schema() and c.relkind = 'r' order by 1
"""


@pytest.fixture(scope="module", params=sorted(SERVICES))
async def found(
    request: pytest.FixtureRequest, open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    async with opened(open_service, request.param, tmp_path_factory.mktemp("blobs")) as service:
        yield service


async def _everything(found: Opened) -> dict[str, Any]:
    """What is written in each table, as one number."""
    pool = found.service.database.pool
    names = [row["relname"] for row in await pool.fetch(TABLES)]
    return {
        name: await pool.fetchval(f"select sum(hashtextextended(t::text, 0)::numeric) from {name} t")
        for name in names
        if name not in COUNTED_ALL_THE_SAME
    }


def _posts(found: Opened) -> list[HeldPost]:
    return [held(kind, *found.path) for kind in ACTORS[found.name]]


def _commands(found: Opened) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for method, path, operation in operations_of(found):
        if any(one["name"] == "dry_run" for one in operation.get("parameters", [])):
            yield method, path, operation


def _body_of(operation: dict[str, Any], schema: dict[str, Any]) -> Any:
    """The form of what is sent, where it has a name."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]
    form = schema["components"]["schemas"].get(name, {})
    return {field: form["properties"][field] for field in form.get("required", ())}


async def test_nothing_is_written_by_trying(found: Opened) -> None:
    posts = _posts(found)
    await call(found, "get", "/v1/tasks", {}, found.service.headers(found.person, *posts))
    before, tried = await _everything(found), 0
    for method, path, operation in _commands(found):
        answer = await call(
            found, method, path, operation, found.service.headers(found.person, *posts), dry_run="true"
        )
        assert answer.status_code == 200 or 400 <= answer.status_code < 500, (method, path, answer.text)
        assert "idempotency-replayed" not in answer.headers
        tried += answer.status_code == 200
        assert await _everything(found) == before, (method, path)
    assert tried


async def test_each_resource_says_what_its_reader_may_do(found: Opened) -> None:
    schema, posts = found.service.app.openapi(), _posts(found)
    await call(found, "get", "/v1/tasks", {}, found.service.headers(found.person, *posts))
    before, said = await _everything(found), 0
    for path, operations in schema["paths"].items():
        commands = commands_of(schema, path)
        if "get" not in operations or not commands:
            continue
        answer = await call(
            found, "get", path, operations["get"], found.service.headers(found.person, *posts), actions="true"
        )
        if answer.status_code != 200:
            continue
        actions = answer.json()[NAME]
        assert len(actions) == len(commands)
        for action in actions:
            assert (action["code"] is None) == (action["allowed"] is True), action
            assert (action["detail"] is None) == (action["allowed"] is True), action
            # It was tried on the version that was read, whatever the question itself says of one.
            assert action["code"] != "EditConflict", action
        for action, (_, _, operation) in zip(actions, commands, strict=True):
            if "uuid" in str(_body_of(operation, schema)):
                # Whom or what the sample names is nobody: that is no word about the command.
                assert (action["code"], action["allowed"]) != ("NotFound", False), action
        said += len(actions)
        plain = await call(found, "get", path, operations["get"], found.service.headers(found.person, *posts))
        assert NAME not in plain.json()
        wrong = await call(
            found,
            "get",
            path,
            operations["get"],
            found.service.headers(found.person, *posts),
            actions="maybe",
        )
        assert (wrong.status_code, wrong.json()["code"]) == (422, "RequestInvalid")
    assert said
    assert await _everything(found) == before


async def test_whoever_holds_no_post_is_told_so_before_anything_is_looked_for(found: Opened) -> None:
    schema, stranger = found.service.app.openapi(), found.service.headers(uuid4())
    for path, operations in schema["paths"].items():
        if "get" in operations and commands_of(schema, path):
            answer = await call(found, "get", path, operations["get"], stranger, actions="true")
            for action in answer.json().get(NAME, ()):
                assert (action["code"], action["allowed"]) != ("NotFound", None), (path, action)
