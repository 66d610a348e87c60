"""What a rung did, in typed parts: what the rule of a ladder answers, what its event says, and what a
forecast shows."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from language.deadline.waiting import Wait
from language.events.base import Change
from language.ids import PersonId
from language.posts.kinds import PostTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """The silent were reminded."""

    person_ids: tuple[PersonId, ...]
    did: Literal["REMINDED"] = "REMINDED"

    @property
    def told(self) -> tuple[PersonId, ...]:
        """Whom it speaks to."""
        return self.person_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceReported:
    """One person was told in one message who is silent and how long: a council's secretary, or the head."""

    to_id: PersonId
    silent: tuple[Wait, ...]
    to_secretary: bool = False
    did: Literal["SILENCE_REPORTED"] = "SILENCE_REPORTED"

    @property
    def told(self) -> tuple[PersonId, ...]:
        """Whom it speaks to."""
        return (self.to_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperiorTold:
    """The nearest head above was told who is silent."""

    superior_id: PersonId
    silent_ids: tuple[PersonId, ...]
    did: Literal["SUPERIOR_TOLD"] = "SUPERIOR_TOLD"

    @property
    def told(self) -> tuple[PersonId, ...]:
        """Whom it speaks to."""
        return (self.superior_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkGiven:
    """Work that nobody had was given to somebody who is there."""

    task: PostTask
    to_id: PersonId
    did: Literal["WORK_GIVEN"] = "WORK_GIVEN"

    @property
    def told(self) -> tuple[PersonId, ...]:
        """Whom it speaks to."""
        return (self.to_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedUp:
    """The work went to a superior. `waives_quorum`: a decision need not wait for members any longer; without
    another superior the same person keeps it."""

    task: PostTask
    from_ids: tuple[PersonId, ...]
    to_id: PersonId
    waives_quorum: bool = False
    did: Literal["HANDED_UP"] = "HANDED_UP"

    @property
    def told(self) -> tuple[PersonId, ...]:
        """Whom it speaks to."""
        return (self.to_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A seat went from one person to another."""

    from_id: PersonId
    to_id: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersReplaced:
    """Silent members gave their seats to substitutes; `kept_ids` are silent too, but no substitute was
    left."""

    replaced: tuple[Replacement, ...]
    kept_ids: tuple[PersonId, ...]
    did: Literal["MEMBERS_REPLACED"] = "MEMBERS_REPLACED"

    @property
    def told(self) -> tuple[PersonId, ...]:
        """Whom it speaks to."""
        return tuple(person for seat in self.replaced for person in (seat.from_id, seat.to_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsFilled:
    """Seats that had stood empty were taken."""

    person_ids: tuple[PersonId, ...]
    did: Literal["SEATS_FILLED"] = "SEATS_FILLED"

    @property
    def told(self) -> tuple[PersonId, ...]:
        """Whom it speaks to."""
        return self.person_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class QuorumLowered:
    """A lower share is enough from now on, by a rule of the pack. `told_ids` learn it by a notice; who gets
    the decision by it learns it from the task."""

    quorum: Change[str]
    quorum_rule: str
    needed: int
    sheets: int
    decider_id: PersonId | None
    told_ids: tuple[PersonId, ...]
    did: Literal["QUORUM_LOWERED"] = "QUORUM_LOWERED"

    @property
    def told(self) -> tuple[PersonId, ...]:
        """Whom it speaks to."""
        decider = (self.decider_id,) if self.decider_id else ()
        return tuple(dict.fromkeys((*decider, *self.told_ids)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairFreed:
    """The chair may decide without the sheets of these members."""

    chair_id: PersonId
    without_ids: tuple[PersonId, ...]
    did: Literal["CHAIR_FREED"] = "CHAIR_FREED"

    @property
    def told(self) -> tuple[PersonId, ...]:
        """Whom it speaks to."""
        return (self.chair_id,)


Did: TypeAlias = (
    Reminded
    | SilenceReported
    | SuperiorTold
    | WorkGiven
    | HandedUp
    | MembersReplaced
    | SeatsFilled
    | QuorumLowered
    | ChairFreed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilFound:
    """How far a council's marking was when a rung's time came."""

    members: int
    sheets_in: int
    sheets_owed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RungEffect:
    """What a rung does as things stand: nothing, if `did` is empty. Each ladder adds what carrying it out
    needs."""

    did: tuple[Did, ...] = ()

    @property
    def told(self) -> tuple[PersonId, ...]:
        """Everybody it speaks to, each once."""
        return tuple(dict.fromkeys(person for part in self.did for person in part.told))
