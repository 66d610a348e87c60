"""What is wrong with a part of a pack, and in which of its fields."""

from collections.abc import Hashable, Iterable

from language.unfit import Unfit


class FieldFault(Unfit):
    """A rule that does not fit others. `place` leads from the part that is checked to the field to mend."""

    def __init__(self, en: str, vi: str, *place: str | int) -> None:
        super().__init__(en, vi)
        self.place = place


def require_unique(names: Iterable[Hashable], en: str, vi: str, *place: str | int, field: str = "id") -> None:
    """No name twice in this list, or `FieldFault` at the one that repeats another."""
    known: set[Hashable] = set()
    for number, name in enumerate(names):
        if name in known:
            raise FieldFault(en, vi, *place, number, field)
        known.add(name)
