"""The day on which units are rearranged in the middle of a season: by one act out of a sheet, drafted by one
administrator and approved by another. Somebody tries to file into what has ended."""

import asyncio
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from casework.units import UnitEnded
from cli.filing import Imported, Manner, content_of
from cli.people_api import PeopleApi, Refused
from cli.province import ADMIN, SECOND_ADMIN, Province
from cli.spreadsheet import ListedDossier
from cli.units_sheet import known_units, read_sheet, steps_of
from kit.clock import Clock
from language.deadline.arithmetic import LOCAL_ZONE
from language.time_scale import TimeScale
from language.units.succession import Fate, StepKind, ThingKind
from language.words.said import say
from rehearsal.switching import FellBehind, sleep_until

FILED_AFTER_DAYS = 12
"""How long dossiers are filed after the act: they find other units."""
_BEFORE_DAYS, _BEFORE_SECONDS = 4.0, 8.0
"""How long before the day the act is drafted: some days, and what a busy machine takes until it is
approved."""
_LOOK_EVERY = 0.2
_COMMUNES_EACH = 2
_ENDS = (StepKind.MERGES, StepKind.SPLITS)
_MOST_TRIES = 3
_TOO_LATE = "SuccessionDayOver"


def in_more_communes(dossiers: Sequence[ListedDossier]) -> tuple[ListedDossier, ...]:
    """The same dossiers, each district of the list as two communes, as it is since 2025; a school is always
    in the same one."""
    return tuple(
        replace(one, district=f"{one.district} {1 + crc32(one.school.encode()) % _COMMUNES_EACH}")
        for one in dossiers
    )


