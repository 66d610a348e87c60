"""What `sangkien doctor` says of one thing that it looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `title` is its name for people, where that is not the name itself."""

    name: str
    is_fine: bool
    detail: str
    title: str = ""
