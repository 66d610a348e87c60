"""Chains of delegations: checked against a brute-force search over random graphs, and as a life of posts,
leave and delegations."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from language.ids import PersonId, PostId, UnitId
from language.posts.holders import Matter, holders_in
from language.posts.kinds import ActsAs, PostKind, PostTask
from language.posts.substitution import (
    Case,
    Delegation,
    Place,
    Roster,
    Substitution,
    who_acts,
    who_acts_for,
)
from language.posts.through import Through
from tests.roster_facts import holds, on_leave

SCHOOL, PROVINCE, OTHER_SCHOOL = (UnitId(UUID(int=number)) for number in (3, 1, 4))
PATHS = ((PROVINCE,), (PROVINCE, SCHOOL), (PROVINCE, OTHER_SCHOOL))
PEOPLE = [PersonId(UUID(int=100 + number)) for number in range(7)]
A, B, C, D = PEOPLE[:4]
KINDS = (PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD, PostKind.INTAKE_OFFICER, PostKind.COUNCIL_MEMBER)
LEVELS = ("UNIT", "COMMUNE")
DAY = date(2026, 3, 2)
OFFICER = Place(post_id=PostId(UUID(int=50)), kind=PostKind.INTAKE_OFFICER, unit_path=(PROVINCE, SCHOOL))
CHECK = Case(task=PostTask.FORMAL_CHECK, is_office=True)


def _delegation(
    grantor: PersonId,
    delegate: PersonId,
    *,
    kinds: Sequence[PostKind] = (),
    levels: Sequence[str] = (),
    tasks: Sequence[PostTask] = (),
    unit: UnitId = PROVINCE,
    below: bool = True,
) -> Delegation:
    return Delegation(
        id=uuid4(),
        grantor_id=grantor,
        delegate_id=delegate,
        starts_on=DAY,
        ends_on=DAY,
        post_kinds=frozenset(kinds),
        levels=frozenset(levels),
        tasks=frozenset(tasks),
        unit_id=unit,
        units_below=below,
        reason="",
    )


def _by_grantor(delegations: Sequence[Delegation]) -> dict[PersonId, list[Delegation]]:
    return {person: [one for one in delegations if one.grantor_id == person] for person in PEOPLE}


def _roster(
    *delegations: Delegation, away: Sequence[PersonId] = (), holder: PersonId = A, place: Place = OFFICER
) -> Roster:
    held = holds(place.post_id, holder)
    return Roster(
        places={place.post_id: place},
        holdings={place.post_id: [held]},
        away=on_leave(away),
        delegations=_by_grantor(delegations),
    )


def _acts(roster: Roster, case: Case = CHECK, holder: PersonId = A) -> Substitution | None:
    return who_acts_for(roster, OFFICER, holder, case)


def _person(found: Substitution | None) -> PersonId | None:
    return found.person_id if found else None


def test_the_last_of_a_chain_acts_for_the_first_and_the_chain_is_told() -> None:
    first, last = _delegation(A, B), _delegation(B, C)
    found = _acts(_roster(first, last, away=[A]))
    assert found == Substitution(
        person_id=C,
        on_behalf_of=A,
        chain=(A, B, C),
        acts_as=ActsAs.DELEGATE,
        through=Through(holding_id=holds(OFFICER.post_id, A).id, delegation_id=last.id),
    )


def test_a_delegation_works_while_the_grantor_is_there_too() -> None:
    assert _person(_acts(_roster(_delegation(A, B)))) == B


def test_a_circle_ends_with_whoever_is_there() -> None:
    circle = [_delegation(A, B), _delegation(B, C), _delegation(C, A)]
    assert [_person(_acts(_roster(*circle, away=away))) for away in ([], [C], [B, C], [A, B, C])] == [
        C,
        B,
        A,
        None,
    ]


def test_where_the_delegate_is_away_the_next_delegation_is_tried_then_the_grantor() -> None:
    both = [_delegation(A, B), _delegation(A, C)]
    assert [_person(_acts(_roster(*both, away=away))) for away in ([B], [B, C], [A, B, C])] == [C, A, None]


def test_nobody_acts_for_an_author_and_no_chain_goes_through_one() -> None:
    chain = [_delegation(A, B), _delegation(B, C)]
    assert _acts(_roster(*chain), Case(task=PostTask.FORMAL_CHECK, excluded=[A])) is None
    assert _person(_acts(_roster(*chain), Case(task=PostTask.FORMAL_CHECK, excluded=[B]))) == A


def test_who_has_the_next_seat_already_is_passed_over() -> None:
    chain = [_delegation(A, B), _delegation(B, C)]
    assert _person(_acts(_roster(*chain, away=[A]), Case(task=PostTask.FORMAL_CHECK, barred=[C]))) == B


def test_a_scope_holds_for_post_level_task_and_unit() -> None:
    inside = [
        _delegation(A, B, kinds=[PostKind.INTAKE_OFFICER]),
        _delegation(A, B, tasks=[PostTask.FORMAL_CHECK]),
        _delegation(A, B, unit=SCHOOL, below=False),
    ]
    outside = [
        _delegation(A, B, kinds=[PostKind.ACCOUNTANT]),
        _delegation(A, B, tasks=[PostTask.MARK]),
        _delegation(A, B, levels=["UNIT"]),
        _delegation(A, B, below=False),
        _delegation(A, B, unit=OTHER_SCHOOL),
    ]
    assert [_person(_acts(_roster(one))) for one in inside] == [B] * len(inside)
    assert [_person(_acts(_roster(one))) for one in outside] == [A] * len(outside)


def test_a_delegate_passes_on_no_more_than_was_given() -> None:
    """B's own delegation is for marking only: it does not carry on what A gave B to check."""
    assert _person(_acts(_roster(_delegation(A, B), _delegation(B, C, tasks=[PostTask.MARK]), away=[A]))) == B


