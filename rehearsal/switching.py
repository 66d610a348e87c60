"""The day on which the district level ends, in the middle of a season: schools move, and the rules change
under running dossiers."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from cli.filing import Imported
from cli.people_api import PeopleApi, Refused
from cli.province import ADMIN, SECOND_ADMIN, Province
from embedded.errors import CommandFailed
from kit.clock import Clock
from language.deadline.arithmetic import LOCAL_ZONE
from language.messages.transition import DossierStep, Marks, StageFate, TransitionClass
from language.time_scale import TimeScale, real_span_until
from language.words.said import say
from language.words.values import say_day, say_level, say_number

BEFORE_SWITCH = timedelta(days=54)
"""How long before the switch the season opens: long enough that the first dossiers have left the district by
then."""
FILING_DAYS = 52.0
_NEW_PACK = {"pack": "two-tier-since-2025-07-01", "version": 1}
_LOOK_EVERY = 0.2
_MORNING = time(0, 5)


class FellBehind(CommandFailed):
    """A day of the season had gone by before what has to come before it: its time runs too fast for the
    machine."""

    exit_code = 33


async def sleep_until(instant: datetime, scale: TimeScale) -> None:
    """Until domain time reaches the instant."""
    await asyncio.sleep(max(0.0, real_span_until(instant, Clock().real_now(), scale).total_seconds()))


class Switch:
    """Two administrators of the province carry it out through the public API: one plans, the other approves.
    And perhaps back again."""

    def __init__(
        self, api: PeopleApi, province: Province, scale: TimeScale, on: date, back_after: int | None = None
    ) -> None:
        self._api = api
        self._province = province
        self._scale = scale
        self._on = on
        self._back_after = back_after

    async def run(self, imported: Imported) -> dict[str, Any]:
        """Wait for the day, change the rules, end the districts; later, if asked, undo all of it. What was
        planned and what came of it."""
        await self._sleep_until(self._on)
        districts = await self._move_schools(imported, self._province.successors)
        made = await self._api.post(ADMIN, "rulebook", "/v1/transitions", _NEW_PACK)
        switched = await self._carry_out(made, self._on)
        # Until its schools were moved a district was at work on that day.
        await self._end_on(districts, self._on)
        if self._back_after is None:
            return switched
        back_on = self._on + timedelta(days=self._back_after)
        await self._sleep_until(back_on)
        await self._end_on(districts, None)
        await self._move_schools(
            imported,
            {school: commune.replace("X", "H") for school, commune in self._province.successors.items()},
        )
        made = await self._api.post(ADMIN, "rulebook", f"/v1/transitions/{made['id']}/reversal")
        return switched | {"back": await self._carry_out(made, back_on)}

    async def _sleep_until(self, day: date) -> None:
        await sleep_until(datetime.combine(day, _MORNING, LOCAL_ZONE), self._scale)

    async def _carry_out(self, made: dict[str, Any], day: date) -> dict[str, Any]:
        began = Clock().real_now()
        path = f"/v1/transitions/{made['id']}"
        planned, etag = await self._until(path, "planned_at")
        await self._api.post(SECOND_ADMIN, "rulebook", f"{path}/approval", etag=etag)
        done, _ = await self._until(path, "done_at")
        seconds = round((Clock().real_now() - began).total_seconds(), 1)
        return {
            "day": day.isoformat(),
            "planned": planned["counts"],
            "done": done["counts"],
            "seconds": seconds,
        }

    async def _move_schools(self, imported: Imported, parents: Mapping[str, str]) -> list[str]:
        """Every school lies under this unit from now on; the units under which they lay."""
        left = set()
        for school, parent in parents.items():
            unit, etag = await self._api.get_with_etag(
                ADMIN, "organisation", f"/v1/units/{imported.unit_ids[school]}"
            )
            left.add(unit["parent_id"])
            move = {"parent_id": imported.unit_ids[parent]}
            await self._api.post(ADMIN, "organisation", f"/v1/units/{unit['id']}/move", move, etag=etag)
        return sorted(left)

    async def _end_on(self, units: Sequence[str], last_day: date | None) -> None:
        """This is the units' last day; None: they go on. So does one with something open, such as an award
        that it owes."""
        for unit_id in units:
            unit, etag = await self._api.get_with_etag(ADMIN, "organisation", f"/v1/units/{unit_id}")
            changed = {"name": unit["name"], "valid_to": last_day.isoformat() if last_day else None}
            try:
                await self._api.patch(ADMIN, "organisation", f"/v1/units/{unit_id}", changed, etag)
            except Refused as refused:
                if refused.code != "UnitNotEmpty":
                    raise

    async def _until(self, path: str, instant: str) -> tuple[Any, str]:
        while True:
            found, etag = await self._api.get_with_etag(SECOND_ADMIN, "rulebook", path)
            if found[instant]:
                return found, etag
            await asyncio.sleep(_LOOK_EVERY)


def switch_lines(switched: dict[str, Any], title: str = "Chuyển tiếp") -> list[str]:
    """Where dossiers stood on that day, what the plan said and what their journeys answered."""
    day = say_day(date.fromisoformat(switched["day"]))
    seconds = say_number(Decimal(str(switched["seconds"]))).vi
    lines = [f"{title} ngày {day}, lập kế hoạch và thực hiện trong {seconds} s:"]
    for count in switched["done"]:
        step = DossierStep(count["step"])
        marks = f"({say(Marks(count['marks'])).vi})" if step is DossierStep.EXAMINATION else ""
        level = f"cấp {say_level(count['from_level']).vi}" if count["from_level"] else ""
        where = " ".join(filter(None, (say(step).vi, level, marks)))
        way = f" → cấp {say_level(count['to_level']).vi}" if count["to_level"] else ""
        kind, stage = say(TransitionClass(count["kind"])).vi, say(StageFate(count["stage"])).vi
        lines += [
            f"  {count['count']:>3} {where}{way}: {kind}, giai đoạn {stage}; "
            f"đã chuyển {count['moved']}, từ chối {count['declined']}, đã kết thúc {count['closed']}.",
            f"      {count['sentence_vi']}",
        ]
    return [*lines, *switch_lines(switched["back"], "Quay lại")] if "back" in switched else lines
