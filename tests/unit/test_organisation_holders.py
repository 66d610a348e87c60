"""Who acts in a post: leave, deputies, authors, and the heads above."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from language.ids import PersonId, PostId, UnitId
from language.posts.holders import Matter, PostHolder, holders_in, superiors_of
from language.posts.kinds import PostKind
from language.posts.substitution import Holding, Place, Roster
from tests.roster_facts import holds, on_leave

SCHOOL, COMMUNE, PROVINCE = (UnitId(UUID(int=number)) for number in (3, 2, 1))
PATH = (PROVINCE, COMMUNE, SCHOOL)
PEOPLE = [PersonId(UUID(int=100 + number)) for number in range(6)]
KINDS = (
    PostKind.UNIT_HEAD,
    PostKind.DEPUTY_HEAD,
    PostKind.COUNCIL_CHAIR,
    PostKind.COUNCIL_DEPUTY_CHAIR,
    PostKind.COUNCIL_MEMBER,
)
Held = tuple[Place, Holding | None]


def _held(
    person_id: PersonId | None, kind: PostKind, unit_id: UnitId = SCHOOL, *, acting: bool = False
) -> Held:
    place = Place(post_id=PostId(uuid4()), kind=kind, unit_path=PATH[: PATH.index(unit_id) + 1])
    return place, holds(place.post_id, person_id, acting=acting) if person_id else None


def _roster(held: Sequence[Held], away: Sequence[PersonId] = ()) -> Roster:
    return Roster(
        places={place.post_id: place for place, _ in held},
        holdings={place.post_id: [holding] for place, holding in held if holding},
        away=on_leave(away),
        delegations={},
    )


def _acting(
    held: Sequence[Held], away: Sequence[PersonId] = (), excluded: Sequence[PersonId] = ()
) -> list[PostHolder]:
    """Who acts in the first of these posts."""
    found = holders_in(held[0][0].unit_id, KINDS, _roster(held, away), Matter(excluded=excluded))
    return [holder for holder in found if holder.post_id == held[0][0].post_id]


HELD = st.lists(
    st.builds(
        _held,
        st.sampled_from([*PEOPLE, None]),
        st.sampled_from(KINDS),
        st.sampled_from(PATH),
        acting=st.booleans(),
    ),
    max_size=12,
)
SOME_PEOPLE = st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True)


def test_a_holder_who_is_there_acts_for_nobody_else() -> None:
    [found] = _acting([_held(PEOPLE[0], PostKind.UNIT_HEAD), _held(PEOPLE[1], PostKind.DEPUTY_HEAD)])
    assert (found.person_id, found.on_behalf_of, found.chain) == (PEOPLE[0], None, ())


def test_the_deputy_acts_in_the_post_of_the_head_who_is_away() -> None:
    [found] = _acting(
        [_held(PEOPLE[0], PostKind.UNIT_HEAD), _held(PEOPLE[1], PostKind.DEPUTY_HEAD)], away=PEOPLE[:1]
    )
    assert (found.kind, found.person_id, found.on_behalf_of, found.chain) == (
        PostKind.UNIT_HEAD,
        PEOPLE[1],
        PEOPLE[0],
        tuple(PEOPLE[:2]),
    )


def test_a_deputy_of_another_unit_or_away_or_an_author_does_not_act() -> None:
    chair = _held(PEOPLE[0], PostKind.COUNCIL_CHAIR)
    elsewhere = _held(PEOPLE[1], PostKind.COUNCIL_DEPUTY_CHAIR, COMMUNE)
    also_away = _held(PEOPLE[2], PostKind.COUNCIL_DEPUTY_CHAIR)
    author = _held(PEOPLE[3], PostKind.COUNCIL_DEPUTY_CHAIR)
    assert (
        _acting([chair, elsewhere, also_away, author], away=[PEOPLE[0], PEOPLE[2]], excluded=[PEOPLE[3]])
        == []
    )


def test_nobody_acts_for_a_member_who_is_away() -> None:
    assert (
        _acting(
            [_held(PEOPLE[0], PostKind.COUNCIL_MEMBER), _held(PEOPLE[1], PostKind.DEPUTY_HEAD)],
            away=PEOPLE[:1],
        )
        == []
    )


def test_in_a_vacant_post_the_deputy_acts_on_nobodys_behalf_until_somebody_is_appointed_to_act_in_it() -> (
    None
):
    vacant, deputy = _held(None, PostKind.UNIT_HEAD), _held(PEOPLE[1], PostKind.DEPUTY_HEAD)
    [found] = _acting([vacant, deputy])
    assert (found.post_id, found.person_id, found.on_behalf_of) == (vacant[0].post_id, PEOPLE[1], None)
    [appointed] = _acting([_held(PEOPLE[2], PostKind.UNIT_HEAD, acting=True), deputy])
    assert (appointed.person_id, appointed.on_behalf_of) == (PEOPLE[2], None)


def test_an_acting_holder_steps_back_once_the_post_is_held() -> None:
    head = _held(PEOPLE[0], PostKind.UNIT_HEAD)
    roster = _roster([head])
    both = [
        holds(head[0].post_id, PEOPLE[3], acting=True),
        *roster.holdings[head[0].post_id],
    ]
    roster = Roster(places=roster.places, holdings={head[0].post_id: both}, away={}, delegations={})
    assert [holder.person_id for holder in holders_in(SCHOOL, KINDS, roster, Matter())] == [PEOPLE[0]]


def test_holders_come_in_the_order_of_the_kinds_asked_for() -> None:
    held = [_held(PEOPLE[0], PostKind.COUNCIL_MEMBER), _held(PEOPLE[1], PostKind.UNIT_HEAD)]
    found = holders_in(SCHOOL, (PostKind.UNIT_HEAD, PostKind.COUNCIL_MEMBER), _roster(held), Matter())
    assert [holder.person_id for holder in found] == [PEOPLE[1], PEOPLE[0]]


def test_superiors_go_from_the_unit_upward_and_name_nobody_twice() -> None:
    roster = _roster(
        [
            _held(PEOPLE[0], PostKind.UNIT_HEAD, PROVINCE),
            _held(PEOPLE[1], PostKind.UNIT_HEAD, COMMUNE),
            _held(PEOPLE[1], PostKind.UNIT_HEAD, SCHOOL),
            _held(PEOPLE[2], PostKind.DEPUTY_HEAD, PROVINCE),
        ]
    )
    assert [holder.person_id for holder in superiors_of(PATH, roster, Matter())] == [
        PEOPLE[1],
        PEOPLE[0],
        PEOPLE[2],
    ]
    assert [holder.person_id for holder in superiors_of(PATH, roster, Matter(excluded=[PEOPLE[1]]))] == [
        PEOPLE[0],
        PEOPLE[2],
    ]


@given(held=HELD, away=SOME_PEOPLE, excluded=SOME_PEOPLE)
@settings(max_examples=150)
def test_whoever_acts_is_present_allowed_and_holds_a_post_in_that_unit(
    held: list[Held], away: list[PersonId], excluded: list[PersonId]
) -> None:
    for holder in holders_in(SCHOOL, KINDS, _roster(held, away), Matter(excluded=excluded)):
        assert holder.person_id not in {*excluded, *away}
        assert holder.on_behalf_of not in excluded
        assert any(
            holding and holding.person_id == holder.person_id and place.unit_id == SCHOOL
            for place, holding in held
        )
        if holder.on_behalf_of:
            assert holder.on_behalf_of in away


@given(held=HELD, away=SOME_PEOPLE, excluded=SOME_PEOPLE)
@settings(max_examples=100)
def test_superiors_are_distinct_and_never_authors(
    held: list[Held], away: list[PersonId], excluded: list[PersonId]
) -> None:
    found = [
        holder.person_id for holder in superiors_of(PATH, _roster(held, away), Matter(excluded=excluded))
    ]
    assert len(set(found)) == len(found)
    assert not set(found) & {*excluded, *away}