def test_a_delegation_for_one_kind_of_task_splits_the_post() -> None:
    place = Place(post_id=PostId(uuid4()), kind=PostKind.UNIT_HEAD, unit_path=(PROVINCE, SCHOOL))
    found = holders_in(
        SCHOOL, [PostKind.UNIT_HEAD], _roster(_delegation(A, B, tasks=[PostTask.MARK]), place=place), Matter()
    )
    assert {task: [holder.person_id for holder in found if holder.may_do(task)] for task in PostTask} == {
        **{task: [A] for task in PostTask},
        PostTask.MARK: [B],
    }


def test_work_goes_to_whoever_holds_the_post_after_the_holder() -> None:
    assert _person(_acts(_roster(holder=D), holder=A)) == D


def test_a_very_long_chain_is_followed_to_its_end() -> None:
    people = [PersonId(UUID(int=10_000 + number)) for number in range(5_000)]
    given = {grantor: [_delegation(grantor, delegate)] for grantor, delegate in pairwise(people)}
    held = {OFFICER.post_id: [holds(OFFICER.post_id, people[0])]}
    roster = Roster(
        places={OFFICER.post_id: OFFICER}, holdings=held, away=on_leave(people[:1]), delegations=given
    )
    assert _person(who_acts_for(roster, OFFICER, people[0], CHECK)) == people[-1]


