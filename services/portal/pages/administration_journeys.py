"""The journey of one dossier, which an administrator of the province stops; on the alarm list it is started
anew."""

from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.routing import Route

from services.portal.asking.services import Call, Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE
from services.portal.pages.administration_forms import Act, Field, act_page, refused_now
from services.portal.showing.languages import N_

STOP: Final = N_("Stop its journey")
_PATH: Final = "/administration/journeys/{dossier_id:uuid}/stop"


def routes() -> Sequence[Route]:
    """All addresses."""
    return [act_page(_PATH, _stop)]


def stop_address(dossier_id: str) -> str:
    """Where this dossier's journey is stopped."""
    return f"/administration/journeys/{dossier_id}/stop"


async def stop_refused(desk: Desk, dossier_id: str) -> Refused | None:
    """How it would be refused to this reader now, by a dry run; None if it would be taken."""
    return await refused_now(desk, _call(dossier_id, "x"))


def _call(dossier_id: str, reason: str) -> Call:
    return Call("POST", INTAKE, f"/v1/runs/{dossier_id}/stop", body={"reason": reason})


async def _stop(desk: Desk) -> Act:
    dossier_id = desk.part("dossier_id")
    dossier = await desk.ask(INTAKE, f"/v1/dossiers/{dossier_id}")
    if not dossier["code"]:
        raise HTTPException(404)
    refusal = await stop_refused(desk, dossier_id)
    return Act(
        title=STOP,
        meaning=N_("It stands still until somebody starts it anew from the list of alarms."),
        done="journey-stopped",
        call=lambda body: _call(dossier_id, body["reason"]),
        fields=(Field(name="reason", label=N_("Why"), hint=N_("It stays in the history.")),),
        is_grave=True,
        about=desk.say(N_("Alarms")),
        subject=f"{dossier['content']['title']} · {dossier['code']}",
        barred=desk.why(refusal) if refusal else "",
        shows="administration/effect_stop.html",
        shown_first=True,
    )
