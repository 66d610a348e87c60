"""The day on which the district level ends, in the middle of a season: schools move, and the rules change under running dossiers."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any

from cli.filing import Imported
from cli.people_api import PeopleApi
from cli.province import ADMIN, SECOND_ADMIN, Province
from services.kit.clock import Clock
from workflows.contracts.time_scale import TimeScale, real_span_until
from workflows.rules.stage_clock import LOCAL_ZONE

BEFORE_SWITCH = timedelta(days=54)
"""How long before the switch the season opens: long enough that the first dossiers have left the district by then."""
FILING_DAYS = 52.0
_NEW_PACK = {"pack": "two-tier-since-2025-07-01", "version": 1}
_LOOK_EVERY = 0.2
_MORNING = time(0, 5)


async def sleep_until(instant: datetime, scale: TimeScale) -> None:
    """Until domain time reaches the instant."""
    await asyncio.sleep(max(0.0, real_span_until(instant, Clock().real_now(), scale).total_seconds()))


class Switch:
    """Two administrators of the province carry it out through the public API: one plans, the other approves."""

    def __init__(self, api: PeopleApi, province: Province, scale: TimeScale, day: date) -> None:
        self._api = api
        self._province = province
        self._scale = scale
        self._day = day

    async def run(self, imported: Imported) -> dict[str, Any]:
        """Wait for the day; move the schools, plan, approve, wait until it is done. What was planned and what became of it."""
        await sleep_until(datetime.combine(self._day, _MORNING, LOCAL_ZONE), self._scale)
        await self._end_districts(imported)
        began = Clock().real_now()
        made = await self._api.post(ADMIN, "directory", "/v1/transitions", _NEW_PACK)
        path = f"/v1/transitions/{made['id']}"
        planned, etag = await self._until(path, "planned_at")
        await self._api.post(SECOND_ADMIN, "directory", f"{path}/approval", etag=etag)
        done, _ = await self._until(path, "done_at")
        seconds = round((Clock().real_now() - began).total_seconds(), 1)
        return {"day": self._day.isoformat(), "planned": planned["counts"], "done": done["counts"], "seconds": seconds}

    async def _end_districts(self, imported: Imported) -> None:
        """Every school lies under its commune from now on; the districts have had their last day."""
        districts = set()
        for school, commune in self._province.successors.items():
            unit, etag = await self._api.get_with_etag(ADMIN, "directory", f"/v1/units/{imported.unit_ids[school]}")
            districts.add(unit["parent_id"])
            move = {"parent_id": imported.unit_ids[commune]}
            await self._api.post(ADMIN, "directory", f"/v1/units/{unit['id']}/move", move, etag=etag)
        last_day = self._day - timedelta(days=1)
        for district in sorted(districts):
            unit, etag = await self._api.get_with_etag(ADMIN, "directory", f"/v1/units/{district}")
            await self._api.patch(ADMIN, "directory", f"/v1/units/{district}", {"name": unit["name"], "valid_to": last_day.isoformat()}, etag)

    async def _until(self, path: str, instant: str) -> tuple[Any, str]:
        while True:
            found, etag = await self._api.get_with_etag(SECOND_ADMIN, "directory", path)
            if found[instant]:
                return found, etag
            await asyncio.sleep(_LOOK_EVERY)


def switch_lines(switched: dict[str, Any]) -> list[str]:
    """Where dossiers stood on that day, what the plan said and what their journeys answered."""
    lines = [f"Chuyển tiếp ngày {switched['day']}, lập kế hoạch và thực hiện trong {switched['seconds']} s:"]
    for count in switched["done"]:
        where = " ".join(filter(None, (count["step"], count["from_level"], f"(phiếu: {count['marks']})" if count["step"] == "EXAMINATION" else "")))
        way = f" → {count['to_level']}" if count["to_level"] else ""
        lines += [
            f"  {count['count']:>3} {where}{way}: {count['kind']}, giai đoạn {count['stage']}; "
            f"đã chuyển {count['moved']}, từ chối {count['declined']}, đã kết thúc {count['closed']}.",
            f"      {count['sentence_vi']}",
        ]
    return lines
