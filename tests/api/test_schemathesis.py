"""Every service's OpenAPI, with each role, by schemathesis: no 5xx, and no answer that the description does
not hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
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

from kit.http.server import Doors
from kit.service import serve_http
from language.posts.kinds import PostKind
from tests.conftest import ServiceOpener, free_port, held
from tests.service_cases import SERVICES, Opened, opened

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ROLES = {
    "organisation": (PostKind.ADMIN, PostKind.STAFF),
    "rulebook": (PostKind.ADMIN, PostKind.STAFF),
    "postroom": (PostKind.ADMIN, PostKind.STAFF),
    "intake": (PostKind.INTAKE_OFFICER, PostKind.STAFF),
    "review": (PostKind.COUNCIL_CHAIR, PostKind.STAFF),
    "payout": (PostKind.ACCOUNTANT, PostKind.CHIEF_ACCOUNTANT),
}
_LONGEST_QUERY = Doors().head_bytes - 4_000
"""What no head has room for never comes to an operation: see `test_slow_and_long`."""
BOUNDS = settings(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Probe:
    """A request, and whether it edits what is there."""

    case: schemathesis.Case[Any]
    edits: bool


def _wait_little(query: object) -> None:
    """A feed asked to wait half a minute for something new does."""
    if isinstance(query, dict) and str(query.get("wait")).isdecimal() and int(query["wait"]) in range(2, 31):
        query["wait"] = 1


@dataclass
class Served:
    """A service on a real port, and the requests for each of its operations: drawn once, as drawing takes
    longer than sending to every role."""

    found: Opened
    url: str
    drawn: dict[str, list[Probe]] = field(default_factory=dict)

    def probes(self, operation: APIOperation[Any, Any, Any, Any]) -> list[Probe]:
        """Valid and invalid requests, about things that are there and things that are not."""
        if operation.label not in self.drawn:
            self.drawn[operation.label] = self._draw(operation)
        return self.drawn[operation.label]

    def _draw(self, operation: APIOperation[Any, Any, Any, Any]) -> list[Probe]:
        probes: list[Probe] = []

        @BOUNDS
        @given(
            case=st.one_of(
                operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
            ),
            known=st.booleans(),
            edits=st.booleans(),
        )
        def draw(case: schemathesis.Case[Any], known: bool, edits: bool) -> None:
            if isinstance(case.query, dict) and len(urlencode(case.query, doseq=True)) > _LONGEST_QUERY:
                return
            if known:
                for values in (case.path_parameters, case.query, case.body):
                    if isinstance(values, dict):
                        values.update(
                            {name: str(self.found.ids[name]) for name in values if name in self.found.ids}
                        )
            _wait_little(case.query)
            probes.append(Probe(case, edits))

        draw()
        return probes

    def send(self, operation: APIOperation[Any, Any, Any, Any], headers: dict[str, str]) -> None:
        """Every request, with these rights."""
        with requests.Session() as session:
            for probe in self.probes(operation):
                own = {**headers, "Idempotency-Key": uuid4().hex} | (
                    {"If-Match": '"v1"'} if probe.edits else {}
                )
                probe.case.call_and_validate(base_url=self.url, headers=own, session=session, checks=CHECKS)

    def failures(self, headers: dict[str, str]) -> list[str]:
        """All operations are tried, then all failures told."""
        schema = schemathesis.openapi.from_dict(self.found.service.app.openapi())
        failures = []
        for described in schema.get_all_operations():
            if isinstance(described, Err):
                raise described.err()
            operation = described.ok()
            try:
                self.send(operation, headers)
            except (FailureGroup, Exception) as failure:
                failures.append(f"{operation.label}: {failure}")
        return failures


@pytest.fixture(scope="module", params=sorted(SERVICES))
async def served(
    request: pytest.FixtureRequest, open_service: ServiceOpener, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """Schemathesis calls from a thread while the pool stays in the tests' loop."""
    async with opened(open_service, request.param, tmp_path_factory.mktemp("blobs")) as found:
        port = free_port()
        serving = asyncio.create_task(serve_http(found.service.app, "127.0.0.1", port))
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=5)) as http:
            assert (await http.get(f"{url}/health")).status_code == 200
        yield Served(found, url)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


def _do_not_wait(query: Any) -> None:
    """The feed answers at once where it may wait; what it refuses stays as it is."""
    if isinstance(query, dict) and str(query.get("wait")) in map(str, range(1, 31)):
        query["wait"] = 0


@pytest.mark.parametrize("role", [0, 1, None], ids=["first-role", "second-role", "no-token"])
async def test_every_operation_answers_as_its_description_says(served: Served, role: int | None) -> None:
    found = served.found
    headers = {}
    if role is not None:
        given = found.service.headers(found.person, held(ROLES[found.name][role], *found.path))
        headers = {"Authorization": given["Authorization"]}
        await found.service.shared.let_hold(httpx.Request("GET", "http://service.test", headers=headers))
    failures = await asyncio.to_thread(served.failures, headers)
    assert not failures, "\n\n".join(failures)