SOME_PEOPLE = st.lists(st.sampled_from(PEOPLE), max_size=4, unique=True)
DELEGATIONS = st.lists(
    st.builds(
        _delegation,
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        kinds=st.lists(st.sampled_from(KINDS), max_size=2),
        levels=st.lists(st.sampled_from(LEVELS), max_size=1),
        tasks=st.lists(st.sampled_from(list(PostTask)), max_size=2),
        unit=st.sampled_from([PROVINCE, SCHOOL, OTHER_SCHOOL]),
        below=st.booleans(),
    ),
    max_size=12,
)
PLACES = st.builds(
    Place, post_id=st.uuids().map(PostId), kind=st.sampled_from(KINDS), unit_path=st.sampled_from(PATHS)
)
CASES = st.builds(
    Case,
    task=st.sampled_from(PostTask),
    level=st.sampled_from([None, *LEVELS]),
    excluded=SOME_PEOPLE,
    barred=SOME_PEOPLE,
    is_office=st.booleans(),
)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    places = draw(st.lists(PLACES, min_size=1, max_size=6))
    holdings = {
        place.post_id: [
            holds(place.post_id, person, acting=draw(st.booleans()))
            for person in draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True))
        ]
        for place in places
    }
    by_post = {place.post_id: place for place in places}
    away = on_leave(draw(SOME_PEOPLE))
    return Roster(places=by_post, holdings=holdings, away=away, delegations=_by_grantor(draw(DELEGATIONS)))


def _in_scope(given: Delegation, place: Place, case: Case) -> bool:
    """What the words of a delegation mean, written once more."""
    unit = place.unit_path[-1] == given.unit_id or (given.units_below and given.unit_id in place.unit_path)
    return unit and all(
        not wanted or found in wanted
        for wanted, found in (
            (given.post_kinds, place.kind),
            (given.levels, case.level),
            (given.tasks, case.task),
        )
    )


def _paths(
    roster: Roster, place: Place, case: Case, path: tuple[PersonId, ...]
) -> Iterator[tuple[PersonId, ...]]:
    """Every way along delegations that names nobody twice and no author."""
    yield path
    for one in roster.delegations[path[-1]]:
        if (
            one.delegate_id not in path
            and one.delegate_id not in case.excluded
            and _in_scope(one, place, case)
        ):
            yield from _paths(roster, place, case, (*path, one.delegate_id))


def _deputies(roster: Roster, place: Place) -> set[PersonId]:
    kind = PostKind.DEPUTY_HEAD if place.kind is PostKind.UNIT_HEAD else None
    return {
        holding.person_id
        for other in roster.places.values()
        if other.kind is kind and other.unit_path == place.unit_path
        for holding in roster.holders_of(other.post_id)
    }


@given(roster=rosters(), case=CASES)
@settings(max_examples=300)
def test_exactly_one_allowed_person_acts_wherever_brute_force_finds_one(roster: Roster, case: Case) -> None:
    barred = {*roster.away, *case.barred, *case.excluded}
    for place in roster.places.values():
        for holding in roster.holders_of(place.post_id):
            found = who_acts(roster, place, holding, case)
            holder = holding.person_id
            if holder in case.excluded:
                assert found is None
                continue
            paths = list(_paths(roster, place, case, (holder,)))
            delegates = {path[-1] for path in paths if path[-1] not in barred} - {holder}
            deputies = _deputies(roster, place) - barred if holder in roster.away else set()
            fitting = delegates or ({holder} - barred) or deputies
            assert (found is not None) == bool(fitting)
            if found:
                assert found.person_id in fitting
                assert found.on_behalf_of == (
                    None if found.person_id == holder and len(found.chain) == 1 else holder
                )
                assert found.chain in paths or found.acts_as is ActsAs.DEPUTY
                _require_right(roster, holder, found)


def _require_right(roster: Roster, holder: PersonId, found: Substitution) -> None:
    """What it says it is judged by is there, and belongs to those it is about."""
    right = found.through
    [held] = [one for held in roster.holdings.values() for one in held if one.id == right.holding_id]
    assert held.person_id == (found.person_id if found.acts_as is ActsAs.DEPUTY else holder)
    delegations = [one for given in roster.delegations.values() for one in given]
    last = [(one.grantor_id, one.delegate_id) for one in delegations if one.id == right.delegation_id]
    assert last == ([found.chain[-2:]] if found.acts_as is ActsAs.DELEGATE else [])
    assert right.leave_id == (roster.away[holder] if found.acts_as is ActsAs.DEPUTY else None)


