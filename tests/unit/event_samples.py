"""`python -m tests.unit.event_samples`: writes one JSON sample of every kind and version of event that has
none yet.

A sample stands for events in histories, so it is never written again."""

import json
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic_core import to_jsonable_python

from language.events.base import Change, Fact
from language.events.catalogue import CATALOGUE
from tests.unit.golden import example

SAMPLES = Path(__file__).parent / "events"


def sample(fact: type[Fact]) -> Fact:
    """A fact of this class with a value in every field."""
    found: Fact = _value(fact, fact.__name__)
    return found


def _value(hint: Any, name: str) -> Any:  # noqa: PLR0911 - a flat dispatch
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _value(arguments[0], name)
    if origin is Literal:
        return arguments[0]
    if origin is Change:
        return Change(old=_value(arguments[0], f"{name} before"), new=_value(arguments[0], f"{name} after"))
    if origin is tuple:
        members = get_args(arguments[0]) if get_origin(arguments[0]) in _UNIONS else (arguments[0],)
        return tuple(_value(member, name) for member in members)
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint, include_extras=True).items()
        return hint(**{field: _value(inner, field) for field, inner in hints if "ClassVar" not in str(inner)})
    if origin in _UNIONS:
        return _value(next(argument for argument in arguments if argument is not type(None)), name)
    return example(hint, name)


_UNIONS = (Union, type(int | str))


def write_missing() -> None:
    """A sample of each newest version that has none."""
    SAMPLES.mkdir(exist_ok=True)
    for kind, fact in CATALOGUE.items():
        file = SAMPLES / f"{kind}-{fact.VERSION}.json"
        if not file.exists():
            written = to_jsonable_python(asdict(sample(fact)))
            file.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_missing()
