"""The authors of a dossier in its form: who is found by name, and who is added."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from services.portal.asking.services import Facts, Refused
from services.portal.desk import Desk
from services.portal.frame import INTAKE, ORGANISATION
from services.portal.pages import dossiers_content as content
from services.portal.pages.dossiers_content import field_name
from services.portal.pages.shared import Told
from services.portal.showing.languages import N_
from services.portal.showing.typed import line_of, share_of

_WHOLE: Final = Decimal(100)
WHO: Final = N_("Choose who is meant, or write the name of somebody from outside.")
SHARE: Final = N_("Write the share as a number over 0, up to 100.")
NOT_WHOLE: Final = N_("The shares together are %(total)s %%; they must be exactly 100 %%.")
NOT_CONFIRMED: Final = N_("%(names)s: the own share is not confirmed yet.")


async def offered_authors(desk: Desk, dossier: Facts, written: Facts) -> dict[str, Any]:
    """The rows of authors, what each says of the own share, and whom a name that was looked for may mean."""
    rows = content.author_rows(written)
    shares = await desk.ask(INTAKE, f"/v1/dossiers/{dossier['id']}/shares")
    answers = {share["person_id"]: share for share in shares["items"]}
    return {
        "rows": rows,
        "answers": answers,
        "total": _written(_total(rows)),
        **await found_colleagues(desk, {row["person_id"] for row in rows}),
    }


async def open_shares(desk: Desk, dossier: Facts) -> dict[str, str]:
    """What the authors have not agreed on yet. Filing says so only once nothing else is missing."""
    authors = dossier["content"]["authors"]
    total = _total(authors)
    if total != _WHOLE:
        return {"authors": desk.say(NOT_WHOLE, total=_written(total))}
    if len(authors) == 1:
        return {}
    shares = await desk.ask(INTAKE, f"/v1/dossiers/{dossier['id']}/shares")
    waited_for = [
        share["full_name"]
        for share in shares["items"]
        if share["is_asked"] and share["answer"] != "CONFIRMED" and share["person_id"] != dossier["filer_id"]
    ]
    return {"authors": desk.say(NOT_CONFIRMED, names=", ".join(waited_for))} if waited_for else {}


def _total(authors: Iterable[Facts]) -> Decimal:
    return sum((share_of(one["contribution_percent"]) or Decimal() for one in authors), Decimal())


def _written(total: Decimal) -> str:
    return format(total.normalize(), "f").replace(".", ",")


async def found_colleagues(desk: Desk, named: set[str]) -> dict[str, Any]:
    """Who has a name like the one that stands in the address; who is named already is left out."""
    wanted = line_of(desk.query.get("q", ""))
    if not wanted:
        return {"wanted": "", "found": None, "why_not": ""}
    try:
        answer = await desk.ask(ORGANISATION, "/v1/colleagues", q=wanted)
    except Refused as refusal:
        faults = [fault.said(desk.language.value) for fault in refusal.faults]
        return {"wanted": wanted, "found": [], "why_not": "; ".join(faults)}
    found = [one for one in answer["items"] if one["id"] not in named]
    return {"wanted": wanted, "found": found, "why_not": ""}


async def with_added(desk: Desk, written: Facts) -> Told | None:
    """Add whom the form names to the authors; what is wrong with that, if it cannot be done."""
    person_id, outside = desk.sent_text("add_person"), line_of(desk.sent_text("add_outside"))
    share = share_of(desk.sent_text("add_percent")) or Decimal()
    faults = {}
    if not person_id and not outside:
        faults["q"] = desk.say(WHO)
    if not 0 < share <= 100:
        faults["add_percent"] = desk.say(SHARE)
    if faults:
        return Told(said=desk.say(N_("Nobody was added.")), fields=faults)
    author: Facts = {
        "person_id": person_id or None,
        "full_name": outside or desk.sent_text(f"name-{person_id}") or field_name(desk, "authors"),
        "outside": not person_id,
        "date_of_birth": None,
        "workplace": line_of(desk.sent_text(f"unit-{person_id}")) if person_id else "",
        "job_title": line_of(desk.sent_text(f"post-{person_id}")) if person_id else "",
        "qualification": "",
        "contribution_percent": str(share),
    }
    written["authors"] = [*written["authors"], author]
    return None
