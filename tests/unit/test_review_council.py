"""Who sits, who decides, who takes a silent member's seat."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from language.ids import PersonId, UnitId
from language.plan.rule_kinds import SeatRole
from language.posts.holders import PostHolder, PostsResolved
from language.posts.kinds import PostKind
from services.review.domain.council import (
    choose_decider,
    choose_substitutes,
    choose_superior,
    fill_seats,
    fill_vacant_seats,
    is_complete,
    posts_wanted,
    replaceable,
    vacant_roles,
)
from services.review.domain.stage import EMPTY_SEAT, Seat
from tests.review_cases import draft_of, holder, level_plan, sheet_of

UNIT = UUID(int=99)
PLAN = level_plan(UNIT)
KINDS = (
    PostKind.COUNCIL_CHAIR,
    PostKind.COUNCIL_DEPUTY_CHAIR,
    PostKind.COUNCIL_MEMBER,
    PostKind.COUNCIL_SUBSTITUTE,
)
people = st.integers(1, 9).map(lambda number: UUID(int=number))
holders_lists = st.lists(st.builds(holder, st.sampled_from(KINDS), people), max_size=12)
author_sets = st.frozensets(people, max_size=3)


def _oracle(holders: Sequence[PostHolder], authors: frozenset[UUID]) -> dict[int, UUID]:
    """Seat by seat, by hand: first every seat from its own post, then the empty ones but the chair from
    substitutes."""
    posts = [KINDS[0], KINDS[1], KINDS[2], KINDS[2], KINDS[2]]
    seated: dict[int, UUID] = {}
    for source in ("own", "substitute"):
        for number, post in enumerate(posts, start=1):
            if number in seated or (source == "substitute" and number == 1):
                continue
            wanted = post if source == "own" else KINDS[3]
            for candidate in holders:
                if (
                    candidate.kind is wanted
                    and candidate.person_id not in authors
                    and candidate.person_id not in seated.values()
                ):
                    seated[number] = candidate.person_id
                    break
    return seated


@settings(max_examples=150)
@given(holders_lists, author_sets)
def test_the_council_is_filled_as_by_hand(holders: list[PostHolder], authors: frozenset[UUID]) -> None:
    seats = fill_seats(PLAN, holders, authors)
    assert {seat.seat_no: seat.person_id for seat in seats} == _oracle(holders, authors)
    assert len({seat.person_id for seat in seats}) == len(seats)
    assert len(seats) + len(vacant_roles(PLAN, seats)) == 5


def test_a_substitute_never_takes_the_chair() -> None:
    seats = fill_seats(PLAN, [holder(PostKind.COUNCIL_SUBSTITUTE) for _ in range(9)], ())
    assert [seat.role for seat in seats] == [SeatRole.DEPUTY_CHAIR, *[SeatRole.MEMBER] * 3]


def test_a_deputy_who_acts_for_the_chair_sits_once() -> None:
    chair, deputy = UUID(int=1), UUID(int=2)
    acting = holder(PostKind.COUNCIL_CHAIR, deputy, on_behalf_of=chair)
    seats = fill_seats(PLAN, [acting, holder(PostKind.COUNCIL_DEPUTY_CHAIR, deputy)], ())
    assert [(seat.role, seat.person_id, seat.on_behalf_of) for seat in seats] == [
        (SeatRole.CHAIR, deputy, chair)
    ]


def _council(*kinds: PostKind) -> list[Seat]:
    return fill_seats(PLAN, [holder(kind) for kind in kinds], ())


def _deciding(superiors: Sequence[PostHolder] = (), holders: Sequence[PostHolder] = ()) -> PostsResolved:
    """Who acts when it comes to decisions."""
    return PostsResolved(
        unit_id=UnitId(UNIT),
        unit_path=(UnitId(UNIT),),
        holders=tuple(holders),
        superiors=tuple(superiors),
    )


def test_the_chair_decides_else_the_superior_else_the_deputy_else_any_member() -> None:
    holders = [holder(kind) for kind in KINDS[:3]]
    full = fill_seats(PLAN, holders, ())
    chairless = _council(*KINDS[1:3])
    superior = holder(PostKind.UNIT_HEAD)
    member_only = _council(KINDS[2])
    assert choose_decider(full, _deciding([superior], holders), ()) == holders[0]
    assert choose_decider(chairless, _deciding([superior]), ()) == superior
    assert choose_decider(chairless, _deciding(), ()) == chairless[0]
    assert choose_decider(member_only, _deciding(), ()) == member_only[0]
    assert choose_decider([], _deciding([superior]), ()) == superior
    assert choose_decider([], _deciding(), ()) is None


def test_the_decision_of_a_chair_who_delegated_only_decisions_is_the_delegates() -> None:
    chair = holder(PostKind.COUNCIL_CHAIR)
    delegate = replace(chair, person_id=PersonId(UUID(int=77)), on_behalf_of=chair.person_id)
    assert choose_decider(fill_seats(PLAN, [chair], ()), _deciding(holders=[delegate]), ()) == delegate
    assert (
        choose_decider(
            fill_seats(PLAN, [chair], ()),
            _deciding([holder(PostKind.UNIT_HEAD)], [delegate]),
            (delegate.person_id,),
        )
        != delegate
    )


def test_a_superior_who_is_an_author_never_decides() -> None:
    head, above = holder(PostKind.UNIT_HEAD), holder(PostKind.UNIT_HEAD)
    assert choose_decider([], _deciding([head, above]), (head.person_id,)) == above
    assert choose_superior([head, above], None, (head.person_id,)) == above


def test_the_decision_goes_to_the_nearest_superior_who_was_not_waited_for() -> None:
    head, above = holder(PostKind.UNIT_HEAD), holder(PostKind.UNIT_HEAD)
    assert choose_superior([head, above], head.person_id, ()) == above
    assert choose_superior([head], head.person_id, ()) is None


@settings(max_examples=100)
@given(holders_lists, st.frozensets(people, max_size=5), author_sets)
def test_substitutes_are_new_to_the_council_and_no_authors(
    holders: list[PostHolder], seated: frozenset[UUID], authors: frozenset[UUID]
) -> None:
    expected: list[UUID] = []
    for candidate in holders:
        fits = candidate.kind is PostKind.COUNCIL_SUBSTITUTE and candidate.person_id not in seated | authors
        if fits and candidate.person_id not in expected:
            expected.append(candidate.person_id)
    assert [found.person_id for found in choose_substitutes(PLAN, holders, seated, authors)] == expected


def test_silent_members_are_replaceable_but_not_the_decider() -> None:
    busy, silent, decider = sheet_of({}), draft_of(sheet_of({})), draft_of(sheet_of({}))
    assert replaceable([busy, silent, decider], decider.person_id) == [silent]


def test_the_chair_decides_whoever_is_named_before() -> None:
    chair, deputy, member = (holder(kind) for kind in KINDS[:3])
    delegate = replace(chair, person_id=PersonId(UUID(int=77)), on_behalf_of=chair.person_id)
    council = fill_seats(PLAN, [chair, deputy, member], ())
    assert choose_decider(council, _deciding(holders=[deputy, delegate, chair]), ()) == chair
    assert choose_decider(council, _deciding(holders=[deputy, delegate]), ()) == delegate


def test_the_deputy_goes_before_members_wherever_the_seat_stands() -> None:
    council = list(reversed(_council(*KINDS[1:3])))
    decider = choose_decider(council, _deciding(), ())
    assert isinstance(decider, Seat)
    assert decider.role is SeatRole.DEPUTY_CHAIR


def test_a_vacant_seat_goes_to_somebody_who_does_not_sit_there_yet() -> None:
    chair, first, second = holder(KINDS[0]), holder(KINDS[2]), holder(KINDS[2])
    away = replace(second, person_id=PersonId(UUID(int=78)), on_behalf_of=second.person_id)
    seats = fill_seats(PLAN, [chair, first, away], ())
    sheets = [replace(draft_of(sheet_of({})), seat=seat) for seat in seats]
    new = holder(KINDS[2])
    for holders in ([first, second, new], [new, first, second]):
        found = fill_vacant_seats(PLAN, sheets, holders, ())
        assert [seat.person_id for seat in found] == [new.person_id]
    assert fill_vacant_seats(PLAN, sheets, [new], (new.person_id,)) == []


def test_the_posts_of_a_council_come_each_once_in_the_order_of_the_plan() -> None:
    assert posts_wanted(PLAN) == KINDS
    twice = replace(PLAN, substitutes=PostKind.COUNCIL_MEMBER)
    assert posts_wanted(twice) == KINDS[:3]


def test_a_council_is_complete_when_every_seat_has_somebody() -> None:
    kinds = (KINDS[0], KINDS[1], KINDS[2], KINDS[2], KINDS[2])
    seats = fill_seats(PLAN, [holder(kind) for kind in kinds], ())
    sheets = [replace(draft_of(sheet_of({})), seat=seat) for seat in seats]
    assert is_complete(PLAN, sheets)
    assert not is_complete(PLAN, sheets[:-1])
    for state in EMPTY_SEAT:
        last = sheets[-1]
        left = replace(last, seat=replace(last.seat, state=state))
        assert not is_complete(PLAN, [*sheets[:-1], left])
