"""Two records of one person: proposed to be joined, approved by another, joined as a day begins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from language.joined import JoinedAs, SignInAfter
from language.names import TaskQueue

_DAY = timedelta(days=1)


class JoiningState(StrEnum):
    """The life of a joining."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    IN_FORCE = "IN_FORCE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Who says, by which document, that the joined record is of the same person as the kept one."""

    id: UUID
    kept_id: UUID
    joined_id: UUID
    document: str
    reason: str
    from_day: date
    state: JoiningState
    proposed_by: UUID
    proposed_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    in_force_at: datetime | None
    version: int

    @property
    def may_change(self) -> bool:
        """It has not come into force, nor been taken back."""
        return self.state in (JoiningState.PROPOSED, JoiningState.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """So many things of a kind stand under the joined record in a service, so many of them open."""

    service: TaskQueue
    joined_as: JoinedAs
    count: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsTwice:
    """Where both records stand in one thing: a dossier, a council, an award, a post."""

    service: TaskQueue
    joined_as: JoinedAs
    about_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningShown:
    """A joining, and what it would move as things stand; nothing, once it is over."""

    joining: Joining
    kept_code: str
    joined_code: str
    moves: tuple[Moving, ...] = ()
    twice: tuple[StandsTwice, ...] = ()
    sign_in: SignInAfter | None = None

    @property
    def version(self) -> int:
        """Of the joining."""
        return self.joining.version


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDays:
    """A post that a record holds from a day to another, both included."""

    id: UUID
    post_id: UUID
    held_from: date
    held_to: date | None
    acting: bool

    @property
    def last(self) -> date:
        """The last day; the end of time without one."""
        return self.held_to or date.max

    def shares_days_with(self, other: "HeldDays") -> bool:
        """Some day is in both."""
        return self.held_from <= other.last and other.held_from <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsAfter:
    """`kept`: all holdings of the kept record as they are before the others come. `passed` go over as they
    are; `merged` says of each of the rest of which kept one it is a part."""

    kept: tuple[HeldDays, ...]
    passed: tuple[HeldDays, ...]
    merged: tuple[tuple[HeldDays, UUID], ...]


def join_holdings(kept: Sequence[HeldDays], joined: Sequence[HeldDays]) -> HoldingsAfter:
    """The person holds each post on exactly the days on which either record held it, and on no day twice.

    A holding that shares days with kept ones of its post is a part of the first of these, which take its days
    before, between and after them; an id of a holding stays what events name. Who was appointed by either is
    appointed."""
    now = sorted(kept, key=_in_order)
    passed: list[HeldDays] = []
    merged: list[tuple[HeldDays, UUID]] = []
    for holding in sorted(joined, key=_in_order):
        met = [
            index
            for index, one in enumerate(now)
            if one.post_id == holding.post_id and one.shares_days_with(holding)
        ]
        if not met:
            passed.append(holding)
            continue
        merged.append((holding, now[met[0]].id))
        for place, index in enumerate(met):
            one = now[index]
            is_last = place == len(met) - 1
            after = max(one.last, holding.last) if is_last else now[met[place + 1]].held_from - _DAY
            now[index] = replace(
                one,
                held_from=min(one.held_from, holding.held_from) if place == 0 else one.held_from,
                held_to=None if after == date.max else after,
                acting=one.acting and holding.acting,
            )
    return HoldingsAfter(kept=tuple(now), passed=tuple(passed), merged=tuple(merged))


def _in_order(holding: HeldDays) -> tuple[UUID, date]:
    return holding.post_id, holding.held_from
