"""What any rung does about seats whose posts nobody holds any more: pure, over random councils."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from language.ids import PersonId, PostId, StageId, UnitId
from language.plan.review_plan import RungAction
from language.plan.rule_kinds import SeatRole
from language.posts.holders import PostHolder
from language.posts.kinds import PostKind
from services.review.domain.ladder import RungContext, council_rung, is_too_small
from services.review.domain.stage import (
    Decider,
    Eased,
    OpenStage,
    ScoreSheet,
    Seat,
    SeatState,
    SheetState,
    active_seats,
)
from tests.review_cases import draft_of, level_plan, sheet_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PLAN = level_plan(UUID(int=7))
ROLES = [rule.role for rule in PLAN.seats for _ in range(rule.count)]
AUTHOR = PersonId(UUID(int=900))
FREE = [PersonId(UUID(int=200 + number)) for number in range(4)]


def _person(number: int) -> PersonId:
    return PersonId(UUID(int=100 + number))


def _stage() -> OpenStage:
    return OpenStage(
        id=StageId(UUID(int=1)),
        dossier_id=UUID(int=2),  # type: ignore[arg-type]
        dossier_code="x",
        season_id=UUID(int=3),  # type: ignore[arg-type]
        level="UNIT",
        unit_id=UnitId(UUID(int=7)),
        unit_path=(UnitId(UUID(int=7)),),
        author_ids=(AUTHOR,),
        plan=PLAN,
        plan_hash="x",
        rule_version="x@1",
        previous_decision_number=None,
        last_level=True,
        opened_at=NOW,
        due_at=NOW,
        decider=Decider(person_id=_person(0), post_id=PostId(UUID(int=300)), on_behalf_of=None),
        eased=Eased(),
        version=1,
    )


def _sheet(number: int, state: SeatState, *, is_in: bool) -> ScoreSheet:
    seat = Seat(
        seat_no=number + 1,
        role=ROLES[number],
        person_id=_person(number),
        post_id=PostId(UUID(int=300 + number)),
        state=state,
    )
    sheet = replace(sheet_of({}), seat=seat)
    return sheet if is_in else draft_of(sheet)


@st.composite
def contexts(draw: st.DrawFn) -> RungContext:
    """A whole council of which some have marked, some have lost their posts, and some who may stand in."""
    sheets = [
        _sheet(number, state, is_in=state is SeatState.ACTIVE and draw(st.booleans()))
        for number in range(len(ROLES))
        for state in [draw(st.sampled_from([SeatState.ACTIVE, SeatState.VACANT]))]
    ]
    there = draw(st.lists(st.sampled_from([*FREE, AUTHOR, _person(1)]), unique=True))
    holders = [
        PostHolder(post_id=PostId(person), kind=PostKind.COUNCIL_SUBSTITUTE, person_id=person)
        for person in there
    ]
    return RungContext(stage=_stage(), sheets=sheets, holders=holders, superiors=())


@given(
    context=contexts(),
    action=st.sampled_from([RungAction.LOOK_AGAIN, RungAction.REMIND, RungAction.REPLACE_SILENT]),
)
def test_seats_without_a_holder_go_to_substitutes_first(context: RungContext, action: RungAction) -> None:
    effect = council_rung(action, context, NOW)
    empty = [sheet for sheet in context.sheets if sheet.seat.state is SeatState.VACANT]
    to_give = [sheet for sheet in empty if sheet.seat.role is not SeatRole.CHAIR]
    free = [holder.person_id for holder in context.holders if holder.person_id in FREE]
    given_away = [sheet for sheet, _ in effect.replaced if sheet in empty]
    assert len(given_away) == min(len(to_give), len(free))
    new = [seat.person_id for _, seat in effect.replaced]
    assert max(Counter(new).values(), default=1) == 1
    assert set(new) <= set(free), "no author, and nobody who sits or sat here"
    numbers = [sheet.seat.seat_no for sheet in context.sheets] + [seat.seat_no for _, seat in effect.replaced]
    assert len(set(numbers)) == len(numbers)
    assert all(sheet.state is SheetState.DRAFT for sheet, _ in effect.replaced)
    members = len(active_seats(context.sheets)) + len(given_away)
    needed = context.stage.quorum.needed(members)
    assert is_too_small(context, effect) == (members == 0 or members < needed)
