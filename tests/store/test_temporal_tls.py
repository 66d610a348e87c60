"""Temporal behind TLS: who is let in, what is said to whoever is not, and what is renewed while it runs. The
listener is a real one, before a real server."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client

from cli.diagnosis import examine
from cli.finding import Finding
from kit import temporal_tls
from kit.settings import settings_of
from kit.temporal import UNREACHED, reach, register_search_attributes
from kit.temporal_settings import TemporalSettings
from kit.temporal_tls import advice_on, until_renewed
from kit.wire import data_converter
from language.names import SEARCH_ATTRIBUTES
from tests.certificates import Authority, Pair
from tests.conftest import Cluster, free_port
from tests.notice_cases import eventually
from tests.store.test_kit_probes import ends, process_running
from tests.store.test_kit_relay import client as client  # noqa: PLC0414 - the fixture
from tests.tls_listener import Listener, listening

NAME = "temporal.test"
KEY = "a-key-that-nobody-guesses"


@dataclass(frozen=True, slots=True)
class Papers:
    """Who signs, and what was signed."""

    authority: Authority
    other: Authority
    server: Pair
    mine: Pair
    forged: Pair


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder, elsewhere = tmp_path_factory.mktemp("tls"), tmp_path_factory.mktemp("elsewhere")
    authority, other = Authority(folder), Authority(elsewhere, "other")
    return Papers(authority, other, authority.issue(NAME), authority.issue("mine"), other.issue("mine"))


@pytest.fixture
async def listener(client: Client, papers: Papers) -> AsyncIterator[Listener]:
    """It wants a client certificate and an API key."""
    server = client.service_client.config.target_host
    async with listening(server, papers.server, clients=papers.authority.file, api_key=KEY) as opened:
        yield opened


def environment(listener: Listener, papers: Papers, **other: str) -> dict[str, str]:
    return {
        "TEMPORAL_ADDRESS": listener.address,
        "TEMPORAL_API_KEY": KEY,
        "TEMPORAL_TLS_SERVER_NAME": NAME,
        "TEMPORAL_TLS_SERVER_CA_CERT_PATH": str(papers.authority.file),
        "TEMPORAL_TLS_CLIENT_CERT_PATH": str(papers.mine.certificate),
        "TEMPORAL_TLS_CLIENT_KEY_PATH": str(papers.mine.key),
        **other,
    }


def settings(told: dict[str, str]) -> TemporalSettings:
    return TemporalSettings.model_validate({name.lower(): value for name, value in told.items()})


async def test_who_shows_certificate_and_key_is_let_in(listener: Listener, papers: Papers) -> None:
    reached = await reach(settings(environment(listener, papers)), data_converter())
    assert reached.namespace == "default"
    assert {call["authorization"] for call in listener.calls} == {f"Bearer {KEY}"}
    assert {call[":authority"].partition(":")[0] for call in listener.calls} == {NAME}


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"TEMPORAL_API_KEY": "another"}, "TEMPORAL_API_KEY"),
        ({"TEMPORAL_API_KEY": ""}, "TEMPORAL_API_KEY"),
        ({"TEMPORAL_TLS_SERVER_NAME": "other.test"}, "TEMPORAL_TLS_SERVER_NAME"),
        ({"TEMPORAL_TLS_SERVER_CA_CERT_PATH": "{other}"}, "TEMPORAL_TLS_SERVER_CA_CERT_PATH"),
        ({"TEMPORAL_TLS_SERVER_CA_CERT_PATH": ""}, "TEMPORAL_TLS_SERVER_CA_CERT_PATH"),
        (
            {"TEMPORAL_TLS_CLIENT_CERT_PATH": "", "TEMPORAL_TLS_CLIENT_KEY_PATH": ""},
            "đòi chứng thư của máy khách",
        ),
        (
            {"TEMPORAL_TLS_CLIENT_CERT_PATH": "{forged}.pem", "TEMPORAL_TLS_CLIENT_KEY_PATH": "{forged}.key"},
            "không nhận chứng thư",
        ),
        ({"TEMPORAL_ADDRESS": "{plain}"}, "không dùng TLS"),
        ({"TEMPORAL_ADDRESS": "{nowhere}"}, "chưa trả lời"),
    ],
    ids=[
        "another key",
        "no key",
        "another name",
        "another authority",
        "no authority",
        "no certificate",
        "a forged certificate",
        "no TLS there",
        "nobody there",
    ],
)
async def test_who_does_not_is_refused_and_told_what_to_look_at(
    listener: Listener, papers: Papers, wrong: dict[str, str], advice: str
) -> None:
    found = {
        "other": papers.other.file,
        "forged": papers.forged.key.with_suffix(""),
        "plain": listener.server,
        "nowhere": f"127.0.0.1:{free_port()}",
    }
    told = environment(listener, papers) | {name: value.format(**found) for name, value in wrong.items()}
    with pytest.raises(UNREACHED) as refused:
        await reach(settings(told), data_converter())
    assert advice in advice_on(str(refused.value), settings(told))
    assert KEY not in str(refused.value)


async def test_who_speaks_plainly_is_told_of_tls(listener: Listener) -> None:
    plain = settings({"TEMPORAL_ADDRESS": listener.address})
    with pytest.raises(UNREACHED) as refused:
        await reach(plain, data_converter())
    assert "TEMPORAL_TLS" in advice_on(str(refused.value), plain)


async def test_a_server_whose_certificate_has_expired_is_named(
    client: Client, papers: Papers, tmp_path: Path
) -> None:
    old = papers.authority.issue(NAME, ends=datetime(2020, 1, 1, tzinfo=UTC), file="old")
    async with listening(client.service_client.config.target_host, old) as listener:
        told = settings(environment(listener, papers))
        with pytest.raises(UNREACHED) as refused:
            await reach(told, data_converter())
    assert "hết hạn" in advice_on(str(refused.value), told)


@pytest.mark.parametrize("parts", ["relay", "activities", "worker"])
async def test_every_part_that_needs_temporal_works_over_tls(
    postgres: Cluster, listener: Listener, papers: Papers, tmp_path: Path, parts: str
) -> None:
    files = {"TEMPORAL_API_KEY": KEY, "DATABASE_URL": postgres.url(await postgres.fresh(), "review")}
    told = environment(
        listener, papers, OIDC_ISSUER="http://issuer.test", RUN_PARTS=parts, TEMPORAL_API_KEY=""
    )
    for name, value in files.items():
        (tmp_path / name).write_text(f"{value}\n")
        told[f"{name}_FILE"] = str(tmp_path / name)
    command = ["processes.worker"] if parts == "worker" else ["processes.service", "review"]
    async with process_running(*command, **told) as running:
        await eventually(running.ready, 60)
        assert await ends(running)
    assert {call["authorization"] for call in listener.calls} == {f"Bearer {KEY}"}


async def test_a_worker_that_may_not_add_search_attributes_waits_for_who_may(
    client: Client, listener: Listener, papers: Papers
) -> None:
    namespace = f"n{uuid4().hex}"
    new = RegisterNamespaceRequest(
        namespace=namespace, workflow_execution_retention_period=Duration(seconds=86_400)
    )
    await client.workflow_service.register_namespace(new)
    listener.forbidden = {"AddSearchAttributes", "UpdateNamespace"}
    told = environment(listener, papers, TEMPORAL_NAMESPACE=namespace, TEMPORAL_RETENTION_DAYS="30")
    async with process_running("processes.worker", **told) as worker:
        said = await worker.line()
        while b"temporal.search_attributes_missing" not in said:
            said = await worker.line()
        assert all(key.name.encode() in said for key in SEARCH_ATTRIBUTES)
        assert not await worker.ready()
        config = {**client.config(), "namespace": namespace}
        await register_search_attributes(Client(**config))
        while b"temporal.retention_not_set" not in await worker.line():
            continue
        await eventually(worker.ready, 60)
        assert await ends(worker)


async def test_a_process_that_trusts_another_authority_says_so_and_waits(
    listener: Listener, papers: Papers
) -> None:
    told = environment(listener, papers, TEMPORAL_TLS_SERVER_CA_CERT_PATH=str(papers.other.file))
    async with process_running("processes.worker", **told) as worker:
        said = await worker.line()
        while b"temporal.waiting" not in said:
            said = await worker.line()
        assert b"TEMPORAL_TLS_SERVER_CA_CERT_PATH" in said
        assert KEY.encode() not in said
        await eventually(worker.alive, 30)
        assert (await worker.http.get("/readyz")).json()["code"] == "TemporalAway"
        assert worker.process.returncode is None
        assert await ends(worker)


SOON = (
    "import kit.temporal_tls; kit.temporal_tls.LOOK_AGAIN_AFTER = 0.2; "
    "import runpy; runpy.run_module('processes.worker', run_name='__main__')"
)


async def test_a_renewed_certificate_ends_the_process_and_the_next_has_it(
    listener: Listener, papers: Papers
) -> None:
    mine = papers.authority.issue("renewed")
    told = os.environ | environment(
        listener,
        papers,
        HTTP_PORT=str(free_port()),
        TEMPORAL_TLS_CLIENT_CERT_PATH=str(mine.certificate),
        TEMPORAL_TLS_CLIENT_KEY_PATH=str(mine.key),
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-c", SOON, env=told, stdout=PIPE, stderr=PIPE
    )
    try:
        await eventually(lambda: _answered(listener), 30)
        papers.authority.issue("renewed")
        _, said = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    assert b"temporal.credentials_renewed" in said


async def _answered(listener: Listener) -> bool:
    return any("PollWorkflowTaskQueue" in call[":path"] for call in listener.calls)


async def test_what_is_half_written_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, papers: Papers, tmp_path: Path
) -> None:
    monkeypatch.setattr(temporal_tls, "LOOK_AGAIN_AFTER", 0.05)
    mine, next_one = papers.authority.issue("half"), papers.authority.issue("next")
    key = tmp_path / "key"
    key.write_text("first\n")
    for name, value in {
        "TEMPORAL_API_KEY_FILE": str(key),
        "TEMPORAL_TLS_CLIENT_CERT_PATH": str(mine.certificate),
        "TEMPORAL_TLS_CLIENT_KEY_PATH": str(mine.key),
    }.items():
        monkeypatch.setenv(name, value)

    def watch() -> asyncio.Task[None]:
        return asyncio.create_task(until_renewed(settings_of(TemporalSettings, "workflows"), "workflows"))

    watching = watch()
    await asyncio.sleep(0.3)
    mine.certificate.write_bytes(next_one.certificate.read_bytes())
    await asyncio.sleep(0.3)
    assert not watching.done()
    mine.key.write_bytes(next_one.key.read_bytes())
    await asyncio.wait_for(watching, 5)
    watching = watch()
    await asyncio.sleep(0.2)
    key.write_text("second\n")
    await asyncio.wait_for(watching, 5)


async def test_doctor_looks_at_the_server_that_was_given(
    monkeypatch: pytest.MonkeyPatch, listener: Listener, papers: Papers, tmp_path: Path
) -> None:
    for name, value in environment(listener, papers).items():
        monkeypatch.setenv(name, value)

    async def found() -> Finding:
        findings = await asyncio.to_thread(examine, tmp_path)
        return next(finding for finding in findings if finding.name == "Temporal")

    well = await found()
    assert well.is_fine
    assert "TLS" in well.detail
    monkeypatch.setenv("TEMPORAL_API_KEY", "another")
    refused = await found()
    assert not refused.is_fine
    assert "TEMPORAL_API_KEY" in refused.detail
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_KEY_PATH", "")
    unfit = await found()
    assert not unfit.is_fine
    assert "TEMPORAL_TLS_CLIENT_KEY_PATH" in unfit.detail
