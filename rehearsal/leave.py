"""Who goes on leave in a rehearsal, when and for how long, and who passes work on to a colleague. Seeded,
through the public API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from cli.filing import Imported
from cli.people_api import PeopleApi
from cli.province import Province
from kit.clock import Clock
from language.deadline.arithmetic import local_day
from language.posts.kinds import PostKind
from language.posts.trusted import TRUSTED

_DELEGATES_SHARE = 0.5
_FIRST_DAY, _LAST_DAY = 1.0, 30.0
_SHORTEST, _LONGEST = 15, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A person's leave: so many days after the season begins, for so many days; `delegate` takes the work, if
    anybody does."""

    account: str
    unit_code: str
    begins_after: float
    days: int
    delegate: str | None


def plan_absences(province: Province, share: float, seed: int) -> tuple[Absence, ...]:
    """This share of the council members. The delegate is a colleague in the same unit who holds posts that
    are trusted with the work."""
    luck = Random(repr((seed, "leave")))
    units: dict[str, str] = {}
    kinds: dict[str, set[PostKind]] = {}
    for post in province.body["posts"]:
        units.setdefault(post["person_code"], post["unit_code"])
        if units[post["person_code"]] == post["unit_code"]:
            kinds.setdefault(post["person_code"], set()).add(PostKind(post["kind"]))
    accounts = sorted(province.council_accounts)
    chosen = sorted(luck.sample(accounts, round(len(accounts) * share)))
    return tuple(_absence(luck, account, units, kinds) for account in chosen)


def _absence(
    luck: Random, account: str, units: Mapping[str, str], kinds: Mapping[str, set[PostKind]]
) -> Absence:
    unit = units[account]
    trusted = sorted(
        other
        for other in kinds
        if units[other] == unit and other != account and _may_stand_in(kinds[account], kinds[other])
    )
    delegate = luck.choice(trusted) if trusted else None
    return Absence(
        account=account,
        unit_code=unit,
        begins_after=luck.uniform(_FIRST_DAY, _LAST_DAY),
        days=luck.randint(_SHORTEST, _LONGEST),
        delegate=delegate if luck.random() < _DELEGATES_SHARE else None,
    )


def _may_stand_in(away: set[PostKind], there: set[PostKind]) -> bool:
    return not any(away & kinds and not there & kinds for kinds in TRUSTED.values())


class Leave:
    """Knows who is away: they do nothing until they are back."""

    def __init__(self, api: PeopleApi, clock: Clock, planned: tuple[Absence, ...]) -> None:
        self._api = api
        self._clock = clock
        self.planned = planned
        self._back_on: dict[str, date] = {}

    def now(self) -> datetime:
        """The instant of the rehearsal."""
        return self._clock.now()

    def today(self) -> date:
        """Its local day."""
        return local_day(self.now())

    def is_away(self, account: str) -> bool:
        """On leave today."""
        return account in self._back_on and self.today() < self._back_on[account]

    def is_anyone_away(self) -> bool:
        """Somebody is still to come back and act."""
        return any(self.is_away(account) for account in self._back_on)

    async def go(self, absence: Absence, imported: Imported) -> bool:
        """Write the leave down, and the delegation if there is one, as the person."""
        person = imported.person_ids[absence.account]
        last = self.today() + timedelta(days=absence.days)
        span = {"starts_on": self.today().isoformat(), "ends_on": last.isoformat()}
        if absence.delegate:
            given = {
                **span,
                "delegate_id": imported.person_ids[absence.delegate],
                "unit_id": imported.unit_ids[absence.unit_code],
                "units_below": True,
                "reason": "Nghỉ phép",
            }
            await self._api.post(absence.account, "organisation", f"/v1/people/{person}/delegations", given)
        await self._api.post(absence.account, "organisation", f"/v1/people/{person}/leaves", span)
        self._back_on[absence.account] = last + timedelta(days=1)
        return True