def successors_of(sheet: Path, province: Province) -> dict[str, str]:
    """By code the unit that takes over from each one that ends by the sheet, if the sheet fits the
    province."""
    units = [{"id": unit["code"], **unit} for unit in province.body["units"]]
    steps = steps_of(read_sheet(sheet), known_units(units))
    return {step["unit_id"]: step["into_id"] for step in steps if step["kind"] in _ENDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """Who tries to file into a unit that is to end, with a draft that is left there before."""

    account: str
    unit: str
    draft_id: str
    content: Mapping[str, Any]


def days_before(day_seconds: float) -> int:
    """How many days before it holds the act is drafted, where a day lasts so long."""
    return math.ceil(max(_BEFORE_DAYS, _BEFORE_SECONDS / day_seconds))


class Rearranging:
    """Carries out the act of the sheet through the public API only."""

    def __init__(
        self, api: PeopleApi, province: Province, scale: TimeScale, sheet: Path, on: date, manner: Manner
    ) -> None:
        self._api = api
        self._province = province
        self._scale = scale
        self._sheet = sheet
        self._on = on
        self._manner = manner
        self._successors = successors_of(sheet, province)
        self.violations: list[str] = []

    async def run(self, imported: Imported, dossiers: Sequence[ListedDossier]) -> dict[str, Any]:
        """Draft and approve the act some days before, wait until it is in force, and try to file into what
        has ended. What was foreseen of the open things, and what became of the tries."""
        tries = await self._leave_drafts(imported, dossiers)
        await self._sleep_until(self._on - timedelta(days=days_before(self._scale.day_seconds)))
        body = {
            "document": f"Diễn tập: {self._sheet.name}",
            "from_day": self._on.isoformat(),
            "steps": steps_of(read_sheet(self._sheet), known_units(await self._units())),
        }
        path, approved = await self._approved(body)
        await self._sleep_until(self._on)
        began = Clock().real_now()
        await self._until_in_force(path)
        seconds = round((Clock().real_now() - began).total_seconds(), 1)
        for one in tries:
            await self._try_to_file(imported, one)
        foreseen = Counter((verdict["kind"], verdict["fate"]) for verdict in approved["verdicts"])
        return {
            "day": self._on.isoformat(),
            "document": body["document"],
            "seconds": seconds,
            "foreseen": [
                {"kind": kind, "fate": fate, "count": count}
                for (kind, fate), count in sorted(foreseen.items())
            ],
            "tried": len(tries),
        }

    async def _approved(self, body: Mapping[str, Any]) -> tuple[str, Any]:
        """Where the act is, and what the approval foresees."""
        try:
            drafted = await self._api.post(ADMIN, "organisation", "/v1/successions", body)
            path = f"/v1/successions/{drafted['id']}"
            return path, await self._api.post(SECOND_ADMIN, "organisation", f"{path}/approval")
        except Refused as refused:
            if refused.code == _TOO_LATE:
                raise FellBehind(
                    f"Máy không theo kịp: ngày {self._on:%d/%m/%Y} đã qua trước khi phương án được duyệt. "
                    "Hãy tăng --day (machine too slow: raise --day)."
                ) from refused
            raise

    async def _until_in_force(self, path: str) -> None:
        while True:
            if (await self._api.get(ADMIN, "organisation", path))["state"] == "IN_FORCE":
                return
            await asyncio.sleep(_LOOK_EVERY)

    async def _sleep_until(self, day: date) -> None:
        await sleep_until(datetime.combine(day, time(0, 1), LOCAL_ZONE), self._scale)

    async def _units(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        after: dict[str, str] = {}
        while True:
            page = await self._api.get(ADMIN, "organisation", "/v1/units", limit=200, **after)
            found += page["items"]
            if page["next"] is None:
                return found
            after = {"after": page["next"]}

    async def _leave_drafts(self, imported: Imported, dossiers: Sequence[ListedDossier]) -> list[Try]:
        """In schools that are to end, by authors who work alone on them."""
        tries: list[Try] = []
        for dossier in dossiers:
            school = self._province.school_codes[dossier.district, dossier.school]
            if school not in self._successors or len(tries) >= _MOST_TRIES:
                continue
            account = self._province.account_of(dossier, dossier.authors[0])
            content = content_of(self._province, imported, dossier, self._manner.shift)
            alone = [{**content["authors"][0], "contribution_percent": "100"}]
            content |= {"authors": alone, "title": f"{dossier.title} (nộp sau)"}
            made = await self._draft(imported, account, school, content)
            tries.append(Try(account=account, unit=school, draft_id=made["id"], content=content))
        return tries

    async def _draft(self, imported: Imported, account: str, unit: str, content: Mapping[str, Any]) -> Any:
        draft = {"unit_id": imported.unit_ids[unit], "season_id": imported.season_id, "content": content}
        return await self._api.post(account, "intake", "/v1/dossiers", draft)

    async def _try_to_file(self, imported: Imported, one: Try) -> None:
        """The draft that was left cannot be filed, nor another be begun there; in the successor one can."""
        successor = self._successors[one.unit]
        names = {unit["code"]: unit["name"] for unit in self._province.body["units"]}
        filing = self._api.post(one.account, "intake", f"/v1/dossiers/{one.draft_id}/filing")
        for what, act in (
            ("filing", filing),
            ("a draft", self._draft(imported, one.account, one.unit, one.content)),
        ):
            try:
                await act
            except Refused as refused:
                if refused.code != UnitEnded.__name__ or names[successor] not in refused.detail:
                    self.violations.append(f"{what} in {one.unit} was refused otherwise: {refused}")
            else:
                self.violations.append(f"a unit that has ended took {what}: {one.unit}")
        try:
            await self._draft(imported, one.account, successor, one.content)
        except Refused as refused:
            self.violations.append(f"{successor} took no draft of whoever came from {one.unit}: {refused}")


def rearranged_lines(told: Mapping[str, Any]) -> list[str]:
    """What was foreseen for the units, and what came of the tries."""
    day = date.fromisoformat(told["day"]).strftime("%d/%m/%Y")
    lines = [f"Sắp xếp đơn vị ngày {day} ({told['document']}), có hiệu lực sau {told['seconds']} s:"]
    lines += [
        f"  {one['count']:>3} {say(ThingKind(one['kind'])).vi}: {say(Fate(one['fate'])).vi}"
        for one in told["foreseen"]
    ]
    return [*lines, f"  Đã thử nộp vào đơn vị đã kết thúc: {told['tried']} lần."]
