"""What an administrator steers by, laid as ground for a walk over all pages; nothing of it comes into
force."""

from random import choice
from uuid import uuid4

from cli.people_api import PeopleApi
from tests.pages.ground import ADMIN, SCRIPT, Ground, Thing, mark

_FAR = range(2200, 2999)


class SteeringGround:
    """A draft of rules, a break, a season with a round, a change of rules, an act about units, two records of
    one person that are to be joined."""

    def __init__(self, api: PeopleApi, ground: Ground) -> None:
        self._api = api
        self._ground = ground
        self._ids = ground.ids
        # A year of its own: other grounds may lie in the same province.
        self._year = choice(_FAR)

    async def clear(self) -> None:
        """A change of rules is planned one at a time: the next one may be."""
        path = f"/v1/transitions/{self._ids['transition']}"
        planned, etag = await self._api.get_with_etag(ADMIN, "rulebook", path)
        if planned["state"] == "DRAFT":
            await self._api.post(ADMIN, "rulebook", f"{path}/cancellation", etag=etag)

    async def lay(self) -> None:
        """All of it."""
        await self._rules()
        await self._time()
        await self._units()
        await self._joining()

    def _day(self, day: str) -> str:
        return f"{self._year}-{day}"

    def _add(self, made: str, *paths: tuple[str, str]) -> None:
        self._ground.things.append(Thing(made, paths))

    async def _rules(self) -> None:
        api, ids, made = self._api, self._ids, mark()
        packs = await api.get(ADMIN, "rulebook", "/v1/policy-packs")
        pack = next(one for one in packs["items"] if one["in_force"])
        ids["pack"], ids["pack_version"] = pack["name"], str(pack["version"])
        content = await api.get(ADMIN, "rulebook", f"/v1/policy-packs/{pack['name']}/{pack['version']}")
        wanted = {
            **content,
            "name": f"ban-nhap-{uuid4().hex[:8]}",
            "version": 1,
            "title_vi": f"{made} {SCRIPT}",
        }
        draft = await api.post(
            ADMIN, "rulebook", "/v1/policy-packs", wanted | {"effective_from": self._day("01-01")}
        )
        ids["rules_draft"] = draft["id"]
        self._add(made, ("rulebook", f"/v1/policy-packs/drafts/{draft['id']}"))
        changed = {"pack": pack["name"], "version": pack["version"]}
        ids["transition"] = (await api.post(ADMIN, "rulebook", "/v1/transitions", changed))["id"]

    async def _time(self) -> None:
        api, ids, made = self._api, self._ids, mark()
        days = {"first_day": self._day("06-01"), "last_day": self._day("06-02")}
        pause = {**days, "unit_id": ids["unit"], "name": f"{made} {SCRIPT}", "reason": SCRIPT}
        ids["break"] = (await api.post(ADMIN, "rulebook", "/v1/calendar/breaks", pause))["id"]
        season = {"code": str(self._year), "name": SCRIPT}
        season |= {"opens_on": self._day("01-01"), "closes_on": self._day("12-31")}
        ids["far_season"] = (await api.post(ADMIN, "rulebook", "/v1/seasons", season))["id"]
        time = {
            "opens_at": f"{self._day('01-05')}T08:00:00+07:00",
            "closes_at": f"{self._day('06-30')}T17:00:00+07:00",
        }
        path = f"/v1/seasons/{ids['far_season']}/rounds"
        ids["round"] = (await api.post(ADMIN, "rulebook", path, {"code": "D1", **time}))["id"]

    async def _units(self) -> None:
        made = mark()
        step = {"kind": "RENAMES", "unit_id": self._ids["unit"], "name": SCRIPT}
        act = {"document": f"{made} {SCRIPT}", "from_day": self._day("01-01"), "steps": [step]}
        drafted = await self._api.post(ADMIN, "organisation", "/v1/successions", act)
        self._ids["succession"] = drafted["id"]
        self._add(made, ("organisation", f"/v1/successions/{drafted['id']}"))

    async def _joining(self) -> None:
        made, both = mark(), []
        for name in ("Hoàng Văn Thái", SCRIPT):
            person = {"code": f"cb{uuid4().hex[:8]}", "full_name": name}
            both.append((await self._api.post(ADMIN, "organisation", "/v1/people", person))["id"])
        body = {"kept_id": both[0], "joined_id": both[1], "from_day": self._day("01-01")}
        body |= {"document": f"{made} {SCRIPT}", "reason": SCRIPT}
        joining = await self._api.post(ADMIN, "organisation", "/v1/joinings", body)
        self._ids["joining"] = joining["id"]
        self._add(made, ("organisation", f"/v1/joinings/{joining['id']}"))
