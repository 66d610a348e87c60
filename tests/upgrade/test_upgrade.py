"""From the last released version to this one: the released program brings dossiers to every step, today's
takes over its data, and nothing is stranded. On the way back the released program leaves the data alone."""

import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from embedded.layout import free_ports
from tests.releases import ROOT, releases
from tests.upgrade import playing
from tests.upgrade.playing import Found, Left
from tests.upgrade.released import Program, python_of
from tests.upgrade.ways import WAYS

pytestmark = pytest.mark.timeout(900)
FINAL = {"REQUEST_REJECTED", "RECOGNISED", "REFUSED", "WITHDRAWN"}
STAMP = """
insert into review.schema_migrations (name, checksum, release) values ('review/9999_pre_later', '', '99.0.0')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """Both programs on one data folder; today's runs."""

    old: Program
    new: Program
    left: Left
    found: Found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def upgrade() -> AsyncIterator[Upgrade]:
    """All of it, once for the tests of this file."""
    release = releases()[-1]
    if not release.is_here:
        pytest.skip(f"this checkout does not hold the commit of {release.version}: fetch its whole history")
    with tempfile.TemporaryDirectory(prefix="sangkien-upgrade-") as folder:
        tree = release.unpack(Path(folder) / "released")
        clock, ports, data = playing.clock_from_now(), free_ports(), Path(folder) / "data"
        old = Program(tree=tree, python=python_of(tree), data=data, ports=ports, clock=clock)
        new = Program(tree=ROOT, python=Path(sys.executable), data=data, ports=ports, clock=clock)
        try:
            yield await _upgrade(old, new)
        finally:
            new.run("down")


async def _upgrade(old: Program, new: Program) -> Upgrade:
    old.must("up", "--detach", "--empty")
    async with playing.people_of(old) as api:
        left = await playing.bring(api)
    old.must("down")
    upgraded_at = new.clock.to_domain(datetime.now(UTC))
    new.must("up", "--detach", "--empty")
    async with playing.people_of(new) as api:
        found = await playing.end(new, api, left, upgraded_at)
    return Upgrade(old=old, new=new, left=left, found=found)


async def test_every_dossier_ends_and_nothing_is_violated(upgrade: Upgrade) -> None:
    assert upgrade.found.violations == []
    assert set(upgrade.found.states.values()) <= FINAL
    assert len(upgrade.found.states) == len(WAYS) + 2


async def test_no_run_and_no_message_is_on_the_alarm_list(upgrade: Upgrade) -> None:
    assert upgrade.found.alarms == []


async def test_clocks_that_had_started_go_on_and_their_rungs_fire(upgrade: Upgrade) -> None:
    assert upgrade.found.rung_first == {way.name for way in WAYS if way.waits}


async def test_what_the_histories_said_they_say_still(upgrade: Upgrade) -> None:
    before, now = upgrade.left.histories, upgrade.found.histories
    assert [key for key in before if not playing.is_kept(before[key], now[key])] == []
    assert sum(map(len, before.values())) > len(WAYS)


async def test_a_command_that_was_done_before_is_not_done_again(upgrade: Upgrade) -> None:
    assert upgrade.found.answer == upgrade.left.answer


async def test_today_s_program_finds_nothing_wrong_with_the_data(upgrade: Upgrade) -> None:
    assert upgrade.new.run("verify").returncode == 0


async def test_the_released_program_leaves_data_alone_that_a_later_one_has_changed(upgrade: Upgrade) -> None:
    conn = await asyncpg.connect(upgrade.new.admin_url)
    await conn.execute(STAMP)
    await conn.close()
    upgrade.new.must("down")
    refused = upgrade.old.run("up", "--detach", "--empty")
    assert refused.returncode != 0
    told = refused.stdout + refused.stderr
    assert "Dữ liệu này đã được bản phát hành" in told
    assert f"bản {releases()[-1].version} không biết" in told
