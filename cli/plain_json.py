"""JSON in files that people write: what stands in it twice is said, not half lost."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any


class NamedTwice(ValueError):
    """An object has these fields more than once: of two, nobody knows which was meant."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names)
        self.names = names


def json_of(text: str) -> Any:
    """What the text says; `NamedTwice`, or another `ValueError` where it is no JSON."""
    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_once)
    except RecursionError:
        raise ValueError("nested without end") from None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    times = Counter(name for name, _ in pairs)
    if len(times) < len(pairs):
        raise NamedTwice([name for name, count in times.items() if count > 1])
    return dict(pairs)
