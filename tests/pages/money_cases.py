"""Recognitions of one school that bring money, and the people who handle it."""

import asyncio
from typing import Any

from cli.people_api import PeopleApi
from tests.pages.council_cases import CHAIR, SCHOOL, CouncilCase

ACCOUNTANT, CHIEF = f"ketoan.{SCHOOL}", f"ketoantruong.{SCHOOL}"
_TRIES = 240
_PAUSE = 0.25


class MoneyCase:
    """Speaks for everybody else, so that a test acts as one of the two accountants."""

    def __init__(self, api: PeopleApi) -> None:
        self.api = api
        self.council = CouncilCase(api)

    async def award(self, title: str, **content: Any) -> dict[str, Any]:
        """The award of an initiative of this title, recognised by the school, to be verified."""
        opened = await self.council.opened(title, **content)
        await self.council.mark_all(opened.stage_id)
        await self.api.post(
            CHAIR, "review", f"/v1/stages/{opened.stage_id}/decision", {"outcome": "RECOGNISED"}
        )
        for _ in range(_TRIES):
            found = await self.api.get(ACCOUNTANT, "payout", "/v1/awards", dossier_id=opened.dossier_id)
            if found["items"]:
                return dict(found["items"][0])
            await asyncio.sleep(_PAUSE)
        raise TimeoutError(opened.code)

    async def read(self, award_id: str) -> dict[str, Any]:
        """The award as it stands."""
        return dict(await self.api.get(ACCOUNTANT, "payout", f"/v1/awards/{award_id}"))

    async def approved(self, title: str, **content: Any) -> dict[str, Any]:
        """An award with both signatures."""
        award = await self.award(title, **content)
        path = f"/v1/awards/{award['id']}"
        await self.api.post(ACCOUNTANT, "payout", f"{path}/verification")
        await self.api.post(CHIEF, "payout", f"{path}/approval")
        return await self.read(award["id"])

    async def made(self, *award_ids: str) -> dict[str, Any]:
        """A payment list of these awards."""
        waiting = await self.api.get(ACCOUNTANT, "payout", "/v1/awards", state="APPROVED", limit=200)
        unit_id = waiting["items"][0]["unit_id"]
        left = [row["id"] for row in waiting["items"] if row["id"] not in award_ids]
        body = {"unit_id": unit_id, "leave_out": left}
        return dict(await self.api.post(ACCOUNTANT, "payout", "/v1/payment-lists", body))

    async def sent(self, *award_ids: str) -> dict[str, Any]:
        """The same, sent by the chief accountant."""
        made = await self.made(*award_ids)
        return dict(await self.api.post(CHIEF, "payout", f"/v1/payment-lists/{made['id']}/sending"))
