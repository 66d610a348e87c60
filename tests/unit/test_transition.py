"""Rules that change under running dossiers: what the rule says is what walking on does, and nobody is left
without a next step."""

from collections.abc import Sequence
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from language.ids import UnitId
from language.journey.transition import SENTENCES, passage, turned_round
from language.messages.journey import LevelStop
from language.messages.transition import (
    DossierPosition,
    DossierStep,
    LevelMove,
    Marks,
    Passage,
    StageFate,
    TransitionChoice,
    TransitionClass,
    TransitionReason,
)

NAMES = ("UNIT", "DISTRICT", "COMMUNE", "SECTOR", "PROVINCE")
UNITS = [UnitId(UUID(int=number)) for number in range(1, 4)]
OLD = ("UNIT", "DISTRICT", "PROVINCE")
ROUTE = tuple(
    LevelStop(level=level, unit_id=UNITS[number])
    for number, level in enumerate(("UNIT", "COMMUNE", "PROVINCE"))
)
TO_COMMUNE = (LevelMove(from_level="DISTRICT", to_level="COMMUNE"),)


def at(
    step: DossierStep,
    *decided: str,
    level: str | None = None,
    unit: int = 0,
    marks: Marks = Marks.NONE,
    last: bool = False,
) -> DossierPosition:
    """A position in few words."""
    unit_id = UNITS[unit] if level else None
    return DossierPosition(
        step=step, decided=decided, level=level, unit_id=unit_id, marks=marks, last_level=last
    )


@st.composite
def cases(
    draw: st.DrawFn,
) -> tuple[DossierPosition, tuple[LevelStop, ...], tuple[LevelMove, ...], TransitionChoice | None]:
    """Any position under any old plan, any new plan, any moves, any choice."""
    old = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    new = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
    units = st.sampled_from(UNITS)
    route = tuple(LevelStop(level=level, unit_id=draw(units)) for level in new)
    sources = draw(st.lists(st.sampled_from(old), max_size=3, unique=True))
    moves = (
        tuple(LevelMove(from_level=source, to_level=draw(st.sampled_from(new))) for source in sources)
        if new
        else ()
    )
    step = draw(st.sampled_from(DossierStep))
    spoken = draw(st.integers(0, len(old)))
    if step is DossierStep.FORMAL_CHECK:
        return DossierPosition(step=step), route, moves, draw(st.none() | st.sampled_from(TransitionChoice))
    if step is DossierStep.EXAMINATION:
        spoken = min(spoken, len(old) - 1)
        position = DossierPosition(
            step=step,
            decided=tuple(old[:spoken]),
            level=old[spoken],
            unit_id=draw(units),
            last_level=spoken == len(old) - 1,
            marks=draw(st.sampled_from(Marks)),
        )
    else:
        position = DossierPosition(step=step, decided=tuple(old[:spoken]))
    return position, route, moves, draw(st.none() | st.sampled_from(TransitionChoice))


def walk(
    position: DossierPosition,
    route: Sequence[LevelStop],
    moves: Sequence[LevelMove],
    choice: TransitionChoice | None,
) -> list[str] | None:
    """Brute force: the stages that a journey would still pass, everybody saying yes; None when it cannot know
    where to go on.

    A stage that is kept reads `=LEVEL`, one that is closed as moved `xLEVEL`, one that is opened `LEVEL`.
    """
    if position.step is DossierStep.ENDING:
        return []
    levels = [stop.level for stop in route]

    def under_new_rules(level: str) -> str:
        for move in moves:
            if move.from_level == level:
                return move.to_level
        return level

    done: set[str] = set()
    for level in position.decided:
        if under_new_rules(level) not in levels:
            return None
        done.update(levels[: levels.index(under_new_rules(level)) + 1])
    left = [level for level in levels if level not in done]
    if position.step is not DossierStep.EXAMINATION:
        return left if left or (levels and choice is TransitionChoice.END_HERE) else None
    return _walk_from_stage(
        position,
        {stop.level: stop.unit_id for stop in route},
        (under_new_rules(position.level or ""), left),
        choice,
    )


def _walk_from_stage(
    position: DossierPosition,
    holders: dict[str, UnitId],
    way: tuple[str, list[str]],
    choice: TransitionChoice | None,
) -> list[str] | None:
    target, left = way
    if target not in holders:
        return None
    if target not in left:
        if choice is TransitionChoice.GO_ON_ABOVE and left:
            return [f"x{position.level}", *left]
        return [f"x{position.level}"] if choice is TransitionChoice.END_HERE else None
    from_target = left[left.index(target) :]
    if target != position.level:
        return [f"x{position.level}", *from_target]
    if holders[target] == position.unit_id or choice is TransitionChoice.KEEP_STAGE:
        # The last stage proposes nothing upward.
        ends = position.last_level and holders[target] == position.unit_id
        return [f"={target}", *([] if ends else from_target[1:])]
    return (
        [f"x{target}", *from_target]
        if position.marks is Marks.NONE or choice is TransitionChoice.OPEN_ANEW
        else None
    )


