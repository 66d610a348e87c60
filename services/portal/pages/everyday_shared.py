"""What everybody's pages have in common: what a refusal says at which field."""

from collections.abc import Mapping

from services.portal.asking.services import Fault, Refused
from services.portal.desk import Desk
from services.portal.pages.shared import Told
from services.portal.showing.languages import N_


def told_of(desk: Desk, refusal: Refused, fields: Mapping[str, str]) -> Told:
    """The refusal at the form's fields: `fields` has them by its code, or by the path of what was sent."""
    if refusal.faults:
        found = {
            fields.get(fault.path.removeprefix("body").lstrip(".").split(".")[0], "faults"): _plain(
                desk, fault
            )
            for fault in refusal.faults
        }
        return Told(desk.say(N_("Some of this is not filled in correctly.")), found)
    said = desk.why(refusal)
    return Told(said, {fields[refusal.code]: said} if refusal.code in fields else {})


def _plain(desk: Desk, fault: Fault) -> str:
    """As the service says it, unless it speaks of a pattern, which is a word for programs."""
    said = fault.said(desk.language.value)
    if "^" in said:
        return desk.say(N_("This is not written in the form that is needed."))
    return said[:1].upper() + said[1:]
