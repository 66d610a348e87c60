"""A decision as a form: what is sent, what must be filled in, and which verdicts the rules would take."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from services.portal.asking.services import Call, Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import REVIEW
from services.portal.showing.languages import N_

RECOGNISE, PROPOSE, REFUSE = "RECOGNISED", "PROPOSED", "REFUSED"
"""What the form offers: a proposal to the level above is a recognition that goes on."""
VERDICT_FIELDS: Final[Mapping[str, str]] = {
    "ReasonsRequired": "reasons",
    "DeviationUnexplained": "reasons",
    "GroundDoesNotFit": "ground",
    "GroundNotInMarks": "ground",
    "PassRuleNotMet": "verdict",
    "PromotionNotAllowed": "verdict",
    "PromotionQuotaUsedUp": "verdict",
    "outcome": "verdict",
    "ground": "ground",
    "reasons": "reasons",
}


def verdict_body(typed: Mapping[str, str]) -> dict[str, Any]:
    """As the service takes it."""
    verdict, reasons = typed.get("verdict", ""), typed.get("reasons", "")
    return {
        "outcome": RECOGNISE if verdict == PROPOSE else verdict,
        "reasons": reasons if reasons.strip() else None,
        "ground": typed.get("ground") or None,
        "propose": verdict == PROPOSE,
    }


def lacking(desk: Desk, typed: Mapping[str, str]) -> dict[str, str]:
    """Without a verdict there is nothing to send."""
    if typed.get("verdict") in {RECOGNISE, PROPOSE, REFUSE}:
        return {}
    return {"verdict": desk.say(N_("Choose what is decided."))}


async def verdicts_tried(desk: Desk, stage: Facts) -> list[Facts]:
    """What the rules say of each recognition as the marks stand, by a dry run of it: `why` is the refusal."""
    verdicts = [RECOGNISE] if stage["last_level"] else [RECOGNISE, PROPOSE]
    return await asyncio.gather(*(_tried(desk, stage["id"], verdict) for verdict in verdicts))


async def _tried(desk: Desk, stage_id: str, verdict: str) -> Facts:
    body = verdict_body({"verdict": verdict})
    call = Call("POST", REVIEW, f"/v1/stages/{stage_id}/decision", body=body)
    try:
        answer = await desk.command(call, dry_run=True)
    except Refused as refusal:
        return {
            "verdict": verdict,
            "why": desk.why(refusal),
            "unknown": refusal.code == "SheetsOwed",
            "grade": None,
        }
    return {"verdict": verdict, "why": None, "unknown": False, "grade": answer.facts["grade"]}
