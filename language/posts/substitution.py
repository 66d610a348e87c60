"""Who acts for the holder of a post on a day: delegates in chains, deputies, whoever acts in a vacant post,
and colleagues of an office."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from language.ids import PersonId, PostId, UnitId
from language.posts.kinds import ActsAs, PostKind, PostTask
from language.posts.through import Through

DEPUTIES = (
    (PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD),
    (PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_DEPUTY_CHAIR),
)
"""Which post acts for which while its holder is on leave, or while it is vacant."""
_NO_OFFICE = frozenset(
    {
        PostKind.ADMIN,
        PostKind.STAFF,
        PostKind.AUDITOR,
        PostKind.COUNCIL_MEMBER,
        PostKind.COUNCIL_SUBSTITUTE,
    }
)
"""Posts whose holders do not take each other's work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A post in its unit; `unit_path` runs from the root to the unit."""

    post_id: PostId
    kind: PostKind
    unit_path: tuple[UnitId, ...]

    @property
    def unit_id(self) -> UnitId:
        """The unit the post is in."""
        return self.unit_path[-1]


def stands_in(own: Place, other: Place) -> bool:
    """Whoever holds `own` may get work of who holds `other` and is away: as the deputy, or as a colleague in
    an office."""
    is_office = own.kind is other.kind and own.kind not in _NO_OFFICE
    return own.unit_id == other.unit_id and (is_office or (other.kind, own.kind) in DEPUTIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A post held on the day in question. `acting`: held only until somebody is appointed to it."""

    id: UUID
    post_id: PostId
    person_id: PersonId
    acting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """The grantor's work goes to the delegate from the first day to the last. An empty set of kinds, levels
    or tasks stands for all of them."""

    id: UUID
    grantor_id: PersonId
    delegate_id: PersonId
    starts_on: date
    ends_on: date
    post_kinds: frozenset[PostKind]
    levels: frozenset[str]
    tasks: frozenset[PostTask]
    unit_id: UnitId
    units_below: bool
    reason: str

    def covers_post(self, kind: PostKind, unit_path: Sequence[UUID]) -> bool:
        """The post is of a kind and in a unit for which the delegation is given."""
        in_scope = self.unit_id in unit_path if self.units_below else self.unit_id == unit_path[-1]
        return in_scope and (not self.post_kinds or kind in self.post_kinds)

    def covers(self, place: Place, case: "Case") -> bool:
        """The delegation is given for this work in this post."""
        in_level = not self.levels or case.level in self.levels
        return (
            in_level
            and (not self.tasks or case.task in self.tasks)
            and self.covers_post(place.kind, place.unit_path)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The work in question. `excluded` may not act in the matter and nobody acts for them; `barred` may not
    have this task as well.

    `is_office`: a colleague may do it. Among colleagues `assignee_id`, who has it now, keeps it if that is
    possible; else `turn` spreads the work."""

    task: PostTask
    level: str | None = None
    excluded: Collection[PersonId] = ()
    barred: Collection[PersonId] = ()
    is_office: bool = False
    assignee_id: PersonId | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """Who acts, as what and by what right; `chain` runs from the holder to that person. A deputy in a vacant
    post acts on nobody's behalf.

    The right is the holding of the post and, of a delegate, the delegation that the person got it by; of a
    deputy or colleague the own holding, and the leave of whoever is away."""

    person_id: PersonId
    on_behalf_of: PersonId | None
    chain: tuple[PersonId, ...]
    acts_as: ActsAs
    through: Through


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The posts of some units as they are on one day: their holders, who is away by which leave (None: the
    account is closed), and the delegations in force by grantor."""

    places: Mapping[PostId, Place]
    holdings: Mapping[PostId, Sequence[Holding]]
    away: Mapping[PersonId, UUID | None]
    delegations: Mapping[PersonId, Sequence[Delegation]]

    def holders_of(self, post_id: PostId) -> list[Holding]:
        """Those appointed to the post; in a vacant post those who act in it."""
        held = self.holdings.get(post_id, ())
        return [holding for holding in held if not holding.acting] or list(held)


def who_acts(roster: Roster, place: Place, holding: Holding, case: Case) -> Substitution | None:
    """The holder's delegate if there is one who can, else the holder, else (while the holder is away) the
    deputy; or nobody.

    An excluded holder (an author) is not replaced: delegate and deputy would still act in the author's own
    matter."""
    holder = holding.person_id
    if holder in case.excluded:
        return None
    links = _follow(roster, place, holder, case)
    if links:
        return _delegate(holding, links)
    if links is not None:
        return _in_own_right(holding, ActsAs.ACTING_HOLDER if holding.acting else ActsAs.HOLDER)
    deputy = _deputy(roster, place, case) if holder in roster.away else None
    return _stand_in(roster, deputy, holder, ActsAs.DEPUTY) if deputy else None


def _in_own_right(holding: Holding, acts_as: ActsAs) -> Substitution:
    person = holding.person_id
    return Substitution(
        person_id=person,
        on_behalf_of=None,
        chain=(person,),
        acts_as=acts_as,
        through=Through(holding_id=holding.id),
    )


def _delegate(holding: Holding, links: Sequence[Delegation]) -> Substitution:
    holder, last = holding.person_id, links[-1]
    return Substitution(
        person_id=last.delegate_id,
        on_behalf_of=holder,
        chain=(holder, *(link.delegate_id for link in links)),
        acts_as=ActsAs.DELEGATE,
        through=Through(holding_id=holding.id, delegation_id=last.id),
    )


def _stand_in(roster: Roster, own: Holding, holder: PersonId, acts_as: ActsAs) -> Substitution:
    """By the own holding, for a holder who is not there."""
    return Substitution(
        person_id=own.person_id,
        on_behalf_of=holder,
        chain=(holder, own.person_id),
        acts_as=acts_as,
        through=Through(holding_id=own.id, leave_id=roster.away.get(holder)),
    )


def who_acts_in(roster: Roster, place: Place, case: Case) -> list[Substitution]:
    """Whoever acts in the post, one for each holder; in a vacant post nobody appointed anybody to act in, the
    deputy."""
    holders = roster.holders_of(place.post_id)
    if holders:
        return [found for holding in holders if (found := who_acts(roster, place, holding, case))]
    deputy = _deputy(roster, place, case)
    return [_in_own_right(deputy, ActsAs.DEPUTY)] if deputy else []


def who_acts_for(roster: Roster, place: Place, holder_id: PersonId | None, case: Case) -> Substitution | None:
    """Who acts for work that was given to this holder of the post (None in an empty seat): while the person
    holds it, for that person; later, for whoever does.

    Where nobody does, the work of an office goes to a colleague in a like post of the unit.
    """
    own = next(
        (holding for holding in roster.holders_of(place.post_id) if holding.person_id == holder_id), None
    )
    found = who_acts(roster, place, own, case) if own else next(iter(who_acts_in(roster, place, case)), None)
    return found or _colleague(roster, place, holder_id if own else None, case)


def _follow(roster: Roster, place: Place, holder: PersonId, case: Case) -> tuple[Delegation, ...] | None:
    """The delegations to the first person who can act, none for the holder: along those that cover the work,
    and back where a delegate cannot.

    Every link passes on no more than the one before it gave, since each must cover the work in the first
    holder's own post. Nobody is asked twice, so circles end. The chain does not go through an excluded
    person."""
    asked = {holder}
    links: list[Delegation] = []
    given = [_given(roster, place, holder, case)]
    while given:
        following = next(
            (
                link
                for link in given[-1]
                if link.delegate_id not in asked and link.delegate_id not in case.excluded
            ),
            None,
        )
        person = links[-1].delegate_id if links else holder
        if following is not None:
            asked.add(following.delegate_id)
            links.append(following)
            given.append(_given(roster, place, following.delegate_id, case))
        elif person not in roster.away and person not in case.barred:
            return tuple(links)
        else:
            given.pop()
            del links[-1:]
    return None


def _given(roster: Roster, place: Place, person: PersonId, case: Case) -> Iterator[Delegation]:
    return (one for one in roster.delegations.get(person, ()) if one.covers(place, case))


def _deputy(roster: Roster, place: Place, case: Case) -> Holding | None:
    kind = dict(DEPUTIES).get(place.kind)
    return next(iter(_free_in(roster, place, kind, case)), None) if kind else None


def _colleague(roster: Roster, place: Place, holder_id: PersonId | None, case: Case) -> Substitution | None:
    """Somebody in a like post of the unit who is there, for the holder; in their own right if there is no
    holder any more."""
    if not case.is_office or holder_id in case.excluded:
        return None
    there = _free_in(roster, place, place.kind, case)
    if not there:
        return None
    keeps = next((own for own in there if own.person_id == case.assignee_id), None)
    own = keeps or there[case.turn % len(there)]
    if holder_id:
        return _stand_in(roster, own, holder_id, ActsAs.COLLEAGUE)
    return _in_own_right(own, ActsAs.COLLEAGUE)


def _free_in(roster: Roster, place: Place, kind: PostKind, case: Case) -> list[Holding]:
    """How those in posts of this kind in the same unit hold them who are there and may have this task, each
    person once."""
    held: dict[PersonId, Holding] = {}
    for other in roster.places.values():
        if other.kind is kind and other.unit_id == place.unit_id:
            for holding in roster.holders_of(other.post_id):
                held.setdefault(holding.person_id, holding)
    return [
        holding
        for person, holding in held.items()
        if not {person} & {*roster.away, *case.excluded, *case.barred}
    ]
