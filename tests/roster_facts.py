"""Random facts about posts, and the plainest way to read from them who acts: for tests of what is quicker."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

from hypothesis import strategies as st

from language.ids import PersonId, PostId, UnitId
from language.posts.kinds import PostKind, PostTask
from language.posts.reach import (
    AbsenceChanged,
    Bonds,
    Change,
    DelegationChanged,
    PostChanged,
)
from language.posts.substitution import Case, Delegation, Holding, Place, Roster

T = TypeVar("T")
PROVINCE, COMMUNE, SCHOOL, OTHER = (UnitId(UUID(int=number)) for number in (1, 2, 3, 4))
PATHS = ((PROVINCE,), (PROVINCE, COMMUNE), (PROVINCE, COMMUNE, SCHOOL), (PROVINCE, OTHER))
PEOPLE = [PersonId(UUID(int=100 + number)) for number in range(6)]
KINDS = (
    PostKind.UNIT_HEAD,
    PostKind.DEPUTY_HEAD,
    PostKind.INTAKE_OFFICER,
    PostKind.COUNCIL_CHAIR,
    PostKind.COUNCIL_DEPUTY_CHAIR,
)
LEVELS = ("UNIT", "COMMUNE")
FIRST_DAY = date(2026, 3, 2)
DAYS = [FIRST_DAY + timedelta(days=number) for number in range(6)]
EVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDays:
    """A post held from the first day to the last."""

    id: UUID
    post_id: PostId
    person_id: PersonId
    first: date
    last: date
    acting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayDays:
    """A leave."""

    id: UUID
    person_id: PersonId
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything there is to know, of all days; what was given last comes last."""

    places: tuple[Place, ...]
    held: tuple[HeldDays, ...] = ()
    away: tuple[AwayDays, ...] = ()
    delegations: tuple[Delegation, ...] = ()

    def roster(self, day: date) -> Roster:
        """The whole picture of the day."""
        there = sorted(
            (one for one in self.held if one.first <= day <= one.last), key=lambda one: (one.first, one.id)
        )
        order = {one.post_id: number for number, one in reversed(list(enumerate(there)))}
        places = sorted(self.places, key=lambda place: (order.get(place.post_id, len(there)), place.post_id))
        given = [one for one in reversed(self.delegations) if one.starts_on <= day <= one.ends_on]
        return Roster(
            places={place.post_id: place for place in places},
            holdings={
                place.post_id: [
                    Holding(id=one.id, post_id=one.post_id, person_id=one.person_id, acting=one.acting)
                    for one in there
                    if one.post_id == place.post_id
                ]
                for place in places
            },
            away={
                one.person_id: one.id
                for one in sorted(self.away, key=lambda one: one.id, reverse=True)
                if one.first <= day <= one.last
            },
            delegations={
                person: [one for one in given if one.grantor_id == person]
                for person in dict.fromkeys(one.grantor_id for one in given)
            },
        )

    def bonds(self, first: date, last: date) -> Bonds:
        """What ties posts and people together in these days."""
        held_by: dict[PersonId, set[PostId]] = {}
        for one in self.held:
            if one.first <= last and one.last >= first:
                held_by.setdefault(one.person_id, set()).add(one.post_id)
        passed_to: dict[PersonId, set[PersonId]] = {}
        for given in self.delegations:
            if given.starts_on <= last and given.ends_on >= first:
                passed_to.setdefault(given.delegate_id, set()).add(given.grantor_id)
        return Bonds(
            places={place.post_id: place for place in self.places}, held_by=held_by, passed_to=passed_to
        )

    def turns_on(self, day: date) -> list[Change]:
        """What begins on the day, or ended with the day before it."""
        eve = day - timedelta(days=1)
        return [
            *(PostChanged(post_id=one.post_id) for one in self.held if day == one.first or eve == one.last),
            *(
                AbsenceChanged(person_id=one.person_id)
                for one in self.away
                if day == one.first or eve == one.last
            ),
            *(
                DelegationChanged(delegation=one)
                for one in self.delegations
                if day == one.starts_on or eve == one.ends_on
            ),
        ]


def holds(post_id: PostId, person_id: PersonId, *, acting: bool = False) -> Holding:
    """The person holds the post; the id says so."""
    name = f"{post_id} {person_id}"
    return Holding(id=uuid5(NAMESPACE_OID, name), post_id=post_id, person_id=person_id, acting=acting)


