"""The published views: what a service lets others read of its rows, and who reads what.

A view is a contract. Its columns keep their names and meaning; a column may be added at its end; any other
change is a new view with the next number beside the old one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from language.names import TaskQueue


class View(StrEnum):
    """A published view, by its full name."""

    UNITS = "organisation.units_v1"
    PERSONS = "organisation.persons_v1"
    POSTS = "organisation.posts_v1"
    HOLDINGS = "organisation.holdings_v1"
    LEAVE = "organisation.leave_v1"
    DELEGATIONS = "organisation.delegations_v1"
    ROSTER_CHANGES = "organisation.roster_changes_v1"
    IDENTITIES = "organisation.identities_v1"
    PACKS = "rulebook.packs_v1"
    CALENDARS = "rulebook.calendars_v1"
    BREAKS = "rulebook.breaks_v1"
    SEASONS = "rulebook.seasons_v1"


_CALLERS: Final = frozenset({View.IDENTITIES, View.POSTS, View.HOLDINGS})
"""Who calls, and which posts the person holds: what every service judges a request by."""
_ROSTER: Final = frozenset({View.UNITS, View.LEAVE, View.DELEGATIONS, View.ROSTER_CHANGES})
"""Who acts in which post, besides: for whoever gives out work."""
_CLOCKS: Final = frozenset({View.CALENDARS, View.BREAKS})
READ_BY: Final[Mapping[TaskQueue, frozenset[View]]] = {
    TaskQueue.ORGANISATION: _CLOCKS,
    TaskQueue.RULEBOOK: _CALLERS | {View.UNITS},
    TaskQueue.INTAKE: _CALLERS | _ROSTER | _CLOCKS,
    TaskQueue.REVIEW: _CALLERS | _ROSTER | _CLOCKS,
    TaskQueue.PAYOUT: _CALLERS | _ROSTER | _CLOCKS,
    TaskQueue.POSTROOM: _CALLERS | {View.PERSONS},
}
"""The views that each service reads. Its role may read these, and nothing else that is not its own."""
