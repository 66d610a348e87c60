"""What changed between two contents, field by field."""

from dataclasses import fields
from typing import Final

from pydantic_core import to_json

from language.events.base import Change
from language.events.intake import ContentChange
from services.intake.domain.dossier import DossierContent

_NAMES: Final = tuple(field.name for field in fields(DossierContent))


def content_changes(old: DossierContent, new: DossierContent) -> tuple[ContentChange, ...]:
    """The fields that differ, as text before and after."""
    values = ((name, getattr(old, name), getattr(new, name)) for name in _NAMES)
    return tuple(
        ContentChange(field=name, content=Change(old=_as_text(before), new=_as_text(after)))
        for name, before, after in values
        if before != after
    )


def _as_text(value: object) -> str:
    """Text as it is; nothing as nothing; all else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else to_json(value).decode()
