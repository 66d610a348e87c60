"""What a browser or a session keeps for us, read back. None of it is a fact: what was written in a form that
is not today's is as if it had ended."""

import json
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


def kept_as(kind: type[T], text: str | None, name: str | None = None) -> T | None:
    """The value in this JSON, or in its part of this name; None where there is none of this form."""
    said = json.loads(text) if text else None
    if name is not None:
        said = said.get(name) if isinstance(said, dict) else None
    try:
        return TypeAdapter(kind).validate_python(said)
    except ValidationError:
        return None