def promised(position: DossierPosition, route: Sequence[LevelStop], found: Passage) -> list[str]:
    """The stages still to come by what the rule said."""
    if found.reason is TransitionReason.JOURNEY_ENDS:
        return []
    levels = [stop.level for stop in route]
    above = levels[levels.index(found.to_level) :] if found.to_level else []
    if found.stage is StageFate.KEPT:
        return [f"={position.level}", *([] if found.kind is TransitionClass.UNCHANGED else above[1:])]
    return [f"x{position.level}", *above] if found.stage is StageFate.MOVED else above


@given(cases())
def test_what_is_classified_is_what_walking_on_does(
    case: tuple[DossierPosition, tuple[LevelStop, ...], tuple[LevelMove, ...], TransitionChoice | None],
) -> None:
    position, route, moves, choice = case
    found = passage(position, route, moves, choice)
    walked = walk(position, route, moves, choice)
    if found.kind in {TransitionClass.UNCHANGED, TransitionClass.MOVED}:
        assert walked == promised(position, route, found)
    else:
        assert walked is None


@given(cases())
def test_no_dossier_that_goes_on_is_without_a_next_step(
    case: tuple[DossierPosition, tuple[LevelStop, ...], tuple[LevelMove, ...], TransitionChoice | None],
) -> None:
    position, route, moves, choice = case
    found = passage(position, route, moves, choice)
    if found.kind is TransitionClass.MOVED:
        goes_on = found.to_level in {stop.level for stop in route}
        assert goes_on or found.reason is TransitionReason.ENDS_HERE
    if found.kind is TransitionClass.UNCHANGED:
        assert position.step is DossierStep.ENDING or found.stage is StageFate.KEPT


@given(cases())
def test_every_choice_that_is_offered_leads_on(
    case: tuple[DossierPosition, tuple[LevelStop, ...], tuple[LevelMove, ...], TransitionChoice | None],
) -> None:
    position, route, moves, _ = case
    found = passage(position, route, moves)
    assert bool(found.choices) == (found.kind is TransitionClass.NEEDS_CHOICE)
    assert all(
        passage(position, route, moves, choice).kind is TransitionClass.MOVED for choice in found.choices
    )


def test_when_the_district_level_ends_every_position_finds_its_way() -> None:
    examination, between = DossierStep.EXAMINATION, DossierStep.BETWEEN_LEVELS
    found = {
        "under check": passage(at(DossierStep.FORMAL_CHECK), ROUTE, TO_COMMUNE),
        "at school": passage(at(examination, level="UNIT"), ROUTE, TO_COMMUNE),
        "at district": passage(at(examination, "UNIT", level="DISTRICT", unit=1), ROUTE, TO_COMMUNE),
        "half marked": passage(
            at(examination, "UNIT", level="DISTRICT", unit=1, marks=Marks.SOME), ROUTE, TO_COMMUNE
        ),
        "decided at school": passage(at(between, "UNIT"), ROUTE, TO_COMMUNE),
        "decided at district": passage(at(between, "UNIT", "DISTRICT"), ROUTE, TO_COMMUNE),
        "at province": passage(
            at(examination, "UNIT", "DISTRICT", level="PROVINCE", unit=2, last=True), ROUTE, TO_COMMUNE
        ),
    }
    assert {name: (one.kind.value, one.stage.value, one.to_level) for name, one in found.items()} == {
        "under check": ("MOVED", "NONE", "UNIT"),
        "at school": ("MOVED", "KEPT", "UNIT"),
        "at district": ("MOVED", "MOVED", "COMMUNE"),
        "half marked": ("MOVED", "MOVED", "COMMUNE"),
        "decided at school": ("MOVED", "NONE", "COMMUNE"),
        "decided at district": ("MOVED", "NONE", "PROVINCE"),
        "at province": ("UNCHANGED", "KEPT", "PROVINCE"),
    }


def test_a_level_that_ends_without_a_rule_blocks() -> None:
    for position in (
        at(DossierStep.EXAMINATION, "UNIT", level="DISTRICT", unit=1),
        at(DossierStep.BETWEEN_LEVELS, "UNIT", "DISTRICT"),
    ):
        assert passage(position, ROUTE, ()).kind is TransitionClass.BLOCKED


def test_the_way_back_turns_the_moves_round() -> None:
    assert turned_round(TO_COMMUNE) == (LevelMove(from_level="COMMUNE", to_level="DISTRICT"),)


def test_every_reason_has_its_sentences() -> None:
    assert SENTENCES.keys() == set(TransitionReason)
    assert all(vietnamese and english for vietnamese, english in SENTENCES.values())
