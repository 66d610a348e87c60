"""Inserts by the names of their columns: a statement is made once, and each value finds its place by name.

Two ids in the wrong order are still two ids, and neither the type checker nor the database would say so."""

from collections.abc import Mapping
from typing import Final


class Insert:
    """The insert of one row into a table; `columns` are separated by commas, `ending` is what follows the
    values: conflicts, `returning`. `found` are columns that the statement finds itself, with values of others
    by name: `(select … where id = {subject_id})`."""

    def __init__(
        self, table: str, columns: str, ending: str = "", *, found: Mapping[str, str] | None = None
    ) -> None:
        self.columns: Final = tuple(column.strip() for column in columns.split(","))
        self._known = frozenset(self.columns)
        places = _placeholders(1, len(self.columns))
        by_name = dict(zip(self.columns, places, strict=True))
        looks = {name: look.format_map(by_name) for name, look in (found or {}).items()}
        self.statement: Final = (
            f"insert into {table} ({', '.join((*self.columns, *looks))}) "
            f"values ({', '.join((*places, *looks.values()))}) {ending}"
        )

    def row(self, source: object = None, /, **more: object) -> tuple[object, ...]:
        """The values in the order of the columns: each from `more`, or from the attribute of `source` that is
        named like the column."""
        if not more.keys() <= self._known:
            raise TypeError(f"no such columns: {', '.join(sorted(more.keys() - self._known))}")
        return tuple(more[name] if name in more else getattr(source, name) for name in self.columns)

    def placeholders(self, count: int) -> tuple[str, ...]:
        """The parameters that come after the row's, where the insert is part of a larger statement."""
        return _placeholders(len(self.columns) + 1, count)


def _placeholders(first: int, count: int) -> tuple[str, ...]:
    return tuple(f"${number}" for number in range(first, first + count))
