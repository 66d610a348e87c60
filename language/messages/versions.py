"""Versions of messages. A message that has changed has a field `version` whose default is its newest; one
without it is of version 1, and so is whatever was written without it. A changed part changes every message
that holds it.

Messages are kept in outboxes and in the histories of runs: older forms are read for ever."""

from dataclasses import fields, is_dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from language.versions import Body, Upcasts, brought_up

FIELD: Final = "version"
UPCASTS: Final[Upcasts] = MappingProxyType({})
"""By the name of the message's class and the version. An upcast leaves `version` alone."""


@cache
def newest(kind: object) -> int:
    """The version in which messages of this type are written."""
    if not (isinstance(kind, type) and is_dataclass(kind)):
        return 1
    own = next((one.default for one in fields(kind) if one.name == FIELD), 1)
    return own if isinstance(own, int) else 1


def message_body(kind: type, body: Body) -> Body:
    """A message of this type as it is written today; `WrittenLater` for one that a later release wrote."""
    version = body.get(FIELD, 1)
    if not isinstance(version, int):
        raise TypeError(f"{kind.__name__}: its version is no number")
    now = newest(kind)
    brought = brought_up(kind.__name__, body, version=version, newest=now, upcasts=UPCASTS)
    return {**brought, FIELD: now} if FIELD in brought or now > 1 else brought
