"""docs/api-conventions.md, held by walking the OpenAPI of every service: whoever knows one knows all."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.http.actions import commands_of
from kit.http.columns import columns_of, parts_of
from kit.http.exports import TABLES, item_of
from language.words.columns import COLUMNS
from tests.conftest import ServiceOpener
from tests.endpoints import PUBLIC
from tests.service_cases import SERVICES, Opened, opened

READS_BY_POST = {"/v1/forecast/backtest"}
"""Asks a question that is too long for an address, and changes nothing."""
NO_LISTS = {"/v1/feed"}
"""A log with positions of its own; docs/feed.md."""
IN_THEIR_OWN_ORDER = {
    "/v1/dossiers/{dossier_id}/history",
    "/v1/payment-lists/{list_id}/history",
    "/v1/ledger/entries",
    "/v1/register",
    "/v1/forecast",
    "/v1/transitions/{transition_id}/dossiers",
    "/v1/webhooks/{webhook_id}/deliveries",
    "/v1/run-comparisons/{comparison_id}/findings",
}
"""Books and logs: what stands in them has its place by number or instant, and is read on from there."""
MAKES_OR_SETS = {("put", "/v1/people/{person_id}/account")}
"""Edits nothing that anybody can have read: the first one makes the account, a later one sets a password."""
SAID_NOWHERE = {
    ("post", "/v1/dossiers/{dossier_id}/uploads/{upload_id}/piece"),
    ("delete", "/v1/dossiers/{dossier_id}/attachments/{attachment_id}"),
    ("post", "/v1/runs/{about_id}/restart"),
    ("post", "/v1/runs/{about_id}/end"),
    ("post", "/v1/runs/{about_id}/stop"),
}
"""Takes bytes; is about a file; is about a run that nobody may know any more."""
FILTERS = re.compile(r".*_(from|until|id)$")
NAMES = {
    "actions",
    "limit",
    "after",
    "sort",
    "dry_run",
    "scope",
    "q",
    "ids",
    "state",
    "kind",
    "level",
    "overdue",
    "suspended",
    "unreachable",
    "code",
    "outcome",
    "grade",
    "year",
    "unread",
    "days",
    "wait",
    "other",
    "class",
    "filename",
    "at_byte",
    "account",
    "reason",
}
"""Every parameter there is, but ids and the ends of spans: a new idea gets a new name, an old one its own."""
OTHER_NAMES = re.compile(r"(under|parent|from_date|date_from|since|page|size|offset|search|sort_by)$")


@pytest.fixture(scope="module", params=sorted(SERVICES))
async def found(
    request: pytest.FixtureRequest, open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    async with opened(open_service, request.param, tmp_path_factory.mktemp("blobs")) as service:
        yield service


def _schema(found: Opened) -> dict[str, Any]:
    schema: dict[str, Any] = found.service.app.openapi()
    return schema


def _operations(found: Opened) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in _schema(found)["paths"].items():
        if path not in PUBLIC:
            for method, operation in operations.items():
                yield method, path, operation


def _commands(found: Opened) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for method, path, operation in _operations(found):
        if method != "get" and path not in READS_BY_POST:
            yield method, path, operation


def _parameters(operation: dict[str, Any], place: str) -> dict[str, Any]:
    return {one["name"]: one for one in operation.get("parameters", []) if one["in"] == place}


async def test_every_command_has_a_dry_run_and_a_key(found: Opened) -> None:
    for method, path, operation in _commands(found):
        assert "dry_run" in _parameters(operation, "query"), (method, path)
        assert _parameters(operation, "header")["idempotency-key"]["required"], (method, path)
        assert "200" in operation["responses"], (method, path)


async def test_only_commands_have_a_dry_run(found: Opened) -> None:
    for method, path, operation in _operations(found):
        if method == "get":
            assert "dry_run" not in _parameters(operation, "query"), path


async def test_an_edit_names_the_version_it_edits(found: Opened) -> None:
    for method, path, operation in _commands(found):
        if method in {"put", "patch"} and (method, path) not in MAKES_OR_SETS:
            assert _parameters(operation, "header")["if-match"]["required"], (method, path)


async def test_every_list_has_one_shape_and_can_be_had_as_a_table(found: Opened) -> None:
    schema = _schema(found)
    for method, path, operation in _operations(found):
        content = operation["responses"].get("200", {}).get("content", {})
        answer = content.get("application/json", {}).get("schema", {})
        assert answer.get("type") != "array", f"{method} {path} answers with a bare list"
        if method != "get" or path in NO_LISTS:
            continue
        if item_of(schema, operation) is not None:
            assert set(TABLES) <= content.keys(), path
        elif "after" in _parameters(operation, "query"):
            raise AssertionError(f"{path} has pages, but not the shape of a list")


async def test_a_table_has_a_vietnamese_head_and_no_codes_for_programs(found: Opened) -> None:
    schema = _schema(found)
    kinds = schema["components"]["schemas"]
    for method, path, operation in _operations(found):
        row = item_of(schema, operation) if method == "get" else None
        if row is None:
            continue
        columns = columns_of(row, kinds)
        heads = [*columns, *(name for column in columns.values() for name in column.inner)]
        assert not [name for name in heads if name not in COLUMNS], path
        for name, column in columns.items():
            named = {
                str(one["$ref"]).rpartition("/")[2]
                for one in parts_of(row["properties"][name])
                if "$ref" in one
            }
            codes = {code for kind in named for code in kinds[kind].get("enum", ())}
            assert codes <= column.words.keys(), (path, name)


async def test_every_list_that_people_work_with_can_be_sorted(found: Opened) -> None:
    for method, path, operation in _operations(found):
        given = _parameters(operation, "query")
        if method == "get" and "after" in given and path not in NO_LISTS:
            assert ("sort" in given) is not (path in IN_THEIR_OWN_ORDER), path
            for word in given.get("sort", {"schema": {"enum": []}})["schema"]["enum"]:
                assert re.fullmatch(r"-?[a-z]+", word), (path, word)


async def test_what_makes_a_thing_is_201_and_every_other_act_200(found: Opened) -> None:
    for method, path, operation in _commands(found):
        statuses = {status for status in operation["responses"] if status.startswith("2")}
        makes = method == "post" and "201" in statuses
        assert statuses == ({"200", "201"} if makes else {"200"}), (method, path)
        if makes:
            # A collection: its last word is a plural, never an act on the thing before it.
            assert path.rsplit("/", 1)[-1].endswith(("s", "people")), path


async def test_an_idea_has_one_name(found: Opened) -> None:
    for method, path, operation in _operations(found):
        for name in _parameters(operation, "query"):
            assert name in NAMES or FILTERS.fullmatch(name), (method, path, name)
            assert not OTHER_NAMES.fullmatch(name), (method, path, name)


async def test_instants_are_given_in_universal_time(found: Opened) -> None:
    me = "/v1/me" if found.name == "organisation" else "/v1/tasks"
    answer = await found.service.http.get(me, headers=found.service.headers(found.person))
    for instant in re.findall(r'"\d{4}-\d\d-\d\dT[^"]*"', answer.text):
        assert instant.endswith('Z"'), instant


def test_the_document_names_every_exception() -> None:
    said = (Path(__file__).parents[2] / "docs/api-conventions.md").read_text()
    for path in (
        READS_BY_POST | NO_LISTS | IN_THEIR_OWN_ORDER | {path for _, path in MAKES_OR_SETS | SAID_NOWHERE}
    ):
        assert f"`{path}`" in said, path


async def test_every_thing_with_commands_can_be_asked_what_may_be_done(found: Opened) -> None:
    schema = _schema(found)
    lists = {path for method, path, one in _operations(found) if method == "get" and item_of(schema, one)}
    said = {
        (method, path)
        for resource, operations in schema["paths"].items()
        if "get" in operations
        for method, path, _ in commands_of(schema, resource)
    }
    for method, path, _ in _commands(found):
        thing = path if path.endswith("}") else path.rpartition("/")[0]
        makes_one = method == "post" and path in lists
        if thing.endswith("}") and not makes_one and (method, path) not in SAID_NOWHERE:
            assert (method, path) in said, (method, path)
