"""The steps in which a dossier is written, and its content as forms hold it: text by the name of a field."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData

from language.words.base import Words
from language.words.content import AUTHOR_FIELDS, CONTENT
from services.portal.asking.services import Facts, Refused
from services.portal.desk import Desk
from services.portal.pages.shared import Told, capital, readable
from services.portal.showing.languages import N_
from services.portal.showing.typed import NotReadable, day_of, dong_of, line_of, number_of, share_of, text_of

NO_DAY: Final = N_("This is no day. Write it like 05/09/2025.")
NO_MONEY: Final = N_("This is no amount. Write it like 1.000.000.")
MISSING: Final = N_("This is still missing.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A page of the form; `fields` are those of the content that it writes."""

    name: str
    title: str
    fields: tuple[str, ...] = ()


STEPS: Final = (
    Step(name="idea", title=N_("The idea"), fields=("title", "kind", "application_field")),
    Step(name="problem", title=N_("The problem"), fields=("problem_solved",)),
    Step(
        name="solution",
        title=N_("The solution"),
        fields=("description", "conditions", "confidential_information"),
    ),
    Step(
        name="trial",
        title=N_("The trial"),
        fields=("first_applied_on", "applicability", "investor", "participants"),
    ),
    Step(
        name="effect",
        title=N_("The effect"),
        fields=("benefit_by_author", "benefit_by_others", "monetary_benefit_dong"),
    ),
    Step(name="authors", title=N_("Authors"), fields=("authors",)),
    Step(name="files", title=N_("Files")),
    Step(name="review", title=N_("Read and send"), fields=("declaration_of_truth",)),
)
BY_NAME: Final[Mapping[str, Step]] = {step.name: step for step in STEPS}
STEP_OF_FIELD: Final[Mapping[str, str]] = {name: step.name for step in STEPS for name in step.fields}
LONG: Final = frozenset(
    {
        "problem_solved",
        "description",
        "conditions",
        "confidential_information",
        "applicability",
        "benefit_by_author",
        "benefit_by_others",
    }
)
"""Fields of prose."""
_AUTHOR: Final = (
    "person_id",
    "full_name",
    "outside",
    "date_of_birth",
    "workplace",
    "job_title",
    "qualification",
    "contribution_percent",
)
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACE: Final = re.compile(r"[a-z]+\.([0-9]{1,4})\.")
_OUTER: Final = re.compile(r"(body|query|path)(\.|$)(content\.)?")
"""What services put before the name of a field."""
_PARTICIPANT: Final = ("full_name", "workplace", "work_done")
_PLACE_OF: Final[Mapping[str, str]] = {
    "SharesNotHundred": "authors",
    "SharesNotConfirmed": "authors",
    "AuthorTwice": "authors",
    "AuthorUnknown": "authors",
    "NotAnAuthor": "authors",
    "FiledLate": "first_applied_on",
    "FirstApplicationAhead": "first_applied_on",
}
"""Which field a refusal speaks of; no rule, but where to show it."""


def field_name(desk: Desk, name: str) -> str:
    """What people call a field of the content, also one of an author: `authors.0.workplace`."""
    parts = name.split(".")
    words = AUTHOR_FIELDS.get(parts[-1]) if len(parts) > 1 else CONTENT.get(name)
    words = words or CONTENT.get(parts[0]) or Words(name, name)
    said = words.vi if desk.language.value == "vi" else words.en
    if parts[0] == "authors" and len(parts) > 1:
        said = desk.say(N_("%(field)s of author %(number)s"), field=said, number=int(parts[1]) + 1)
    return said[:1].upper() + said[1:]


# From a service to a form


def say_day_of(iso: str | None) -> str:
    """05/09/2025; what was typed, where it is no day."""
    return "/".join(reversed(iso.split("-"))) if iso and _ISO.fullmatch(iso) else iso or ""


def say_number_of(number: object) -> str:
    """33,5, and 100 where it is whole; what was typed, where it is no number."""
    value = share_of(number)
    return str(number) if value is None else format(value.normalize(), "f").replace(".", ",")


def values_of(content: Facts) -> dict[str, str]:
    """The content as the fields of forms."""
    values = {name: content[name] or "" for name in CONTENT if isinstance(content[name], str | None)}
    values["first_applied_on"] = say_day_of(content["first_applied_on"])
    dong = content["monetary_benefit_dong"]
    values["monetary_benefit_dong"] = "" if dong is None else f"{dong:,}".replace(",", ".")
    values["declaration_of_truth"] = "true" if content["declaration_of_truth"] else ""
    return values


def author_rows(content: Facts) -> list[dict[str, str]]:
    """The authors as rows of a form."""
    return [
        {
            **{name: str(author[name] or "") for name in _AUTHOR},
            "outside": "true" if author["outside"] else "",
            "date_of_birth": say_day_of(author["date_of_birth"]),
            "contribution_percent": say_number_of(author["contribution_percent"]),
        }
        for author in content["authors"]
    ]


def people_in_lines(rows: Sequence[Facts]) -> str:
    """Authors or participants, each whole in a line."""
    return "\n".join(" · ".join(filter(None, _said_of(row))) for row in rows)


def _said_of(row: Facts) -> Iterator[str]:
    for name in (*_AUTHOR[1:], "work_done"):
        value = row.get(name)
        if name == "date_of_birth":
            yield say_day_of(value)
        elif name == "contribution_percent":
            yield f"{say_number_of(value)} %" if value else ""
        elif isinstance(value, str):
            yield value


