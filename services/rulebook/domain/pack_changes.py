"""What an edit changes in the content of a pack, place by place."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from language.events.base import Change
from language.events.canonical import canonical_bytes
from language.events.rulebook import PackChange


def pack_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[PackChange, ...]:
    """Every place that says something else: from either content and these the other one can be made."""
    before, after = dict(_places(old)), dict(_places(new))
    return tuple(
        PackChange(place=place, content=Change(old=before.get(place), new=after.get(place)))
        for place in sorted(before.keys() | after.keys())
        if before.get(place) != after.get(place)
    )


def content_sha256(content: Mapping[str, Any]) -> str:
    """The digest by which a content is known again."""
    return sha256(canonical_bytes(dict(content))).hexdigest()


def _places(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Each value that has no parts, with the way to it: `levels.0.quorum`."""
    if isinstance(value, list | Mapping) and value:
        parts = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, part in parts:
            yield from _places(part, f"{place}.{name}" if place else str(name))
    elif value is not None:
        yield place, value if isinstance(value, str) else json.dumps(value)
