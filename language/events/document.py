"""`python -m language.events.document > docs/events.md`: the form of every event, from the classes."""

import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from language.events.base import PERSONAL_MARK, Erased, Fact, Owner
from language.events.catalogue import CATALOGUE, FORMER_NAMES

_HEAD = """# Events

Everything that can happen, by who records it. Written by `python -m language.events.document` from the
classes in `language/events`; a test compares. What an event holds is in `detail`; who acted (`actor_id` null:
the clock), through which post and for whom, under which rules, stands beside it in every event. A changed
form is a new version; older ones are read as the newest. *personal*: can be erased.
"""


def document() -> str:
    """The whole page."""
    return _HEAD + "".join(_sections())


def _sections() -> Iterator[str]:
    parts: dict[str, type] = {}
    for owner in Owner:
        facts = [fact for fact in CATALOGUE.values() if fact.OWNER is owner]
        if facts:
            yield f"\n## {owner}\n"
        for fact in facts:
            yield from _fact(fact)
            parts |= _parts_of(fact)
    yield "\n## Parts\n"
    for name in sorted(parts):
        yield f"\n### {name}\n\n{_meaning(parts[name])}\n\n" + _table(parts[name])


def _fact(fact: type[Fact]) -> Iterator[str]:
    former = "".join(
        f" In earlier versions its kind is `{old}`."
        for old, new in FORMER_NAMES.items()
        if new == fact.__name__
    )
    about = f"Version {fact.VERSION}, for readers of {fact.READERS}. {_meaning(fact)}{former}"
    yield f"\n### {fact.__name__}\n\n{about}\n"
    if fields(fact):
        yield "\n" + _table(fact)


def _meaning(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split())


def _table(kind: type) -> str:
    lines = ["| field | type |", "|---|---|"]
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if get_origin(hint) is not None and "ClassVar" in str(hint):
            continue
        mark = ", *personal*" if PERSONAL_MARK in get_args(hint) else ""
        lines.append(f"| `{name}` | {_shown(hint)}{mark} |")
    return "\n".join(lines) + "\n"


def _shown(hint: Any) -> str:  # noqa: PLR0911 - a flat dispatch
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, NewType):
        return _shown(hint.__supertype__)
    if origin is Annotated:
        return _shown(arguments[0])
    if origin is Literal:
        return f"always `{arguments[0]}`"
    if origin in {Union, UnionType}:
        kinds = [_shown(argument) for argument in arguments if argument not in {NoneType, Erased}]
        return " or ".join([*kinds, "null"] if NoneType in arguments else kinds)
    if origin is tuple:
        return f"list of {_shown(arguments[0])}"
    if origin is not None:
        return f"{origin.__name__} of {_shown(arguments[0])} (`old`, `new`)"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "one of " + ", ".join(f"`{member.value}`" for member in hint)
    name = str(hint.__name__)
    return f"[{name}](#{name.lower()})" if is_dataclass(hint) else name


def _parts_of(kind: type) -> dict[str, type]:
    """The dataclasses inside, however deep."""
    found: dict[str, type] = {}
    for hint in get_type_hints(kind, include_extras=True).values():
        for inner in _inside(hint):
            found |= {inner.__name__: inner, **_parts_of(inner)}
    return found


def _inside(hint: Any) -> Iterator[type]:
    for argument in get_args(hint):
        yield from _inside(argument)
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint


if __name__ == "__main__":
    sys.stdout.write(document())
