"""The rungs ahead follow their clocks: moved, fired, closed; and a page of them is read in order."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson

from casework import forecast
from casework import ladder as rungs
from casework.clocks import kept as clocks
from casework.clocks.moves import past_clocks
from kit.db import Tx
from language.messages.rung import RungFinding
from tests.conftest import ServiceOpener, vacuum
from tests.service_cases import SERVICES
from tests.store.test_kit_clocks import _new

MOVE = "update clocks set rungs = $2 where about_id = $1"
SEED = """
with made as (select gen_random_uuid() as id, n from generate_series(1, 3000) n)
insert into rungs_ahead (about_id, rung_id, at, unit_path) select id, 'r', now() + make_interval(mins => n),
  array[id] from made
"""
_FIRST = (datetime.fromisoformat("0001-01-02T00:00:00+00:00"), UUID(int=0), "")


async def _ahead(tx: Tx, unit_ids: list[UUID]) -> list[forecast.RungAhead]:
    return await forecast.rungs_ahead(
        tx, unit_ids, datetime.fromisoformat("2100-01-01T00:00:00+00:00"), _FIRST, 10
    )


async def test_a_moved_rung_is_ahead_at_its_new_instant_and_a_fired_or_closed_one_no_more(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICES["review"]) as service:
        first, second = _new(), _new()
        units = [first.unit_id, second.unit_id]
        async with service.database.transaction() as tx:
            for new in (first, second):
                await clocks.open_clock(tx, new)
            assert [rung.at for rung in await _ahead(tx, units)] == [first.started.rungs[0].at] * 2
            later = orjson.loads(
                orjson.dumps(
                    [{"id": "remind", "action": "REMIND", "at": "2026-05-01T00:00:00+00:00", "rule": "r"}]
                )
            )
            await tx.conn.execute(MOVE, first.about_id, later)
            assert [rung.about_id for rung in await _ahead(tx, units)] == [second.about_id, first.about_id]
            await rungs.mark_fired(tx, first.about_id, first.started.rungs[0], RungFinding.FIRED)
            await tx.conn.execute(MOVE, first.about_id, later)
            assert [rung.about_id for rung in await _ahead(tx, units)] == [second.about_id]
            await clocks.close_clock(tx, second.about_id)
            assert await _ahead(tx, units) == []


async def test_what_fires_is_the_instant_and_the_dossiers_delay(open_service: ServiceOpener) -> None:
    new = _new()
    async with open_service(SERVICES["payout"]) as service, service.database.transaction() as tx:
        await clocks.open_clock(tx, new)
        [rung] = await _ahead(tx, [new.unit_id])
        assert timedelta() <= rung.fires_at - rung.at < timedelta(minutes=5)
        clock = (await past_clocks(tx, [new.about_id]))[new.about_id]
        assert (clock.budget, clock.calendar, clock.suspensions) == (new.budget, new.started.calendar, ())


def _scans(node: dict[str, Any]) -> list[tuple[str, str]]:
    below = [scan for child in node.get("Plans", []) for scan in _scans(child)]
    return [(node["Node Type"], node.get("Relation Name", "")), *below]


async def test_no_page_reads_a_whole_table(open_service: ServiceOpener) -> None:
    async with open_service(SERVICES["review"]) as service:
        await service.database.pool.execute(SEED)
        await vacuum(service.admin_url, "review.rungs_ahead")
        async with service.database.reading() as tx:
            arguments = ([uuid4()], tx.now + timedelta(days=7), *_FIRST, 51)
            plan = orjson.loads(await tx.conn.fetchval(f"explain (format json) {forecast.AHEAD}", *arguments))
    assert ("Seq Scan", "rungs_ahead") not in _scans(plan[0]["Plan"])
