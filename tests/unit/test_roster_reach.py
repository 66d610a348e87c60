"""How far a change of posts reaches: wherever it does not, nobody else acts on any day, whatever the work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from language.ids import PersonId, PostId
from language.posts.kinds import PostKind
from language.posts.reach import (
    AbsenceChanged,
    Change,
    DelegationChanged,
    PostChanged,
    UnitChanged,
    reached_posts,
)
from language.posts.substitution import Case, Delegation, Place, Substitution, who_acts_for
from tests.roster_facts import (
    CASES,
    COMMUNE,
    DAYS,
    EVER,
    OTHER,
    PEOPLE,
    PLACES,
    PROVINCE,
    SCHOOL,
    AwayDays,
    Facts,
    HeldDays,
    all_facts,
    away_days,
    delegations,
    held_days,
    moved,
)

A, B, C, D = PEOPLE[:4]
_DAY = timedelta(days=1)
MOVES = (
    (SCHOOL, (PROVINCE, OTHER, SCHOOL)),
    (COMMUNE, (PROVINCE, OTHER, COMMUNE)),
    (OTHER, (PROVINCE, COMMUNE, OTHER)),
)


@dataclass(frozen=True)
class Edit:
    """What is different after somebody changed something, and the days on which it is."""

    after: Facts
    change: Change
    first: date
    last: date


def _without(facts: Facts, kind: str, number: int) -> tuple[Facts, object]:
    kept = list(getattr(facts, kind))
    gone = kept.pop(number % len(kept))
    return replace(facts, **{kind: tuple(kept)}), gone


def _new(what: str, facts: Facts) -> st.SearchStrategy[object]:
    match what:
        case "held":
            return held_days(facts.places)
        case "away":
            return away_days()
    return delegations()


@st.composite
def edits(draw: st.DrawFn, facts: Facts) -> Edit:
    """Something is added, taken back, shortened, or a unit moves."""
    what = draw(st.sampled_from(["held", "away", "delegations"]))
    number = draw(st.integers(0, 20))
    way = draw(st.sampled_from(["add", "take back", "shorten", "new post", "move"]))
    if way == "new post":
        place = draw(PLACES)
        after = replace(facts, places=(*facts.places, place))
        return Edit(after, PostChanged(post_id=place.post_id), DAYS[0], EVER)
    if way == "move":
        unit, path = draw(
            st.sampled_from(
                [
                    (SCHOOL, (PROVINCE, OTHER, SCHOOL)),
                    (COMMUNE, (PROVINCE, OTHER, COMMUNE)),
                    (OTHER, (OTHER,)),
                ]
            )
        )
        return Edit(moved(facts, unit, path), UnitChanged(unit_id=unit), DAYS[0], EVER)
    if way == "add" or not getattr(facts, what):
        made = draw(
            {"held": held_days(facts.places), "away": away_days(), "delegations": delegations()}[what]
        )
        return _edit(replace(facts, **{what: (*getattr(facts, what), made)}), made)
    after, gone = _without(facts, what, number)
    if way == "shorten" and isinstance(gone, HeldDays) and gone.first < gone.last:
        last = gone.last - _DAY if gone.last is not EVER else max(DAYS[3], gone.first)
        after = replace(after, held=(*after.held, replace(gone, last=last)))
        return Edit(after, PostChanged(post_id=gone.post_id), last + _DAY, gone.last)
    return _edit(after, gone)


def _edit(after: Facts, fact: object) -> Edit:
    match fact:
        case HeldDays():
            return Edit(after, PostChanged(post_id=fact.post_id), fact.first, fact.last)
        case AwayDays():
            return Edit(after, AbsenceChanged(person_id=fact.person_id), fact.first, fact.last)
        case Delegation():
            return Edit(after, DelegationChanged(delegation=fact), fact.starts_on, fact.ends_on)
    raise AssertionError(fact)


Answers = dict[PostId, list[Substitution | None]]


def _answers(facts: Facts, day: date, cases: Sequence[Case]) -> Answers:
    """Who acts in each post, whoever had the work and whatever it is."""
    roster = facts.roster(day)
    nobody = PersonId(OTHER)
    return {
        place.post_id: [
            who_acts_for(roster, place, holder, case) for holder in (*PEOPLE, nobody) for case in cases
        ]
        for place in facts.places
    }


@given(data=st.data(), facts=all_facts(), cases=st.lists(CASES, min_size=2, max_size=5))
@settings(max_examples=75, deadline=None)
def test_where_a_change_does_not_reach_all_answers_stay_on_every_day(
    data: st.DataObject, facts: Facts, cases: list[Case]
) -> None:
    edit = data.draw(edits(facts))
    reached = reached_posts(edit.after.bonds(edit.first, edit.last), [edit.change])
    for day in DAYS:
        before, after = _answers(facts, day, cases), _answers(edit.after, day, cases)
        for post in before:
            if post not in reached or not edit.first <= day <= edit.last:
                assert before[post] == after[post]


@given(facts=all_facts(), cases=st.lists(CASES, min_size=2, max_size=5))
@settings(max_examples=75, deadline=None)
def test_over_midnight_answers_change_only_where_what_begins_and_ends_reaches(
    facts: Facts, cases: list[Case]
) -> None:
    for day in DAYS[1:]:
        reached = reached_posts(facts.bonds(day - _DAY, day), facts.turns_on(day))
        before, after = _answers(facts, day - _DAY, cases), _answers(facts, day, cases)
        assert all(before[post] == after[post] for post in before if post not in reached)


HEAD = Place(post_id=PostId(UUID(int=50)), kind=PostKind.UNIT_HEAD, unit_path=(PROVINCE, COMMUNE))
DEPUTY = Place(post_id=PostId(UUID(int=51)), kind=PostKind.DEPUTY_HEAD, unit_path=(PROVINCE, COMMUNE))
OFFICER = Place(post_id=PostId(UUID(int=52)), kind=PostKind.INTAKE_OFFICER, unit_path=(PROVINCE, COMMUNE))
ELSEWHERE = Place(post_id=PostId(UUID(int=53)), kind=PostKind.INTAKE_OFFICER, unit_path=(PROVINCE, OTHER))


def _held(place: Place, person: PersonId) -> HeldDays:
    return HeldDays(
        id=place.post_id, post_id=place.post_id, person_id=person, first=DAYS[0], last=EVER, acting=False
    )


def _passed_on(grantor: PersonId, delegate: PersonId) -> Delegation:
    return Delegation(
        id=UUID(int=grantor.int * 1000 + delegate.int),
        grantor_id=grantor,
        delegate_id=delegate,
        starts_on=DAYS[0],
        ends_on=DAYS[-1],
        post_kinds=frozenset(),
        levels=frozenset(),
        tasks=frozenset(),
        unit_id=PROVINCE,
        units_below=True,
        reason="x",
    )


FACTS = Facts(
    places=(HEAD, DEPUTY, OFFICER, ELSEWHERE),
    held=(_held(HEAD, A), _held(DEPUTY, B), _held(OFFICER, C), _held(ELSEWHERE, D)),
)


def _reached(facts: Facts, change: Change) -> set[PostId]:
    return set(reached_posts(facts.bonds(DAYS[0], DAYS[-1]), [change]))


def test_a_deputy_who_goes_on_leave_concerns_the_head_and_nobody_else() -> None:
    assert _reached(FACTS, AbsenceChanged(person_id=B)) == {DEPUTY.post_id, HEAD.post_id}
    assert _reached(FACTS, AbsenceChanged(person_id=A)) == {HEAD.post_id}


def test_a_delegate_who_goes_on_leave_concerns_all_whose_work_may_come_there() -> None:
    chain = replace(FACTS, delegations=(_passed_on(C, D), _passed_on(A, C), _passed_on(D, A)))
    assert _reached(chain, AbsenceChanged(person_id=D)) == {HEAD.post_id, OFFICER.post_id, ELSEWHERE.post_id}


def test_a_delegation_concerns_only_posts_that_it_is_given_for() -> None:
    for_elsewhere = replace(_passed_on(C, D), unit_id=OTHER)
    assert _reached(FACTS, DelegationChanged(delegation=for_elsewhere)) == set()
    assert _reached(FACTS, DelegationChanged(delegation=_passed_on(C, D))) == {OFFICER.post_id}
