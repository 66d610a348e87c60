"""Who acts in a post: leave, deputies, authors, and the heads above."""

from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from services.directory.domain.holders import Holding, acting, holders_in, superiors_of
from workflows.contracts.ids import PersonId, PostId, UnitId
from workflows.contracts.plan import PostKind

SCHOOL, COMMUNE, PROVINCE = (UnitId(UUID(int=number)) for number in (3, 2, 1))
PATH = (PROVINCE, COMMUNE, SCHOOL)
PEOPLE = [PersonId(UUID(int=100 + number)) for number in range(6)]
KINDS = (PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD, PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_DEPUTY_CHAIR, PostKind.COUNCIL_MEMBER)


def _held(person_id: PersonId, kind: PostKind, unit_id: UnitId = SCHOOL, *, away: bool = False) -> Holding:
    return Holding(post_id=PostId(uuid4()), unit_id=unit_id, kind=kind, person_id=person_id, away=away)


HOLDINGS = st.lists(
    st.builds(
        Holding,
        post_id=st.uuids().map(PostId),
        unit_id=st.sampled_from(PATH),
        kind=st.sampled_from(KINDS),
        person_id=st.sampled_from(PEOPLE),
        away=st.booleans(),
    ),
    max_size=12,
)
EXCLUDED = st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True)


def test_a_holder_who_is_there_acts_for_nobody_else() -> None:
    head = _held(PEOPLE[0], PostKind.UNIT_HEAD)
    found = acting(head, [head, _held(PEOPLE[1], PostKind.DEPUTY_HEAD)], ())
    assert found is not None
    assert (found.person_id, found.on_behalf_of) == (PEOPLE[0], None)


def test_the_deputy_acts_in_the_post_of_the_head_who_is_away() -> None:
    head = _held(PEOPLE[0], PostKind.UNIT_HEAD, away=True)
    found = acting(head, [head, _held(PEOPLE[1], PostKind.DEPUTY_HEAD)], ())
    assert found is not None
    assert (found.post_id, found.kind, found.person_id, found.on_behalf_of) == (head.post_id, PostKind.UNIT_HEAD, PEOPLE[1], PEOPLE[0])


def test_a_deputy_of_another_unit_or_away_or_an_author_does_not_act() -> None:
    chair = _held(PEOPLE[0], PostKind.COUNCIL_CHAIR, away=True)
    elsewhere = _held(PEOPLE[1], PostKind.COUNCIL_DEPUTY_CHAIR, COMMUNE)
    also_away = _held(PEOPLE[2], PostKind.COUNCIL_DEPUTY_CHAIR, away=True)
    author = _held(PEOPLE[3], PostKind.COUNCIL_DEPUTY_CHAIR)
    assert acting(chair, [chair, elsewhere, also_away, author], [PEOPLE[3]]) is None


def test_nobody_acts_for_a_member_who_is_away() -> None:
    member = _held(PEOPLE[0], PostKind.COUNCIL_MEMBER, away=True)
    assert acting(member, [member, _held(PEOPLE[1], PostKind.DEPUTY_HEAD)], ()) is None


def test_holders_come_in_the_order_of_the_kinds_asked_for() -> None:
    member, head = _held(PEOPLE[0], PostKind.COUNCIL_MEMBER), _held(PEOPLE[1], PostKind.UNIT_HEAD)
    found = holders_in(SCHOOL, (PostKind.UNIT_HEAD, PostKind.COUNCIL_MEMBER), [member, head], ())
    assert [holder.person_id for holder in found] == [PEOPLE[1], PEOPLE[0]]


def test_superiors_go_from_the_unit_upward_and_name_nobody_twice() -> None:
    holdings = [
        _held(PEOPLE[0], PostKind.UNIT_HEAD, PROVINCE),
        _held(PEOPLE[1], PostKind.UNIT_HEAD, COMMUNE),
        _held(PEOPLE[1], PostKind.UNIT_HEAD, SCHOOL),
        _held(PEOPLE[2], PostKind.DEPUTY_HEAD, PROVINCE),
    ]
    assert [holder.person_id for holder in superiors_of(PATH, holdings, ())] == [PEOPLE[1], PEOPLE[0], PEOPLE[2]]
    assert [holder.person_id for holder in superiors_of(PATH, holdings, [PEOPLE[1]])] == [PEOPLE[0], PEOPLE[2]]


@given(holdings=HOLDINGS, excluded=EXCLUDED)
@settings(max_examples=150)
def test_whoever_acts_is_present_allowed_and_holds_a_post_in_that_unit(holdings: list[Holding], excluded: list[PersonId]) -> None:
    for holder in holders_in(SCHOOL, KINDS, holdings, excluded):
        assert holder.person_id not in excluded
        assert holder.on_behalf_of not in excluded
        own = [holding for holding in holdings if holding.unit_id == SCHOOL and holding.person_id == holder.person_id]
        assert any(not holding.away for holding in own)
        if holder.on_behalf_of:
            assert any(holding.post_id == holder.post_id and holding.away and holding.person_id == holder.on_behalf_of for holding in holdings)


@given(holdings=HOLDINGS, excluded=EXCLUDED)
@settings(max_examples=100)
def test_superiors_are_distinct_and_never_authors(holdings: list[Holding], excluded: list[PersonId]) -> None:
    found = [holder.person_id for holder in superiors_of(PATH, holdings, excluded)]
    assert len(set(found)) == len(found)
    assert not set(found) & set(excluded)
