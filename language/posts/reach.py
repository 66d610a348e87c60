"""How far a change reaches: every post in which somebody else may act after it; pure.

Who acts in a post depends on its holders, on those to whom their work may be passed on, on the deputies and
on the colleagues in the same unit. So a change of a holding reaches the post and those that its holders stand
in for; a leave or a delegation reaches back along delegations to the holders whose work may come there."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from language.ids import PersonId, PostId, UnitId
from language.posts.kinds import PostKind
from language.posts.substitution import DEPUTIES, Delegation, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PostChanged:
    """A post was made, or its holding began, ended or was written down anew."""

    post_id: PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceChanged:
    """A leave of the person was written down, taken back, began or ended, or the account was closed or
    opened."""

    person_id: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationChanged:
    """A delegation was given, taken back, began or ended."""

    delegation: Delegation


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChanged:
    """The unit, with all below it, lies elsewhere."""

    unit_id: UnitId


Change: TypeAlias = PostChanged | AbsenceChanged | DelegationChanged | UnitChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """What ties posts and people together on any of the days in question, before the change or after it: the
    posts, those that each person holds, and who has passed work on to each."""

    places: Mapping[PostId, Place]
    held_by: Mapping[PersonId, Collection[PostId]]
    passed_to: Mapping[PersonId, Collection[PersonId]]


def reached_posts(bonds: Bonds, changes: Iterable[Change]) -> frozenset[PostId]:
    """Every post for which the answer to "who acts" may differ by these changes; no other can."""
    like = _Likeness(bonds)
    return frozenset(post for change in changes for post in _reached(bonds, like, change))


class _Likeness:
    """The posts by unit and kind."""

    def __init__(self, bonds: Bonds) -> None:
        self._posts: dict[tuple[UnitId, PostKind], list[PostId]] = {}
        for place in bonds.places.values():
            self._posts.setdefault((place.unit_id, place.kind), []).append(place.post_id)

    def stands_in(self, place: Place) -> Iterable[PostId]:
        """The posts for which a holder of this one may act as a colleague or deputy; the post itself is one
        of them."""
        kinds = (place.kind, *(of for of, deputy in DEPUTIES if deputy is place.kind))
        return (post for kind in kinds for post in self._posts.get((place.unit_id, kind), ()))


def _reached(bonds: Bonds, like: _Likeness, change: Change) -> Iterable[PostId]:
    match change:
        case PostChanged():
            place = bonds.places.get(change.post_id)
            yield from like.stands_in(place) if place else ()
        case AbsenceChanged():
            for own in bonds.held_by.get(change.person_id, ()):
                yield from like.stands_in(bonds.places[own])
            yield from _passing_on(bonds, change.person_id)
        case DelegationChanged():
            given = change.delegation
            for post in _passing_on(bonds, given.grantor_id):
                place = bonds.places[post]
                if given.covers_post(place.kind, place.unit_path):
                    yield post
        case UnitChanged():
            yield from (post for post, place in bonds.places.items() if change.unit_id in place.unit_path)
        case _:
            assert_never(change)


def _passing_on(bonds: Bonds, person_id: PersonId) -> Iterable[PostId]:
    """The posts of everybody whose work may come to this person, and the person's own."""
    found, ahead = {person_id}, [person_id]
    while ahead:
        further = [one for one in bonds.passed_to.get(ahead.pop(), ()) if one not in found]
        found.update(further)
        ahead.extend(further)
    return (post for person in found for post in bonds.held_by.get(person, ()))
