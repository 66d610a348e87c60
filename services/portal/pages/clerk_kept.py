"""A list while it is looked through: the file, what was answered about it, and what was made of it. It is
kept sealed for a day, for who sent it; everything that it says is asked of the service anew."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from starlette.exceptions import HTTPException

from services.portal.asking.services import Answer, Call, Facts
from services.portal.desk import Desk
from services.portal.frame import INTAKE
from services.portal.signed_in.kept import kept_as

_LIST: Final = "list"
_LASTS: Final = timedelta(hours=24)


@dataclass(slots=True, kw_only=True)
class KeptList:
    """What was sent, and answered so far, by cell. `made`: the dossiers by the cell of their title."""

    person_id: str
    unit_id: str
    season_id: str
    name: str
    file: str
    answers: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)

    def body(self, **more: Any) -> Facts:
        """As the service takes it."""
        names = ("unit_id", "season_id", "file", "answers", "people", "units")
        return {**{name: getattr(self, name) for name in names}, **more}


def _call(kept: KeptList, **more: Any) -> Call:
    return Call("POST", INTAKE, "/v1/imports/filings", body=kept.body(**more))


async def read_anew(desk: Desk, kept: KeptList, **more: Any) -> Facts:
    """What the service reads in it; nothing is written."""
    return (await desk.command(_call(kept, **more), dry_run=True)).facts


async def write(desk: Desk, kept: KeptList, digest: str, *, leave_doubtful: bool) -> Answer:
    """The drafts, of exactly what was shown."""
    return await desk.command(_call(kept, confirmed=digest, leave_doubtful=leave_doubtful))


def _said(kept: KeptList) -> str:
    return json.dumps({_LIST: asdict(kept)})


async def keep(desk: Desk, kept: KeptList) -> UUID:
    """Keep it; the id stands in the address."""
    return await desk.portal.sessions.keep_form(_said(kept), _LASTS)


async def change(desk: Desk, changed: Callable[[KeptList], KeptList]) -> None:
    """Keep what was answered, or made, on top of what another tab has meanwhile."""

    def written(said: str) -> str:
        kept = kept_as(KeptList, said, _LIST)
        return _said(changed(kept)) if kept else said

    await desk.portal.sessions.amend_form(UUID(desk.part("list_id")), written, _LASTS)


async def drop(desk: Desk) -> None:
    """Put it away."""
    await kept_list(desk)
    await desk.portal.sessions.drop_form(UUID(desk.part("list_id")))


async def kept_list(desk: Desk) -> KeptList:
    """The list of this address; to others it is not there."""
    said = await desk.portal.sessions.kept_form(UUID(str(desk.request.path_params["list_id"])))
    found = kept_as(KeptList, said, _LIST)
    if found is None or found.person_id != str(desk.session.person_id):
        raise HTTPException(404)
    return found
