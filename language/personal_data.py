"""The file that a person gets of everything that is kept about them: one form, whoever puts it together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

FORM: Final = 1
"""Counts up when a program that reads the file has to be changed; what is only added does not count."""
PATH: Final = "/v1/people/{person_id}/personal-data"
"""Where each service tells its part."""


def whole_file(person_id: str, made_at: datetime, parts: Mapping[str, Any]) -> dict[str, Any]:
    """The file, from what each service answered."""
    return {"form": FORM, "person_id": person_id, "made_at": made_at.isoformat(), "services": dict(parts)}
