"""A dossier as whoever may see it reads it: where it is, the clock line by line, what was said, what it
brought, and what its reader may do."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Away, Facts, Refused
from services.portal.desk import Desk, allowed
from services.portal.frame import INTAKE, PAYOUT, REVIEW, RULEBOOK, WORKING
from services.portal.opening import page
from services.portal.pages import dossiers_content as content
from services.portal.pages.administration_journeys import stop_address, stop_refused
from services.portal.pages.dossiers_files import download, download_of_version
from services.portal.pages.shared import MOST, event_said, names_of

_EMPTY: Final[Mapping[str, Any]] = {"items": [], "next": None}
ENTIRE: Final = "/dossiers/{dossier_id:uuid}"


def routes() -> Sequence[Route]:
    """All addresses."""
    return [
        page(ENTIRE, show_dossier),
        page(f"{ENTIRE}/history", show_history),
        page(f"{ENTIRE}/versions/{{number:int}}", show_version),
        page(f"{ENTIRE}/attachments/{{file_id:uuid}}", download),
        page(f"{ENTIRE}/versions/{{number:int}}/attachments/{{file_id:uuid}}", download_of_version),
    ]


class Around:
    """What other services say of a dossier; what is away is told and not taken for nothing."""

    def __init__(self, desk: Desk, dossier_id: str) -> None:
        self._desk = desk
        self._id = dossier_id
        self.is_whole = True

    async def items(self, service: str, path: str, **query: object) -> list[Facts]:
        """All rows of a list about it; none for who may not see them."""
        found: list[Facts] = []
        try:
            answer = await self._desk.ask(service, path, **query)
            found += answer["items"]
            while answer.get("next"):
                answer = await self._desk.ask(service, path, **query, after=answer["next"])
                found += answer["items"]
        except Refused as refusal:
            if refusal.status in {403, 404}:
                return []
            raise
        except Away:
            self.is_whole = False
        return found

    async def clocks(self) -> list[Facts]:
        """Every clock, in the order in which they started."""
        path = f"/v1/dossiers/{self._id}/clock"
        found = await asyncio.gather(*(self.items(service, path) for service in WORKING))
        return sorted((clock for clocks in found for clock in clocks), key=lambda one: one["opened_at"])


async def _beside(around: Around, dossier_id: str) -> list[list[Facts]]:
    """Shares, files, versions, stages and awards."""
    path = f"/v1/dossiers/{dossier_id}"
    return list(
        await asyncio.gather(
            around.items(INTAKE, f"{path}/shares"),
            around.items(INTAKE, f"{path}/attachments"),
            around.items(INTAKE, f"{path}/versions"),
            around.items(REVIEW, "/v1/stages", dossier_id=dossier_id, sort="opened"),
            around.items(PAYOUT, "/v1/awards", dossier_id=dossier_id),
        )
    )


async def show_dossier(desk: Desk) -> Response:
    """The whole dossier on one page."""
    dossier_id = desk.part("dossier_id")
    path, around = f"/v1/dossiers/{dossier_id}", Around(desk, dossier_id)
    (answer, shares, files, versions), (stages, awards, clocks) = await asyncio.gather(
        asyncio.gather(
            desk.ask_whole(INTAKE, path, actions=True),
            around.items(INTAKE, f"{path}/shares"),
            around.items(INTAKE, f"{path}/attachments"),
            around.items(INTAKE, f"{path}/versions"),
        ),
        asyncio.gather(
            around.items(REVIEW, "/v1/stages", dossier_id=dossier_id, sort="opened"),
            around.items(PAYOUT, "/v1/awards", dossier_id=dossier_id),
            around.clocks(),
        ),
    )
    dossier = answer.facts
    me = await desk.shared("me")
    is_author = me.person_id in {one["person_id"] for one in dossier["content"]["authors"]}
    complaints, money, season, names, stop = await asyncio.gather(
        _complaints(desk, around, stages, is_author=is_author),
        _money(desk, awards, me.person_id),
        _season(desk, dossier["season_id"]),
        names_of(desk, [dossier["filer_id"], dossier["created_by"], dossier["prepared_by"]]),
        _stop(desk, dossier),
    )
    return await desk.draw(
        "dossiers/dossier.html",
        dossier=dossier,
        version=answer.version,
        mine=allowed(dossier),
        shares=shares,
        own=next((one for one in shares if one["person_id"] == me.person_id), None),
        is_filer=dossier["filer_id"] == me.person_id,
        files=files,
        versions=versions,
        clocks=clocks,
        events=timeline(dossier, versions, stages),
        complaints=complaints,
        money=money,
        season=season,
        names=names,
        stop=stop,
        is_whole=around.is_whole,
        label=lambda name: content.field_name(desk, name),
        values=content.values_of(dossier["content"]),
    )


async def _stop(desk: Desk, dossier: Facts) -> str | None:
    """Where an administrator stops its journey; None where the reader may not, or there is none to stop."""
    me = await desk.shared("me")
    if not dossier["code"] or dossier["closed_at"] or not me.holds("ADMIN"):
        return None
    return stop_address(dossier["id"]) if await stop_refused(desk, dossier["id"]) is None else None


async def _season(desk: Desk, season_id: str) -> Facts | None:
    try:
        seasons = await desk.ask(RULEBOOK, "/v1/seasons")
    except (Away, Refused):
        return None
    return next((one for one in seasons["items"] if one["id"] == season_id), None)


def timeline(dossier: Facts, versions: Sequence[Facts], stages: Sequence[Facts]) -> list[Facts]:
    """What has happened, in order; what is now stands in the standing."""
    lines: list[Facts] = [{"at": dossier["created_at"], "kind": "created"}]
    lines += [{"at": one["filed_at"], "kind": "filed", "version": one} for one in versions]
    for stage in stages:
        lines.append({"at": stage["opened_at"], "kind": "opened", "stage": stage})
        if stage["decided_at"]:
            lines.append({"at": stage["decided_at"], "kind": "decided", "stage": stage})
    if dossier["closed_at"]:
        lines.append({"at": dossier["closed_at"], "kind": "closed"})
    return sorted(lines, key=lambda line: line["at"])


async def _complaints(
    desk: Desk, around: Around, stages: Sequence[Facts], *, is_author: bool
) -> list[dict[str, Any]]:
    """Each decided stage with its complaints, and for an author whether one may be made now."""
    decided = [stage for stage in stages if stage["outcome"]]
    return list(
        await asyncio.gather(*(_of_stage(desk, around, stage, is_author=is_author) for stage in decided))
    )


async def _of_stage(desk: Desk, around: Around, stage: Facts, *, is_author: bool) -> dict[str, Any]:
    made = await around.items(REVIEW, f"/v1/stages/{stage['id']}/complaints")
    action = None
    if is_author:
        whole = await desk.ask_or({"actions": []}, REVIEW, f"/v1/stages/{stage['id']}", actions=True)
        action = next((one for one in whole["actions"] if one["command"] == "complaints"), None)
    shown = []
    for complaint in made:
        mine: frozenset[str] = frozenset()
        if is_author and complaint["ended"] is None:
            whole = await desk.ask_or(
                {"actions": []}, REVIEW, f"/v1/complaints/{complaint['id']}", actions=True
            )
            mine = allowed(whole)
        shown.append({**complaint, "mine": mine})
    return {"stage": stage, "made": shown, "action": action}


async def _money(desk: Desk, awards: Sequence[Facts], person_id: str) -> list[dict[str, Any]]:
    """Each award with the parts that its reader sees."""
    found = await asyncio.gather(
        *(desk.ask_or({"shares": []}, PAYOUT, f"/v1/awards/{award['id']}") for award in awards)
    )
    names = await names_of(desk, [part["person_id"] for one in found for part in one["shares"]])
    return [
        {
            "award": award,
            "parts": [
                {**part, "name": names.get(part["person_id"]), "is_own": part["person_id"] == person_id}
                for part in one["shares"]
            ],
        }
        for award, one in zip(awards, found, strict=True)
    ]


# History and versions


async def show_history(desk: Desk) -> Response:
    """Everything that happened, in every service whose history its reader may see, in order."""
    dossier_id = desk.part("dossier_id")
    dossier = await desk.ask(INTAKE, f"/v1/dossiers/{dossier_id}")
    around = Around(desk, dossier_id)
    found = await asyncio.gather(
        *(around.items(service, f"/v1/dossiers/{dossier_id}/history", limit=MOST) for service in WORKING)
    )
    events = sorted(
        ({**event, "said": event_said(desk, event["kind"])} for events in found for event in events),
        key=lambda event: (event["occurred_at"], event["seq"]),
    )
    people = {event[who] for event in events for who in ("actor_id", "on_behalf_of")}
    return await desk.draw(
        "dossiers/history.html",
        dossier=dossier,
        events=events,
        names=await names_of(desk, people),
        is_whole=around.is_whole,
    )


async def show_version(desk: Desk) -> Response:
    """What was handed in, as it was, and what it changed field by field."""
    dossier_id, number = desk.part("dossier_id"), desk.part("number")
    version, versions = await asyncio.gather(
        desk.ask(INTAKE, f"/v1/dossiers/{dossier_id}/versions/{number}"),
        desk.ask(INTAKE, f"/v1/dossiers/{dossier_id}/versions"),
    )
    before = next((one for one in versions["items"] if one["number"] == version["number"] - 1), None)
    old = await desk.ask(INTAKE, f"/v1/dossiers/{dossier_id}/versions/{before['number']}") if before else None
    return await desk.draw(
        "dossiers/version.html",
        dossier_id=dossier_id,
        shown=version,
        versions=versions["items"],
        before=old,
        changed=[change["field"] for change in version["changes"]],
        values=content.values_of(version["content"]),
        old_values=content.values_of(old["content"]) if old else {},
        names=await names_of(desk, [version["filed_by"]]),
        label=lambda name: content.field_name(desk, name),
    )
