"""`python -m tests.unit.release_samples`: writes what this release persists into `tests/samples/VERSION`, a
sample of everything in a version of its own, and the forms of all of it.

Run once for each release, on its own code (docs/releases.md). What is there stands for data of that release,
so it is never written again."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NewType,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

from pydantic_core import to_jsonable_python

from casework.case import ClockOfCase
from kit.release import RELEASE
from language.deadline.calendars import OfficeCalendar
from language.deadline.clock import Rung
from language.events.catalogue import CATALOGUE
from language.messages import versions
from language.messages.journey import LevelResult, Route
from language.messages.transition import LevelMove, Passage
from language.names import SCHEMAS
from language.plan.review_plan import Basis, Budget, CheckRule, ExtensionRule, ReviewPlan, RungRule, Share
from language.plan.versions import PLAN_VERSION
from packs.freezing import Filing, freeze
from processes.bootstrap import shipped_packs
from processes.migrate import folders_of
from services.intake.domain.dossier import DossierContent
from tests.unit.golden import encode, example, messages

SAMPLES: Final = Path(__file__).parents[1] / "samples"
KEPT: Final = (
    *(Basis, Budget, CheckRule, ClockOfCase, DossierContent, ExtensionRule, LevelMove, LevelResult),
    *(OfficeCalendar, Passage, Route, Rung, RungRule, Share),
)
"""What columns of rows hold. It bears no version: a change that is more than a further field with a default
comes with a migration that rewrites the rows."""
_WORD: Final = re.compile(r"\w+")
_LEVELS: Final = ("SCHOOL", "DISTRICT", "COMMUNE", "PROVINCE")
Types: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Forms:
    """The kinds of one sort with their versions, and the types that all of them are made of: fields with
    their types (`?`: it may be left out), members of enums."""

    kinds: Mapping[str, int]
    types: Types = field(default_factory=dict)

    def of(self, kind: str) -> Types:
        """Everything that this kind is made of."""
        found: Types = {}
        self._add(kind, found)
        return found

    def _add(self, name: str, found: Types) -> None:
        if name in found or name not in self.types:
            return
        found[name] = self.types[name]
        if isinstance(self.types[name], dict):
            for text in self.types[name].values():
                for word in _WORD.findall(text):
                    self._add(word, found)


def forms() -> dict[str, Forms]:
    """Those of today."""
    events = {name: fact.VERSION for name, fact in CATALOGUE.items()}
    known = messages()
    numbers = {name: versions.newest(kind) for name, kind in known.items()}
    return {
        "messages": Forms(numbers, _types(*known.values())),
        "events": Forms(events, _types(*CATALOGUE.values())),
        "plans": Forms({ReviewPlan.__name__: PLAN_VERSION}, _types(ReviewPlan)),
    }


def _types(*kinds: type) -> Types:
    found: Types = {}
    for kind in kinds:
        _describe(kind, found)
    return dict(sorted(found.items()))


def _describe(hint: Any, found: Types) -> None:
    for inner in get_args(hint):
        _describe(inner, found)
    if not isinstance(hint, type) or get_origin(hint) is not None or hint.__name__ in found:
        return
    if issubclass(hint, Enum):
        found[hint.__name__] = [str(member.value) for member in hint]
    elif is_dataclass(hint):
        hints = get_type_hints(hint, include_extras=True)
        needed = {one.name: one.default is MISSING and one.default_factory is MISSING for one in fields(hint)}
        found[hint.__name__] = {name: said(hints[name]) + "?" * (not needed[name]) for name in needed}
        for name in needed:
            _describe(hints[name], found)


def said(hint: Any) -> str:
    """The type of a field as text, the same with every Python."""
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, NewType):
        return said(hint.__supertype__)
    if origin is Annotated:
        return said(arguments[0])
    if origin is Literal:
        return f"Literal[{', '.join(map(str, arguments))}]"
    if origin in {Union, UnionType}:
        return " | ".join(said(one) for one in arguments)
    if arguments:
        return f"{_name(origin)}[{', '.join('...' if one is Ellipsis else said(one) for one in arguments)}]"
    return "None" if hint is NoneType else _name(hint)


def _name(hint: Any) -> str:
    return str(getattr(hint, "__name__", hint))


def samples() -> Iterator[tuple[str, Any]]:
    """Name of the file and what is in it."""
    yield "messages", {name: encode(example(kind, name)) for name, kind in messages().items()}
    yield "plans", {"version": PLAN_VERSION, "bodies": to_jsonable_python(_plans())}
    yield "rows", {kind.__name__: to_jsonable_python(example(kind, kind.__name__)) for kind in KEPT}
    yield "migrations", migrations()
    yield "packs", [pack.model_dump(mode="json") for pack in shipped_packs()]
    yield (
        "forms",
        {
            sort: {"kinds": dict(sorted(one.kinds.items())), "types": one.types}
            for sort, one in forms().items()
        },
    )


def migrations() -> list[str]:
    """The names of those that this program knows: one that lacks some of them leaves the data alone."""
    folders = {folder for schema in SCHEMAS for folder in folders_of(schema)}
    return sorted(f"{folder.parent.name}/{file.stem}" for folder in folders for file in folder.glob("*.sql"))


def _plans() -> list[ReviewPlan]:
    """One with a value in every field, and those of the packs that come with the program."""
    units = {level: example(UUID, level) for level in _LEVELS}
    filing = Filing(unit_id=units["SCHOOL"], units_by_level=units, season_id=example(UUID, "season"))
    return [example(ReviewPlan, "plan"), *(freeze(pack, filing) for pack in shipped_packs())]


def write(folder: Path) -> None:
    """All samples of this release."""
    folder.mkdir(parents=True)
    for name, said_there in samples():
        text = json.dumps(said_there, indent=1, ensure_ascii=False, sort_keys=True)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(SAMPLES / RELEASE)
