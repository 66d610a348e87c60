"""The embedded PostgreSQL where it is started in an unusual way."""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from embedded import postgres
from embedded.errors import StartFailed
from embedded.layout import free_ports
from embedded.postgres import EmbeddedPostgres


@pytest.fixture
def reachable_folder() -> Iterator[Path]:
    """A folder that other accounts can reach; pytest's own are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="sangkien-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give up being root")
async def test_root_without_user_namespaces_runs_it_as_nobody(
    reachable_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "namespaces_work", lambda: False)
    monkeypatch.setattr(postgres, "_PUBLIC", reachable_folder / "programs")
    embedded = EmbeddedPostgres(
        reachable_folder / "data" / "postgres", free_ports()["postgres"], secrets.token_hex(8)
    )
    (reachable_folder / "data").mkdir(mode=0o700)
    embedded.initialise()
    (reachable_folder / "data").chmod(0o700)
    embedded.initialise()
    with (reachable_folder / "log").open("wb") as log:
        server = await asyncio.create_subprocess_exec(*embedded.command(), stdout=log, stderr=log)
    try:
        await embedded.wait_ready()
        conn = await asyncpg.connect(embedded.admin_url)
        assert await conn.fetchval("show fsync") == "on"
        await conn.close()
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    finally:
        server.kill()
        await server.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give up being root")
def test_programs_that_another_user_laid_out_are_not_run(
    reachable_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = reachable_folder / "programs"
    planted.mkdir()
    os.chown(planted, 12345, 12345)
    monkeypatch.setattr(postgres, "namespaces_work", lambda: False)
    monkeypatch.setattr(postgres, "_PUBLIC", planted)
    with pytest.raises(StartFailed, match="not owned by root"):
        EmbeddedPostgres(reachable_folder / "postgres", 1, "secret")


def test_a_killed_server_leaves_a_lock_file_that_is_forgotten(tmp_path: Path) -> None:
    embedded = EmbeddedPostgres(tmp_path / "postgres", 1, "secret")
    lock = tmp_path / "postgres" / "postmaster.pid"
    lock.parent.mkdir()
    lock.write_text(f"{os.getpid()}\n", encoding="ascii")
    embedded.forget_dead_server()
    assert not lock.exists(), "the pid belongs to a stranger now"