# From a form to a service


@dataclass(slots=True)
class Typed:
    """What a form says: the content with it, and the fields that cannot be read, each with a message."""

    content: dict[str, Any]
    faults: dict[str, str] = field(default_factory=dict)

    def day(self, name: str, text: str) -> str | None:
        """A day as services take it; the text itself where it is none."""
        try:
            found = day_of(text)
        except NotReadable:
            self.faults[name] = NO_DAY
            return text
        return found.isoformat() if found else None

    def dong(self, name: str, text: str) -> object:
        """An amount; the text itself where it is none."""
        try:
            return dong_of(text)
        except NotReadable:
            self.faults[name] = NO_MONEY
            return text


def rows_of(form: FormData, name: str, fields: Sequence[str]) -> list[dict[str, str]]:
    """The rows that a form holds, in their order: `authors.0.full_name`."""
    texts = {key: value for key, value in form.items() if isinstance(value, str)}
    places = {found[1] for key in texts if (found := _PLACE.match(key)) and found[0].startswith(f"{name}.")}
    numbers = sorted(int(place) for place in places)
    return [{one: texts.get(f"{name}.{number}.{one}", "") for one in fields} for number in numbers]


def read_step(step: Step, content: Facts, form: FormData) -> Typed:
    """The content as it would be with what the step's form says."""
    typed = Typed(dict(content))
    for name in step.fields:
        typed.content[name] = _read_field(typed, name, form)
    return typed


def _read_field(typed: Typed, name: str, form: FormData) -> object:
    sent = form.get(name, "")
    text = text_of(sent) if isinstance(sent, str) else ""
    readers: Mapping[str, Callable[[], object]] = {
        "kind": lambda: text or None,
        "first_applied_on": lambda: typed.day(name, text),
        "monetary_benefit_dong": lambda: typed.dong(name, text),
        "declaration_of_truth": lambda: text == "true",
        "authors": lambda: _authors(typed, rows_of(form, name, _AUTHOR), form),
        "participants": lambda: _participants(rows_of(form, name, _PARTICIPANT)),
    }
    if name in readers:
        return readers[name]()
    return text if name in LONG else line_of(text)


def _authors(typed: Typed, rows: Sequence[Mapping[str, str]], form: FormData) -> list[Facts]:
    removed = str(form.get("remove", ""))
    authors: list[Facts] = []
    for row in rows:
        if row["person_id"] and row["person_id"] == removed:
            continue
        place = f"authors.{len(authors)}"
        authors.append(
            {
                "person_id": row["person_id"] or None,
                "full_name": line_of(row["full_name"]),
                "outside": row["outside"] == "true",
                "date_of_birth": typed.day(f"{place}.date_of_birth", row["date_of_birth"]),
                **{name: line_of(row[name]) for name in ("workplace", "job_title", "qualification")},
                "contribution_percent": number_of(row["contribution_percent"]),
            }
        )
    return authors


def _participants(rows: Sequence[Mapping[str, str]]) -> list[Facts]:
    found = [{name: line_of(row[name]) for name in _PARTICIPANT} for row in rows]
    return [written for written in found if "".join(written.values())]


def is_same(old: Facts, new: Facts) -> bool:
    """Nothing would change."""
    return [_plain(old[name]) for name in CONTENT] == [_plain(new[name]) for name in CONTENT]


def _plain(value: object) -> object:
    """With shares as people write them: 30 and 30.00 are the same. Participants have none."""
    if isinstance(value, list):
        return [{name: _said_plainly(name, said) for name, said in one.items()} for one in value]
    return value


def _said_plainly(name: str, said: object) -> object:
    return say_number_of(said) if name == "contribution_percent" else said


# What is wrong


def told_of_content(desk: Desk, refusal: Refused) -> Told:
    """The refusal with its faults by the names of the form's fields."""
    found = {_OUTER.sub("", fault.path): readable(desk, fault) for fault in refusal.faults}
    places = lacking(desk, {"code": refusal.code, "facts": refusal.facts})
    if refusal.code in _PLACE_OF:
        places = {_PLACE_OF[refusal.code]: desk.why(refusal)}
    said = desk.say(N_("Some of this cannot be saved as it is.")) if found else desk.why(refusal)
    return Told(
        said=said, fields={**places, **{name: _named(desk, name, said) for name, said in found.items()}}
    )


def _named(desk: Desk, name: str, said: str) -> str:
    """With what people call the field, if they have a name for it."""
    known = name.split(".", maxsplit=1)[0] in CONTENT
    return f"{field_name(desk, name)}: {said}" if known else capital(said)


def lacking(desk: Desk, action: Mapping[str, Any]) -> dict[str, str]:
    """What filing says is missing, by field."""
    if action.get("code") != "DossierIncomplete":
        return {}
    names = [name.strip() for name in action["facts"].get("missing", "").split(",")]
    return {name: f"{field_name(desk, name)}: {desk.say(MISSING)}" for name in names if name}


def open_points(desk: Desk, action: Mapping[str, Any] | None) -> dict[str, str]:
    """What stands against handing it in, by field; under `` what belongs to none."""
    if action is None or action["allowed"] is not False:
        return {}
    if found := lacking(desk, action):
        return found
    said = action["detail"] if desk.language.value == "vi" else action["detail_en"]
    return {_PLACE_OF.get(action["code"], ""): said}
