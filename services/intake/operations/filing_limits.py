"""By when a draft has to be filed, as its author is told before it is filed."""

from datetime import date

from casework.calendars import NoCalendar, province_calendar
from kit.db import Tx
from packs.terms import DayOffIn
from services.intake.domain.dossier import Dossier, DossierState, filing_limit
from services.intake.store import rules_in_force


async def file_by(tx: Tx, dossier: Dossier) -> date | None:
    """The last day, by the rules in force now; None of what was filed, and where no first application is
    named, no rules are in force, or no calendar is known."""
    first = dossier.content.first_applied_on
    if first is None or dossier.state is not DossierState.DRAFT:
        return None
    found = await rules_in_force.rules_in_force(tx, dossier.unit_id, dossier.season_id, tx.now)
    if found is None or found.pack is None or found.pack_version is None:
        return None
    pack = await rules_in_force.pack_content(tx, found.pack, found.pack_version)
    day_off = DayOffIn.model_validate((pack or {}).get("day_off", {}))
    try:
        calendar = await province_calendar(tx)
    except NoCalendar:
        return None
    return filing_limit(first, calendar, day_off.end)
