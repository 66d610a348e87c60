"""What was written in an older form is read as one of today: version by version, by pure functions."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

Body: TypeAlias = dict[str, object]
"""What was written: names of fields and their values, as JSON."""
Upcast: TypeAlias = Callable[[Body], Body]
"""The form of the next version."""
Upcasts: TypeAlias = Mapping[tuple[str, int], Upcast]
"""By kind and version. Every version before the newest has one."""


class WrittenLater(Exception):
    """Something bears a version that this release does not know: a later one wrote it. Whoever reads it tries
    again, until a release reads it that knows it."""

    def __init__(self, kind: str, version: int) -> None:
        super().__init__(f"{kind} version {version}")


def brought_up(kind: str, body: Body, *, version: int, newest: int, upcasts: Upcasts) -> Body:
    """What a thing of this kind, written in this version, says in the newest; `WrittenLater` for a version
    that is not known."""
    if not 1 <= version <= newest:
        raise WrittenLater(kind, version)
    for older in range(version, newest):
        body = upcasts[kind, older](body)
    return body
