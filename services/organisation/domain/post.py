"""Posts and who holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from language.posts.kinds import PostKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post in a unit."""

    id: UUID
    unit_id: UUID
    kind: PostKind
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostWithHolding:
    """A post and one of its holdings; without a holder the last five are None."""

    id: UUID
    unit_id: UUID
    kind: PostKind
    title: str
    holding_id: UUID | None
    person_id: UUID | None
    held_from: date | None
    held_to: date | None
    acting: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsPost:
    """A post that a person holds, held or will hold, with the unit it is in."""

    post_id: UUID
    kind: PostKind
    title: str
    unit_id: UUID
    unit_name: str
    holding_id: UUID
    held_from: date
    held_to: date | None
    acting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHolding:
    """Who holds a post of which kind from when to when; `unit_path` leads to the post's unit."""

    id: UUID
    post_id: UUID
    kind: PostKind
    person_id: UUID
    held_from: date
    held_to: date | None
    acting: bool
    unit_path: Sequence[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedHolding:
    """A holding whose last day was set; `was_held_to` is the one before."""

    id: UUID
    post_id: UUID
    person_id: UUID
    was_held_to: date | None
    held_to: date
