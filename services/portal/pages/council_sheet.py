"""A score sheet as a form: what is in it, what was typed, and what differs when both were changed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from services.portal.asking.services import Facts, Refused
from services.portal.desk import Desk
from services.portal.pages.shared import Told
from services.portal.showing.languages import N_

SCORE, REMARK = "score-", "remark-"
"""What the fields of single criteria begin with."""
SHEET_FIELDS: Final[Mapping[str, str]] = {
    "RemarkRequired": "remark",
    "vote": "vote",
    "remark": "remark",
}
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MARK: Final = re.compile(r"[0-9]{1,5}([.,][0-9]{1,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetForm:
    """What stands in the fields: marks and remarks by criterion, the vote, the remark on the whole."""

    scores: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    vote: str = ""
    remark: str = ""

    def body(self, *, submit: bool) -> dict[str, Any]:
        """As the service takes it; what was left empty is left out."""
        return {
            "scores": {name: plain(mark) for name, mark in self.scores.items() if mark},
            "remarks": {name: said for name, said in self.remarks.items() if said.strip()},
            "vote": self.vote or None,
            "remark": self.remark if self.remark.strip() else None,
            "submit": submit,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The sheet as it stands now, at its version, and in which fields what was typed differs from it."""

    stored: SheetForm
    version: str | None
    differing: Sequence[str]


def plain(mark: str) -> str:
    """25,5 as 25.5."""
    return mark.strip().replace(",", ".")


def form_of(sheet: Facts) -> SheetForm:
    """The fields as the sheet fills them."""
    return SheetForm(
        scores={name: _shown(mark) for name, mark in sheet["scores"].items()},
        remarks=dict(sheet["remarks"]),
        vote=sheet["vote"] or "",
        remark=sheet["remark"] or "",
    )


def _shown(mark: object) -> str:
    """25.50 as 25,5."""
    number = Decimal(str(mark))
    whole = number.to_integral_value()
    return f"{whole if number == whole else number.normalize():f}".replace(".", ",")


def read_form_of(desk: Desk, typed: Mapping[str, str]) -> tuple[SheetForm, dict[str, str]]:
    """What was typed, and the fields that hold no number."""
    form = SheetForm(
        scores=_named(typed, SCORE),
        remarks=_named(typed, REMARK),
        vote=typed.get("vote", ""),
        remark=_lines(typed.get("remark", "")),
    )
    wrong = desk.say(N_("Write a number, such as 25 or 25,5."))
    unread = {
        f"{SCORE}{name}": wrong
        for name, mark in form.scores.items()
        if mark.strip() and not _MARK.fullmatch(mark.strip())
    }
    return form, unread


def _named(typed: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): _lines(value)
        for name, value in typed.items()
        if name.startswith(prefix) and _CODE.fullmatch(name.removeprefix(prefix))
    }


def _lines(text: str) -> str:
    """Browsers send the ends of lines as typewriters did."""
    return text.replace("\r\n", "\n")


def fields_at_fault(desk: Desk, refusal: Refused) -> dict[str, str]:
    """The fields that a refusal of a sheet is about: it names criteria."""
    said = desk.why(refusal)
    match refusal.code:
        case "MarkOutOfRange" | "CriterionUnknown":
            return {f"{SCORE}{refusal.facts.get('criterion', '')}": said}
        case "SheetIncomplete":
            missing = _listed(refusal.facts.get("missing", ""))
            lacking = desk.say(N_("This is still missing."))
            return {"vote" if one == "vote" else f"{SCORE}{one}": lacking for one in missing}
        case "RemarkRequiredForMark":
            asked = desk.say(N_("This mark needs a remark."))
            return {f"{REMARK}{one}": asked for one in _listed(refusal.facts.get("criteria", ""))}
        case _:
            return {}


def with_names(desk: Desk, told: Told, criteria: Sequence[Facts]) -> Told:
    """For a list of what is wrong: each says which field it means."""
    titles = {line["id"]: str(line[f"title_{desk.language.value}"]) for line in criteria}
    names = {f"{kind}{line}": title for kind in (SCORE, REMARK) for line, title in titles.items()}
    names["vote"] = desk.say(N_("Shall it be recognised?"))
    listed = {
        name: said if names.get(name, "") in said else f"{names[name]}: {said}"
        for name, said in told.fields.items()
    }
    return Told(told.said, listed)


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def conflict_of(form: SheetForm, sheet: Facts, version: str | None) -> Conflict:
    """What differs between what was typed and what is stored."""
    stored = form_of(sheet)
    names = [
        *(
            f"{SCORE}{name}"
            for name in {**stored.scores, **form.scores}
            if not _same_mark(form, stored, name)
        ),
        *(
            f"{REMARK}{name}"
            for name in {**stored.remarks, **form.remarks}
            if form.remarks.get(name, "").strip() != stored.remarks.get(name, "").strip()
        ),
    ]
    if form.vote != stored.vote:
        names.append("vote")
    if form.remark.strip() != stored.remark.strip():
        names.append("remark")
    return Conflict(stored=stored, version=version, differing=names)


def _same_mark(form: SheetForm, stored: SheetForm, name: str) -> bool:
    mine, theirs = plain(form.scores.get(name, "")), plain(stored.scores.get(name, ""))
    if not mine or not theirs:
        return mine == theirs
    try:
        return Decimal(mine) == Decimal(theirs)
    except InvalidOperation:
        return False
