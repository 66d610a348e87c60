"""Writing a dossier on the pages, step by step, as its first author does it."""

from collections.abc import Mapping
from typing import Any, Final

from cli.browsing import Seen
from cli.filing import EVIDENCE, Imported, Manner, content_of
from cli.people_api import Refused
from cli.province import Province
from cli.spreadsheet import ListedDossier
from rehearsal.visiting import Pages, Visitor, stuck_at

_NEW: Final = "/dossiers/new"
_STEPS: Final = (
    ("idea", ("title", "kind", "application_field")),
    ("problem", ("problem_solved",)),
    ("solution", ("description", "conditions", "confidential_information")),
    ("trial", ("first_applied_on", "applicability")),
    ("effect", ("benefit_by_author", "monetary_benefit_dong")),
)
"""The steps of plain fields, in the order in which the pages lead through them."""
_OF_AUTHORS: Final = ("contribution_percent", "date_of_birth", "workplace", "job_title", "qualification")
_NEXT, _FIND, _ADD = ("do", "next"), ("do", "find"), ("do", "add")
_FEWEST_FILES: Final = 1
"""Whoever writes on the pages puts a file there, also where none is asked for."""


class PageFiling:
    """A dossier of the list becomes one of the pages."""

    def __init__(self, pages: Pages, province: Province, imported: Imported) -> None:
        self._pages = pages
        self._province = province
        self._imported = imported

    async def write(self, listed: ListedDossier, manner: Manner, unit_code: str | None) -> str:
        """Begin it, fill in every step, put the files there; its id."""
        me = self._pages.of(self._province.account_of(listed, listed.authors[0]))
        content = content_of(self._province, self._imported, listed, manner.shift)
        school = self._province.school_codes[listed.district, listed.school]
        seen = await self._begin(me, content["title"], self._imported.unit_ids[unit_code or school])
        for step, names in _STEPS:
            given = {name: typed(name, content[name]) for name in names}
            seen = await me.send(_at(seen, step), seen.form(asks=names[0]), given, _NEXT)
        seen = await self._name_authors(me, _at(seen, "authors"), content["authors"])
        for number in range(1, max(manner.attachments, _FEWEST_FILES) + 1):
            seen = await self._attach(me, _at(seen, "files"), f"minh-chung-{number}.pdf")
        return seen.path.split("/")[2]

    async def _begin(self, me: Visitor, title: str, unit_id: str) -> Seen:
        """In the unit that is wanted; where it has ended, in the one in which one works now."""
        seen = await me.follow(await me.open("/dossiers"), _NEW)
        form = seen.form(asks="unit_id")
        if form is None:
            raise stuck_at(seen, "no dossier can be begun")
        offered = form.values("unit_id")
        given = {
            "title": title,
            "unit_id": unit_id if unit_id in offered else offered[0],
            "season_id": self._imported.season_id,
        }
        return await me.send(seen, form, given)

    async def _name_authors(self, me: Visitor, seen: Seen, authors: list[Mapping[str, Any]]) -> Seen:
        rows: dict[str, str] = {}
        for place, author in enumerate(authors):
            if place:
                seen = await self._add(me, seen, author, rows)
            rows |= {
                f"authors.{place}.{name}": typed(name, author[name])
                for name in _OF_AUTHORS
                if author[name] is not None
            }
        return await me.send(_at(seen, "authors"), seen.form(asks="q"), rows, _NEXT)

    async def _add(self, me: Visitor, seen: Seen, author: Mapping[str, Any], rows: Mapping[str, str]) -> Seen:
        """Look for the colleague by name, choose who is meant, and say the share."""
        seen = await me.send(seen, seen.form(asks="q"), {**rows, "q": author["full_name"]}, _FIND)
        form = _at(seen, "authors").form(asks="q")
        if form and author["person_id"] in [
            one.value for one in form.fields if one.name.endswith(".person_id")
        ]:
            raise Refused(409, "AuthorTwice", author["full_name"])
        percent = typed("contribution_percent", author["contribution_percent"])
        given = {**rows, "add_person": author["person_id"], "add_percent": percent}
        return _at(await me.send(seen, form, given, _ADD), "authors")

    async def _attach(self, me: Visitor, seen: Seen, filename: str) -> Seen:
        files = {"file": (filename, EVIDENCE)}
        seen = await me.send(seen, seen.form(asks="file"), {}, _ADD, files)
        if seen.done != "files-added":
            # Of what was sent when a session had ended, files are not kept.
            seen = await me.send(seen, seen.form(asks="file"), {}, _ADD, files)
        if seen.done != "files-added":
            raise stuck_at(seen, "the file was not taken")
        return seen

    async def hand_in(self, account: str, dossier_id: str) -> None:
        """Read it once more, declare that it is true, and file it."""
        me = self._pages.of(account)
        here = f"/dossiers/{dossier_id}"
        seen = await me.follow(await me.find("/dossiers", here), f"{here}/edit/review")
        given = {"declaration_of_truth": "true"}
        seen = await me.send(seen, seen.form(asks="declaration_of_truth"), given, ("do", "filing"))
        if seen.path != here:
            raise stuck_at(seen, "it was not filed")


def _at(seen: Seen, step: str) -> Seen:
    """The page is that step: what was sent before was taken."""
    if not seen.path.endswith(f"/edit/{step}") or seen.status >= 400:
        raise stuck_at(seen, f"it does not go on to {step}")
    return seen


def typed(name: str, value: Any) -> str:
    """As people type it: days, money and numbers as they are written here."""
    if value is None:
        return ""
    match name:
        case "first_applied_on" | "date_of_birth":
            return "/".join(reversed(value.split("-")))
        case "monetary_benefit_dong":
            return f"{value:,}".replace(",", ".")
        case "contribution_percent":
            return str(value).replace(".", ",")
        case _:
            return str(value)
