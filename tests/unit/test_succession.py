"""What an act about units makes of the tree, of posts and of what is open: held against carrying the steps
out one by one."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.ids import PostId, UnitId
from language.posts.kinds import PostKind
from language.units.succession import (
    Fate,
    Fault,
    Given,
    KnownPost,
    KnownUnit,
    OpenThing,
    Step,
    StepKind,
    ThingKind,
    Window,
    first_fault,
    judge_posts,
    judge_things,
    judge_units,
    judge_windows,
    parents_after,
    path_of,
)

DAY = date(2025, 7, 1)
LONG_AGO = date(2000, 1, 1)
LEVELS = ("PROVINCE", "COMMUNE", "SCHOOL")


def _id(number: int) -> UnitId:
    return UnitId(UUID(int=number))


def _tree(parents: dict[int, int | None], levels: dict[int, str]) -> dict[UnitId, KnownUnit]:
    return {
        _id(number): KnownUnit(
            id=_id(number),
            parent_id=None if parent is None else _id(parent),
            level=levels[number],
            valid_from=LONG_AGO,
            valid_to=None,
        )
        for number, parent in parents.items()
    }


# A province (1), communes (2-5), schools (10-19) below them.
COMMUNES, SCHOOLS = (2, 3, 4, 5), tuple(range(10, 20))


@st.composite
def provinces(draw: st.DrawFn) -> dict[UnitId, KnownUnit]:
    parents: dict[int, int | None] = {1: None, **dict.fromkeys(COMMUNES, 1)}
    parents |= {school: draw(st.sampled_from(COMMUNES)) for school in SCHOOLS}
    levels = {1: "PROVINCE", **dict.fromkeys(COMMUNES, "COMMUNE"), **dict.fromkeys(SCHOOLS, "SCHOOL")}
    return _tree(parents, levels)


@st.composite
def acts(draw: st.DrawFn) -> list[Step]:
    """Steps for some units, sensible or not."""
    steps = []
    for unit in draw(st.lists(st.sampled_from((*COMMUNES, *SCHOOLS)), unique=True, max_size=5)):
        kind = draw(st.sampled_from((StepKind.MERGES, StepKind.MOVES, StepKind.ENDS)))
        below = COMMUNES if (unit in COMMUNES) is (kind is StepKind.MERGES) else SCHOOLS
        into = None if kind is StepKind.ENDS else _id(draw(st.sampled_from(below)))
        steps.append(Step(kind=kind, unit_id=_id(unit), into_id=into))
    return steps


def _carried_out(steps: list[Step], units: dict[UnitId, KnownUnit]) -> dict[UnitId, UnitId | None]:
    """The oracle: schools go where an own step says, then what is left below a unit that ends goes along."""
    above = {unit.id: unit.parent_id for unit in units.values()}
    named = {step.unit_id for step in steps}
    for step in steps:
        if step.into_id is not None:
            above[step.unit_id] = step.into_id
    for step in steps:
        if step.kind is StepKind.MERGES:
            for unit in units.values():
                if unit.parent_id == step.unit_id and unit.id not in named:
                    above[unit.id] = step.into_id
    return above


@given(provinces(), acts())
def test_the_tree_is_that_of_carrying_out_step_by_step(
    units: dict[UnitId, KnownUnit], steps: list[Step]
) -> None:
    if first_fault(steps, units, (), DAY):
        return
    parents = parents_after(steps, units, DAY)
    assert parents == _carried_out(steps, units)
    ended = {step.unit_id: step.into_id for step in steps if step.is_end}
    settled = all(verdict.fate.is_settled for verdict in judge_units(steps, units, DAY))
    for unit in units.values():
        path = path_of(unit.id, parents)
        assert path is not None
        assert path[0] == _id(1)
        if settled and unit.id not in ended:
            assert not ended.keys() & set(path), "what stands lies below what has ended"
    for unit_id, successor in ended.items():
        assert successor is None or parents[unit_id] == successor not in ended


@given(provinces(), acts(), st.lists(st.sampled_from((*COMMUNES, *SCHOOLS)), max_size=6))
def test_what_is_open_goes_on_where_its_unit_or_the_successor_stands(
    units: dict[UnitId, KnownUnit], steps: list[Step], open_in: list[int]
) -> None:
    if first_fault(steps, units, (), DAY):
        return
    things = [
        OpenThing(kind=ThingKind.STAGE, id=uuid4(), code="x", unit_id=_id(number)) for number in open_in
    ]
    ended = {step.unit_id for step in steps if step.is_end}
    for thing, verdict in zip(things, judge_things(steps, things), strict=True):
        if verdict.fate is Fate.NO_PLACE:
            assert thing.unit_id in ended
            continue
        assert verdict.to_id not in ended
        assert verdict.to_id is not None
        assert (verdict.to_id == thing.unit_id) is (verdict.fate is Fate.STAYS)


def _post(unit: int, kind: PostKind) -> KnownPost:
    return KnownPost(id=PostId(uuid4()), unit_id=_id(unit), kind=kind)


MERGED = Step(kind=StepKind.MERGES, unit_id=_id(2), into_id=_id(3))


def test_a_head_ends_where_the_successor_has_one_and_the_work_goes_there() -> None:
    head, own, officer = (
        _post(2, PostKind.UNIT_HEAD),
        _post(3, PostKind.UNIT_HEAD),
        _post(2, PostKind.INTAKE_OFFICER),
    )
    verdicts = {one.id: one for one in judge_posts([MERGED], [head, own, officer])}
    assert (verdicts[head.id].fate, verdicts[head.id].work_to) == (Fate.ENDS, own.id)
    assert (verdicts[officer.id].fate, verdicts[officer.id].to_id) == (Fate.PASSES_ON, _id(3))
    assert own.id not in verdicts


def test_of_two_heads_that_come_to_a_new_unit_the_act_says_which_stays() -> None:
    both = [Step(kind=StepKind.MERGES, unit_id=_id(number), into_id=_id(4)) for number in (2, 3)]
    one, other = _post(2, PostKind.UNIT_HEAD), _post(3, PostKind.UNIT_HEAD)
    assert {verdict.fate for verdict in judge_posts(both, [one, other])} == {Fate.NEEDS_CHOICE}
    chosen = [
        Step(kind=StepKind.MERGES, unit_id=_id(2), into_id=_id(4)),
        Step(kind=StepKind.MERGES, unit_id=_id(3), into_id=_id(4), ends=(other.id,)),
    ]
    verdicts = {verdict.id: verdict for verdict in judge_posts(chosen, [one, other])}
    assert verdicts[one.id].fate is Fate.PASSES_ON
    assert (verdicts[other.id].fate, verdicts[other.id].work_to) == (Fate.ENDS, one.id)


def test_a_split_gives_what_is_listed_and_the_rest_to_its_main_successor() -> None:
    units = _tree(
        {1: None, 2: 1, 3: 1, 4: 1, 10: 2, 11: 2},
        {1: "PROVINCE", 2: "COMMUNE", 3: "COMMUNE", 4: "COMMUNE", 10: "SCHOOL", 11: "SCHOOL"},
    )
    clerk, officer = _post(2, PostKind.STAFF), _post(2, PostKind.INTAKE_OFFICER)
    split = Step(
        kind=StepKind.SPLITS,
        unit_id=_id(2),
        into_id=_id(3),
        given=(Given(id=_id(11), into_id=_id(4)), Given(id=clerk.id, into_id=_id(4))),
    )
    assert first_fault([split], units, (clerk, officer), DAY) is None
    parents = parents_after([split], units, DAY)
    assert (parents[_id(2)], parents[_id(10)], parents[_id(11)]) == (_id(3), _id(3), _id(4))
    goes = {verdict.id: verdict.to_id for verdict in judge_posts([split], [clerk, officer])}
    assert goes == {clerk.id: _id(4), officer.id: _id(3)}


def test_what_ends_without_a_successor_leaves_everything_without_a_place() -> None:
    units = _tree({1: None, 2: 1, 10: 2}, {1: "PROVINCE", 2: "COMMUNE", 10: "SCHOOL"})
    end = Step(kind=StepKind.ENDS, unit_id=_id(2))
    fates = {verdict.id: verdict.fate for verdict in judge_units([end], units, DAY)}
    assert fates == {_id(2): Fate.ENDS, _id(10): Fate.NO_PLACE}
    stage = OpenThing(kind=ThingKind.STAGE, id=uuid4(), code="x", unit_id=_id(2))
    assert [verdict.fate for verdict in judge_things([end], [stage])] == [Fate.NO_PLACE]
    assert [verdict.fate for verdict in judge_posts([end], [_post(2, PostKind.STAFF)])] == [Fate.NO_PLACE]


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        (Step(kind=StepKind.MERGES, unit_id=_id(99), into_id=_id(3)), Fault.UNKNOWN_UNIT),
        (Step(kind=StepKind.MERGES, unit_id=_id(2), into_id=_id(2)), Fault.CIRCLE),
        (Step(kind=StepKind.MERGES, unit_id=_id(2)), Fault.NO_SUCCESSOR),
        (Step(kind=StepKind.ENDS, unit_id=_id(2), into_id=_id(3)), Fault.NO_SUCCESSOR),
        (Step(kind=StepKind.MERGES, unit_id=_id(1), into_id=_id(3)), Fault.ROOT),
        (Step(kind=StepKind.RENAMES, unit_id=_id(2)), Fault.NO_NAME),
        (Step(kind=StepKind.MOVES, unit_id=_id(2), into_id=_id(10)), Fault.CIRCLE),
        (Step(kind=StepKind.MERGES, unit_id=_id(2), into_id=_id(4)), Fault.NOT_THERE),
        (
            Step(
                kind=StepKind.SPLITS,
                unit_id=_id(2),
                into_id=_id(3),
                given=(Given(id=_id(11), into_id=_id(3)),),
            ),
            Fault.NOT_ITS_OWN,
        ),
        (
            Step(kind=StepKind.MERGES, unit_id=_id(2), into_id=_id(3), ends=(PostId(uuid4()),)),
            Fault.NOT_ITS_OWN,
        ),
    ],
)
def test_steps_that_cannot_be_an_act_are_named(step: Step, fault: Fault) -> None:
    units = _tree(
        {1: None, 2: 1, 3: 1, 4: 1, 10: 2, 11: 3},
        {1: "PROVINCE", 2: "COMMUNE", 3: "COMMUNE", 4: "COMMUNE", 10: "SCHOOL", 11: "SCHOOL"},
    )
    gone = units[_id(4)]
    units[_id(4)] = KnownUnit(
        id=gone.id, parent_id=gone.parent_id, level=gone.level, valid_from=LONG_AGO, valid_to=LONG_AGO
    )
    found = first_fault([step], units, (), DAY)
    assert found is not None
    assert found[0] is fault


def test_a_successor_does_not_end_in_the_same_act_and_nothing_happens_twice() -> None:
    units = _tree({1: None, 2: 1, 3: 1, 4: 1}, {1: "PROVINCE", 2: "COMMUNE", 3: "COMMUNE", 4: "COMMUNE"})
    ring = [
        Step(kind=StepKind.MERGES, unit_id=_id(2), into_id=_id(3)),
        Step(kind=StepKind.MERGES, unit_id=_id(3), into_id=_id(4)),
    ]
    assert first_fault(ring, units, (), DAY) == (Fault.SUCCESSOR_ENDS, _id(2))
    twice = [ring[0], Step(kind=StepKind.MOVES, unit_id=_id(2), into_id=_id(1))]
    assert first_fault(twice, units, (), DAY) == (Fault.TWICE, _id(2))


def test_a_stage_that_begins_anew_is_said_to() -> None:
    step = Step(kind=StepKind.MERGES, unit_id=_id(2), into_id=_id(3))
    stages = [
        OpenThing(kind=ThingKind.STAGE, id=uuid4(), code="x", unit_id=_id(unit), begins_anew=True)
        for unit in (2, 3)
    ]
    assert [one.fate for one in judge_things([step], stages)] == [Fate.OPENED_ANEW, Fate.STAYS]


def test_a_round_goes_on_where_it_is_for_units_of_the_successors_level() -> None:
    units = _tree({1: None, 2: 1, 3: 1, 10: 2}, {1: "PROVINCE", 2: "COMMUNE", 3: "COMMUNE", 10: "SCHOOL"})
    merges = Step(kind=StepKind.MERGES, unit_id=_id(10), into_id=_id(3))
    ends = Step(kind=StepKind.ENDS, unit_id=_id(2))
    windows = [
        Window(kind=ThingKind.ROUND, id=uuid4(), code=str(level), unit_id=_id(unit), level=level)
        for unit, level in ((10, None), (10, "SCHOOL"), (10, "COMMUNE"), (2, None))
    ]
    found = judge_windows([merges, ends], units, windows)
    assert [(one.fate, one.to_id) for one in found] == [
        (Fate.PASSES_ON, _id(3)),
        (Fate.ENDS, None),
        (Fate.PASSES_ON, _id(3)),
        (Fate.ENDS, None),
    ]