def _colleagues(roster: Roster, place: Place) -> set[PersonId]:
    return {
        holding.person_id
        for other in roster.places.values()
        if (other.kind, other.unit_path) == (place.kind, place.unit_path)
        for holding in roster.holders_of(other.post_id)
    }


@given(
    roster=rosters(),
    case=CASES,
    holder=st.sampled_from(PEOPLE),
    assignee=st.sampled_from(PEOPLE),
    turn=st.integers(0, 10),
)
@settings(max_examples=300)
def test_where_nobody_acts_for_an_officer_a_colleague_does_and_keeps_the_work(
    roster: Roster, case: Case, holder: PersonId, assignee: PersonId, turn: int
) -> None:
    case = replace(case, assignee_id=assignee, turn=turn)
    for place in roster.places.values():
        holds = any(held.person_id == holder for held in roster.holders_of(place.post_id))
        found = who_acts_for(roster, place, holder, case)
        others = [
            who_acts(roster, place, held, case)
            for held in roster.holders_of(place.post_id)
            if held.person_id == holder or not holds
        ]
        may = _colleagues(roster, place) - {*roster.away, *case.barred, *case.excluded}
        if any(others) or not case.is_office or (holds and holder in case.excluded) or not may:
            assert found is None or found.acts_as is not ActsAs.COLLEAGUE
            continue
        if found and found.acts_as is ActsAs.DEPUTY:
            assert not roster.holders_of(place.post_id), "a deputy in a vacant post goes before"
            continue
        assert found
        assert found.acts_as is ActsAs.COLLEAGUE
        assert found.person_id == assignee if assignee in may else found.person_id in may
        assert found.on_behalf_of == (holder if holds else None)


def test_colleagues_share_the_work_of_one_who_is_away_and_it_comes_back() -> None:
    others = [
        Place(
            post_id=PostId(UUID(int=70 + number)), kind=PostKind.INTAKE_OFFICER, unit_path=OFFICER.unit_path
        )
        for number in range(2)
    ]
    places = {place.post_id: place for place in (OFFICER, *others)}
    holdings = {
        place.post_id: [holds(place.post_id, person)]
        for place, person in zip(places.values(), (A, B, C), strict=True)
    }
    there = Roster(places=places, holdings=holdings, away={}, delegations=_by_grantor([]))
    away = replace(there, away=on_leave([A]))
    assert {_person(who_acts_for(away, OFFICER, A, replace(CHECK, turn=turn))) for turn in range(4)} == {B, C}
    assert _acts(away, replace(CHECK, assignee_id=C)) == Substitution(
        person_id=C,
        on_behalf_of=A,
        chain=(A, C),
        acts_as=ActsAs.COLLEAGUE,
        through=Through(holding_id=holds(others[1].post_id, C).id, leave_id=on_leave([A])[A]),
    )
    assert _person(_acts(there, replace(CHECK, assignee_id=C))) == A
    assert _acts(away, Case(task=PostTask.MARK)) is None, "a seat in a council is one person's"
    assert _acts(away, replace(CHECK, excluded=[A])) is None, "nobody acts for an author"


