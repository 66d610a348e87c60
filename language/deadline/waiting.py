"""How long somebody has been waited for, in local days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from language.deadline.arithmetic import local_day
from language.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Who is waited for, since when, and how many local days that is."""

    person_id: PersonId
    since: datetime
    days: int


def days_waited(since: datetime, at: datetime) -> int:
    """Local days between the two; none while `since` is still to come."""
    return max(0, (local_day(at) - local_day(since)).days)


def waits(waited_since: Mapping[PersonId, datetime], at: datetime) -> tuple[Wait, ...]:
    """One line a person, as a digest tells it."""
    return tuple(
        Wait(person_id=person, since=since, days=days_waited(since, at))
        for person, since in waited_since.items()
    )
