"""The ground of the walk over all pages: things that bear a mark that stands nowhere else, so that one sees
where their facts get to, and a script wherever somebody may type."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from cli.people_api import PeopleApi, Refused
from tests.pages.council_cases import AUTHOR, CHAIR, MEMBER, OFFICER, SECRETARY
from tests.pages.money_cases import ACCOUNTANT, CHIEF

STRANGER, AUDITOR, ADMIN = "tacgia0004", "kiemtoan", "admin"
ROLES: Final = (AUTHOR, STRANGER, OFFICER, MEMBER, SECRETARY, CHAIR, ACCOUNTANT, CHIEF, AUDITOR, ADMIN)
SCRIPT: Final = (
    "\"'><script>document.title='stolen'</script><img src=x onerror=\"document.title='stolen'\">{{7*7}}"
)
FIRST_PAGE: Final = 60_000
LATER_PAGE: Final = 20_000
"""Bytes over the wire: with all that pages share, and without."""


def mark() -> str:
    """A word that stands nowhere else."""
    return f"mốc{uuid4().hex[:10]}"


@dataclass(frozen=True, slots=True)
class Thing:
    """A fact, by its mark, and the resources that tell it: whoever gets it from none of them must not see it
    on any page."""

    mark: str
    resources: Sequence[tuple[str, str]]


@dataclass(slots=True, kw_only=True)
class Ground:
    """What there is, by the names that addresses use."""

    ids: dict[str, str] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)

    async def seen_by(self, api: PeopleApi, account: str) -> frozenset[str]:
        """The marks that the APIs tell this account."""

        async def told(thing: Thing) -> str | None:
            for service, path in thing.resources:
                try:
                    if thing.mark in str(await api.get(account, service, path)):
                        return thing.mark
                except Refused:
                    continue
            return None

        found = await asyncio.gather(*(told(thing) for thing in self.things))
        return frozenset(one for one in found if one)