def on_leave(people: Iterable[PersonId]) -> dict[PersonId, UUID]:
    """These are away; the id of each leave says who."""
    return {person: uuid5(NAMESPACE_OID, str(person)) for person in people}


def moved(facts: Facts, unit: UnitId, new_path: tuple[UnitId, ...]) -> Facts:
    """The unit with all below it under another parent."""
    places = tuple(
        replace(place, unit_path=new_path + place.unit_path[place.unit_path.index(unit) + 1 :])
        if unit in place.unit_path
        else place
        for place in facts.places
    )
    return replace(facts, places=places)


SPANS = st.tuples(st.sampled_from(DAYS), st.sampled_from([*DAYS, EVER])).filter(
    lambda span: span[0] <= span[1]
)
PLACES = st.builds(
    Place, post_id=st.uuids().map(PostId), kind=st.sampled_from(KINDS), unit_path=st.sampled_from(PATHS)
)


@st.composite
def held_days(draw: st.DrawFn, places: Sequence[Place]) -> HeldDays:
    """A holding of one of the posts."""
    first, last = draw(SPANS)
    return HeldDays(
        id=draw(st.uuids()),
        post_id=draw(st.sampled_from(places)).post_id,
        person_id=draw(st.sampled_from(PEOPLE)),
        first=first,
        last=last,
        acting=draw(st.integers(0, 4)) == 0,
    )


@st.composite
def away_days(draw: st.DrawFn) -> AwayDays:
    """A leave of somebody."""
    first, last = draw(SPANS)
    return AwayDays(id=draw(st.uuids()), person_id=draw(st.sampled_from(PEOPLE)), first=first, last=last)


def _seldom(among: Sequence[T]) -> st.SearchStrategy[list[T]]:
    """As a rule nothing, so that chains come about."""
    return st.integers(0, 3).flatmap(
        lambda turn: st.lists(st.sampled_from(among), max_size=2) if turn == 0 else st.just([])
    )


@st.composite
def delegations(draw: st.DrawFn) -> Delegation:
    """A delegation; chains and circles come about, for there are few people."""
    first, last = draw(SPANS)
    grantor, delegate = draw(st.permutations(PEOPLE))[:2]
    return Delegation(
        id=draw(st.uuids()),
        grantor_id=grantor,
        delegate_id=delegate,
        starts_on=first,
        ends_on=last,
        post_kinds=frozenset(draw(_seldom(KINDS))),
        levels=frozenset(draw(_seldom(LEVELS))),
        tasks=frozenset(draw(_seldom(list(PostTask)))),
        unit_id=draw(st.sampled_from([PROVINCE, PROVINCE, PROVINCE, PROVINCE, COMMUNE, SCHOOL, OTHER])),
        units_below=draw(st.integers(0, 3)) > 0,
        reason="x",
    )


@st.composite
def all_facts(draw: st.DrawFn) -> Facts:
    """A small province over some days."""
    places = draw(st.lists(PLACES, min_size=2, max_size=7, unique_by=lambda place: place.post_id))
    return Facts(
        places=tuple(places),
        held=tuple(_apart(draw(st.lists(held_days(places), min_size=2, max_size=9)))),
        away=tuple(draw(st.lists(away_days(), max_size=5))),
        delegations=tuple(draw(st.lists(delegations(), min_size=2, max_size=9))),
    )


def _apart(held: Sequence[HeldDays]) -> list[HeldDays]:
    """Nobody holds a post twice on a day."""
    kept: list[HeldDays] = []
    for one in held:
        if not any(
            (one.post_id, one.person_id) == (other.post_id, other.person_id)
            and one.first <= other.last
            and other.first <= one.last
            for other in kept
        ):
            kept.append(one)
    return kept


SOME_PEOPLE = st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True)
CASES = st.builds(
    Case,
    task=st.sampled_from(PostTask),
    level=st.sampled_from([None, *LEVELS]),
    excluded=SOME_PEOPLE,
    barred=SOME_PEOPLE,
    is_office=st.booleans(),
    assignee_id=st.sampled_from([None, *PEOPLE]),
    turn=st.integers(0, 3),
)
