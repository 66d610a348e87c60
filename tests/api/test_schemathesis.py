"""Every service's OpenAPI, with each role, by schemathesis: no 5xx, and no answer that the description does
not hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Err
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kit.service import serve_http
from language.posts.kinds import PostKind
from tests.conftest import ServiceOpener, free_port, held
from tests.service_cases import SERVICES, Opened, opened

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ROLES = {
    "directory": (PostKind.ADMIN, PostKind.STAFF),
    "intake": (PostKind.INTAKE_OFFICER, PostKind.STAFF),
    "review": (PostKind.COUNCIL_CHAIR, PostKind.STAFF),
    "payout": (PostKind.ACCOUNTANT, PostKind.CHIEF_ACCOUNTANT),
}
BOUNDS = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module", params=sorted(SERVICES))
async def served(
    request: pytest.FixtureRequest, open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Opened, str]]:
    """The service on a real port: schemathesis calls from a thread while the pool stays in the tests'
    loop."""
    async with opened(open_service, request.param, tmp_path_factory.mktemp("blobs")) as found:
        port = free_port()
        serving = asyncio.create_task(serve_http(found.service.app, "127.0.0.1", port))
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=5)) as http:
            assert (await http.get(f"{url}/health")).status_code == 200
        yield found, url
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


def _do_not_wait(query: Any) -> None:
    """The feed answers at once where it may wait; what it refuses stays as it is."""
    if isinstance(query, dict) and str(query.get("wait")) in map(str, range(1, 31)):
        query["wait"] = 0


def _probe(
    operation: APIOperation[Any, Any, Any, Any], found: Opened, headers: dict[str, str], url: str
) -> None:
    """Valid and invalid requests, about things that are there and things that are not."""

    @BOUNDS
    @given(
        case=st.one_of(
            operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        ),
        known=st.booleans(),
        edits=st.booleans(),
    )
    def probe(case: schemathesis.Case[Any], known: bool, edits: bool) -> None:
        if known:
            for values in (case.path_parameters, case.query, case.body):
                if isinstance(values, dict):
                    values.update({name: str(found.ids[name]) for name in values if name in found.ids})
        _do_not_wait(case.query)
        own = {**headers, "Idempotency-Key": uuid4().hex} | ({"If-Match": '"v1"'} if edits else {})
        case.call_and_validate(base_url=url, headers=own, session=session, checks=CHECKS)

    with requests.Session() as session:
        probe()


def _probe_all(found: Opened, headers: dict[str, str], url: str) -> list[str]:
    schema = schemathesis.openapi.from_dict(found.service.app.openapi())
    failures = []
    for described in schema.get_all_operations():
        if isinstance(described, Err):
            raise described.err()
        operation = described.ok()
        try:
            _probe(operation, found, headers, url)
        except (FailureGroup, Exception) as failure:  # all operations are tried, then all failures told
            failures.append(f"{operation.label}: {failure}")
    return failures


@pytest.mark.parametrize("role", [0, 1, None], ids=["first-role", "second-role", "no-token"])
async def test_every_operation_answers_as_its_description_says(
    served: tuple[Opened, str], role: int | None
) -> None:
    found, url = served
    headers = {}
    if role is not None:
        headers = {
            "Authorization": found.service.headers(found.person, held(ROLES[found.name][role], *found.path))[
                "Authorization"
            ]
        }
    failures = await asyncio.to_thread(_probe_all, found, headers, url)
    assert not failures, "\n\n".join(failures)
