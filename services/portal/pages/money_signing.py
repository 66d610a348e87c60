"""What waits for the reader's signature: many awards verified or approved at once, after a dry run."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk, texts_of
from services.portal.frame import PAYOUT
from services.portal.opening import page
from services.portal.pages.money_shared import sum_of
from services.portal.pages.shared import Told, now_of, sent_ids, told_of
from services.portal.showing.languages import N_

STEPS: Final[Mapping[str, str]] = {"verification": "ASSESSED", "approval": "VERIFIED"}
"""The signatures, and in which state an award waits for each."""
_SHOWN: Final = 100


def routes() -> Sequence[Route]:
    """All addresses."""
    return [page("/money/signing", show_signing, send_signing)]


async def show_signing(desk: Desk) -> Response:
    """All that waits for the reader."""
    return await _draw(desk, None, [], None)


async def _waiting(desk: Desk) -> dict[str, Facts]:
    answers = await asyncio.gather(
        *(
            desk.ask(
                PAYOUT,
                "/v1/awards",
                signer_id=str(desk.session.person_id),
                state=state,
                sort="due",
                limit=_SHOWN,
                after=desk.query.get(f"after-{step}"),
            )
            for step, state in STEPS.items()
        )
    )
    return dict(zip(STEPS, answers, strict=True))


async def _draw(
    desk: Desk,
    step: str | None,
    chosen: Sequence[str],
    told: Told | None,
    *,
    report: Facts | None = None,
    status: int = 200,
) -> Response:
    waiting = await _waiting(desk)
    taken: list[Facts] = [one["result"] for one in report["items"] if one["result"]] if report else []
    facts: dict[str, Any] = {
        "waiting": waiting,
        "step": step,
        "chosen": frozenset(chosen),
        "told": told,
        "report": report,
        "results": {one["id"]: one for one in report["items"]} if report else {},
        "taken_dong": sum_of(taken),
        "now": now_of(desk),
    }
    return await desk.draw("money/signing.html", status=status, **facts)


async def send_signing(desk: Desk) -> Response:
    """Try them, or sign those that are ticked."""
    form = await desk.read_form()
    typed, chosen = texts_of(form), sent_ids(desk, form.getlist("award_id"))[:_SHOWN]
    step = typed.get("step", "")
    if step not in STEPS or not chosen:
        said = desk.say(N_("Something is not filled in correctly."))
        fields = {f"chosen-{step}": desk.say(N_("Tick the awards that you sign."))} if step in STEPS else {}
        return await _draw(desk, step, chosen, Told(said, fields), status=422)
    call = Call("POST", PAYOUT, f"/v1/batch/awards/{step}", body={"items": [{"id": one} for one in chosen]})
    try:
        answer = await desk.command(call, dry_run=typed.get("act") != "do")
    except Refused as refusal:
        return await _draw(desk, step, chosen, told_of(desk, refusal, {}), status=refusal.status)
    return await _draw(desk, step, chosen, None, report=answer.facts)