class LifeOfPosts(RuleBasedStateMachine):
    """Days pass, people leave and come back, delegate, lose and take posts; open work follows as the walk of
    the hand-over does it."""

    def __init__(self) -> None:
        super().__init__()
        self.day = DAY
        colleague = replace(OFFICER, post_id=PostId(UUID(int=51)))
        self.places = {
            place.post_id: place
            for place in (
                OFFICER,
                colleague,
                *(self._place(number, kind) for number, kind in enumerate(KINDS)),
            )
        }
        self.holdings = {post: [holds(post, PEOPLE[number])] for number, post in enumerate(self.places)}
        self.leaves: list[tuple[PersonId, date, date]] = []
        self.delegations: list[Delegation] = []
        self.tasks: list[tuple[PostId, Case, PersonId, PersonId, bool]] = []
        """Post, work, holder, assignee, and whether it is on the alarm list."""

    @staticmethod
    def _place(number: int, kind: PostKind) -> Place:
        return Place(post_id=PostId(UUID(int=60 + number)), kind=kind, unit_path=PATHS[number % 2])

    def _roster(self) -> Roster:
        away = on_leave([person for person, first, last in self.leaves if first <= self.day <= last])
        given = [
            delegation
            for delegation in self.delegations
            if delegation.starts_on <= self.day <= delegation.ends_on
        ]
        return Roster(places=self.places, holdings=self.holdings, away=away, delegations=_by_grantor(given))

    def _walk(self) -> None:
        roster = self._roster()
        for number, (post, case, holder, assignee, _) in enumerate(self.tasks):
            found = who_acts_for(
                roster, self.places[post], holder, replace(case, assignee_id=assignee, turn=number)
            )
            if found:
                self.tasks[number] = (
                    post,
                    case,
                    found.on_behalf_of or found.person_id,
                    found.person_id,
                    False,
                )
            else:
                self.tasks[number] = (post, case, holder, assignee, True)

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.day += timedelta(days=days)
        self._walk()

    @rule(person=st.sampled_from(PEOPLE), days=st.integers(0, 5))
    def somebody_goes_on_leave(self, person: PersonId, days: int) -> None:
        self.leaves.append((person, self.day, self.day + timedelta(days=days)))
        self._walk()

    @rule(given=DELEGATIONS, days=st.integers(0, 5))
    def somebody_delegates(self, given: list[Delegation], days: int) -> None:
        for one in given[:2]:
            fields = {name: getattr(one, name) for name in one.__slots__}
            self.delegations.append(
                Delegation(**{**fields, "starts_on": self.day, "ends_on": self.day + timedelta(days=days)})
            )
        self._walk()

    @rule(post=st.sampled_from(range(6)), person=st.sampled_from([*PEOPLE, None]), acting=st.booleans())
    def a_post_changes_hands(self, post: int, person: PersonId | None, acting: bool) -> None:
        post_id = list(self.places)[post]
        self.holdings[post_id] = [holds(post_id, person, acting=acting)] if person else []
        self._walk()

    @rule(post=st.sampled_from(range(6)), case=CASES)
    def work_is_given(self, post: int, case: Case) -> None:
        """As an owner does it: to somebody who is there, or to nobody."""
        place = list(self.places.values())[post]
        for holding in self._roster().holders_of(place.post_id):
            found = who_acts(self._roster(), place, holding, case)
            if found:
                self.tasks.append(
                    (place.post_id, case, found.on_behalf_of or found.person_id, found.person_id, False)
                )

    @precondition(lambda self: self.tasks)
    @rule(number=st.integers(0))
    def work_is_done(self, number: int) -> None:
        self.tasks.pop(number % len(self.tasks))

    @invariant()
    def every_open_task_has_one_responsible_reachable_person_or_is_on_the_alarm_list(self) -> None:
        roster = self._roster()
        for post, case, _, assignee, unreachable in self.tasks:
            if not unreachable:
                assert assignee not in {*roster.away, *case.excluded, *case.barred}
                paths = [
                    path
                    for held in roster.holders_of(post)
                    for path in _paths(roster, self.places[post], case, (held.person_id,))
                ]
                colleagues = _colleagues(roster, self.places[post]) if case.is_office else set()
                assert (
                    assignee
                    in {path[-1] for path in paths} | _deputies(roster, self.places[post]) | colleagues
                )

    @invariant()
    def a_task_on_the_alarm_list_is_one_for_which_nobody_is_there(self) -> None:
        roster = self._roster()
        for post, case, holder, _, unreachable in self.tasks:
            assert unreachable == (who_acts_for(roster, self.places[post], holder, case) is None)


LifeOfPosts.TestCase.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
TestLifeOfPosts = LifeOfPosts.TestCase
