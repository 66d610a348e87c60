"""`sangkien verify` on a database of one's own: what it says, and its exit code."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework.history.faults import FaultKind
from cli.main import app
from cli.verifying import WORDS
from tests.conftest import Cluster, ServiceOpener
from tests.history_cases import SEED, SIGNER, MatterMoved
from tests.proof_cases import Proven, proven


@pytest.fixture
async def found(
    postgres: Cluster, open_service: ServiceOpener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Proven]:
    monkeypatch.setenv("SANGKIEN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CHECKPOINT_KEY", SEED)
    async with proven(postgres, open_service, tmp_path) as made:
        monkeypatch.setenv("DATABASE_URL", made.histories["intake"].admin_url)
        await made.chain_and_sign()
        yield made


async def _verify(*arguments: str) -> tuple[int, str]:
    result = await asyncio.to_thread(CliRunner().invoke, app, ["verify", *arguments])
    return result.exit_code, result.output


async def test_what_holds_and_what_is_open_is_told(found: Proven) -> None:
    code, told = await _verify()
    assert code == 0, told
    assert told.count("✓") == 6
    assert "organisation: 0 sự kiện" in told
    assert "còn mở" not in told
    await found.histories["review"].happen(3)
    await found.histories["review"].chain()
    await found.histories["review"].record(MatterMoved(step=9))
    code, told = await _verify("--since", "2020-01-01")
    assert code == 0, told
    assert "3 chưa ký (not signed), 1 chờ nối (not chained yet)" in told
    code, told = await _verify("--since", "2999-01-01")
    assert code == 0, told
    assert "review: 3 sự kiện" in told, "only what came behind the last checkpoint"


async def test_one_dossier_is_verified_by_its_code(found: Proven) -> None:
    code_of_dossier = (await found.case.read()).json()["code"]
    for name in (code_of_dossier, str(found.case.id)):
        code, told = await _verify("--dossier", name)
        assert code == 0, told
        assert "payout: 3 sự kiện" in told
    assert (await _verify("--dossier", "SK-0000-00000"))[0] != 0


async def test_a_fault_is_named_and_fails(found: Proven) -> None:
    payout = found.histories["payout"]
    await payout.attack(lambda conn: conn.execute("update events set rule = 'other' where seq = 2"))
    code, told = await _verify()
    assert code == 1
    assert "✗ payout" in told
    assert "EVENT_CHANGED, vị trí (position) 2" in told


async def test_without_keys_codes_are_not_looked_at_and_the_key_can_be_given(
    found: Proven, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HISTORY_KEYS")
    monkeypatch.delenv("CHECKPOINT_KEY")
    code, told = await _verify()
    assert code == 0, told
    assert "codes are not checked" in told
    assert (await _verify("--public-key", SIGNER.public_key.hex()))[0] == 0
    assert (await _verify("--public-key", "00" * 32))[0] == 1
    assert (await _verify("--public-key", "zz"))[0] != 0


def test_every_fault_has_words() -> None:
    assert set(WORDS) == set(FaultKind)
