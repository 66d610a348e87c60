"""Sentences that an intake office writes often, ready beside the fields they are about."""

from collections.abc import Mapping
from typing import Final

from services.portal.asking.services import Facts
from services.portal.desk import Desk
from services.portal.showing.languages import N_

_READY: Final[Mapping[str, tuple[str, ...]]] = {
    "title": (N_("The title has to say what is new and where it is applied."),),
    "application_field": (N_("Name the field in which it is applied."),),
    "problem_solved": (N_("Describe how it was before, with figures."),),
    "description": (
        N_("Describe the steps of the solution so that others can repeat them."),
        N_("Say what is new against what was done before."),
    ),
    "applicability": (N_("Say where else it can be applied, and by whom."),),
    "conditions": (N_("Name what is needed to apply it: people, things, money."),),
    "first_applied_on": (N_("Send the paper that shows the day of the first application."),),
    "benefit_by_author": (N_("Show the benefit with figures from before and after."),),
    "benefit_by_others": (N_("Add what those say who have applied it."),),
    "monetary_benefit_dong": (N_("Add how the amount was calculated."),),
    "authors": (N_("Check the shares of the authors: they do not agree with the work described."),),
    "participants": (N_("Name those who took part in the first application, and what they did."),),
    "declaration_of_truth": (N_("Declare that what is written is true."),),
}
_GENERAL: Final = "defects"


def ready_sentences(desk: Desk) -> dict[str, list[str]]:
    """In the reader's language, by field."""
    return {name: [desk.say(one) for one in said] for name, said in _READY.items()}


def found_wanting(desk: Desk, dossier: Facts) -> dict[str, str]:
    """What the service itself says against accepting it, as the first point of a supplement."""
    acts = dossier.get("actions", [])
    found = next((one for one in acts if one["command"] == "acceptance"), None)
    if found is None or found["code"] != "CheckRulesNotMet":
        return {}
    return {_GENERAL: found["facts"]["unmet_vi" if desk.language.value == "vi" else "unmet_en"]}
