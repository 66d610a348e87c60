"""What an act about units makes of the tree, of posts and of everything that is open; pure. The preview and
the carrying out both ask here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from language.ids import PostId, UnitId
from language.posts.kinds import PostKind

ONE_OF_A_KIND: Final = frozenset(
    {
        PostKind.UNIT_HEAD,
        PostKind.COUNCIL_CHAIR,
        PostKind.COUNCIL_SECRETARY,
        PostKind.CHIEF_ACCOUNTANT,
    }
)
"""Posts of which a unit has one: two heads would both decide."""


class StepKind(StrEnum):
    """What happens to a unit. MERGES: it ends, and another takes over everything. SPLITS: it ends, and others
    take over what is listed for them, one of them the rest. ENDS: it ends, and nobody takes over."""

    MERGES = "MERGES"
    SPLITS = "SPLITS"
    ENDS = "ENDS"
    MOVES = "MOVES"
    RENAMES = "RENAMES"


class ThingKind(StrEnum):
    """What has to have a place."""

    UNIT = "UNIT"
    POST = "POST"
    DOSSIER = "DOSSIER"
    STAGE = "STAGE"
    COMPLAINT = "COMPLAINT"
    AWARD = "AWARD"
    PAYMENT_LIST = "PAYMENT_LIST"
    ROUND = "ROUND"
    LATE_FILING = "LATE_FILING"


class Fate(StrEnum):
    """What becomes of a thing. OPENED_ANEW: another council examines the dossier in the successor. ENDS: the
    post ends, and another has its work; of a round, nobody files in it any more who did in the unit."""

    STAYS = "STAYS"
    PASSES_ON = "PASSES_ON"
    OPENED_ANEW = "OPENED_ANEW"
    ENDS = "ENDS"
    NEEDS_CHOICE = "NEEDS_CHOICE"
    NO_PLACE = "NO_PLACE"

    @property
    def is_settled(self) -> bool:
        """Nobody need do anything before the act can be approved."""
        return self not in (Fate.NEEDS_CHOICE, Fate.NO_PLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A unit below one that is split, or a post in it, that goes elsewhere than the rest."""

    id: UUID
    into_id: UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens to one unit. `into_id` is the unit that takes over, of MOVES the unit above from then on.
    `ends` are posts that end with their unit: their work goes to the post of that kind in the successor."""

    kind: StepKind
    unit_id: UnitId
    into_id: UnitId | None = None
    name: str | None = None
    given: tuple[Given, ...] = ()
    ends: tuple[PostId, ...] = ()

    @property
    def is_end(self) -> bool:
        """The unit is there no more."""
        return self.kind in (StepKind.MERGES, StepKind.SPLITS, StepKind.ENDS)

    @property
    def unit_ids(self) -> frozenset[UnitId]:
        """Every unit that it names."""
        above = {self.into_id} if self.into_id else set()
        return frozenset({self.unit_id, *above, *(one.into_id for one in self.given)})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUnit:
    """A unit as it is before the act."""

    id: UnitId
    parent_id: UnitId | None
    level: str
    valid_from: date
    valid_to: date | None

    def stands_on(self, day: date) -> bool:
        """It is there on the day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPost:
    """A post as it is before the act."""

    id: PostId
    unit_id: UnitId
    kind: PostKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThing:
    """Something in a unit that is not over. `begins_anew`: its rules have it begun again when the unit
    ends."""

    kind: ThingKind
    id: UUID
    code: str
    unit_id: UnitId
    begins_anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time for filing that is open to a unit beyond the day: a round, for units of this level (None: of
    any), or the permission to file late."""

    kind: ThingKind
    id: UUID
    code: str
    unit_id: UnitId
    level: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of it: where it is from the day on, and of a post that ends which has its work."""

    kind: ThingKind
    id: UUID
    code: str
    fate: Fate
    from_id: UnitId
    to_id: UnitId | None
    work_to: PostId | None = None


Units = Mapping[UnitId, KnownUnit]


def children_of(units: Units, parent_id: UnitId, day: date) -> list[KnownUnit]:
    """The units right below it that stand on the day, or will."""
    return [
        unit
        for unit in units.values()
        if unit.parent_id == parent_id and (unit.valid_to is None or unit.valid_to >= day)
    ]


def parents_after(steps: Sequence[Step], units: Units, day: date) -> dict[UnitId, UnitId | None]:
    """The unit above each of these units from the day on. What has ended lies below its successor; where it
    has none it stays where it was."""
    parents = {unit.id: unit.parent_id for unit in units.values()}
    own = {step.unit_id for step in steps if step.kind is StepKind.MOVES or step.is_end}
    for step in steps:
        if not step.is_end:
            continue
        given = {UnitId(one.id): one.into_id for one in step.given}
        for child in children_of(units, step.unit_id, day):
            to = given.get(child.id, step.into_id)
            if child.id not in own and to is not None:
                parents[child.id] = to
        if step.into_id is not None:
            parents[step.unit_id] = step.into_id
    for step in steps:
        if step.kind is StepKind.MOVES and step.into_id is not None:
            parents[step.unit_id] = step.into_id
    return parents


def path_of(unit_id: UnitId, parents: Mapping[UnitId, UnitId | None]) -> tuple[UnitId, ...] | None:
    """From the root to the unit; None where the way up comes round to where it was."""
    path: list[UnitId] = []
    at: UnitId | None = unit_id
    while at is not None:
        if at in path:
            return None
        path.append(at)
        at = parents.get(at)
    return tuple(reversed(path))


def judge_units(steps: Sequence[Step], units: Units, day: date) -> list[Verdict]:
    """What becomes of the units that the act names, and of those below the ones that end."""
    parents = parents_after(steps, units, day)
    ended = {step.unit_id for step in steps if step.is_end}
    found: dict[UnitId, Verdict] = {}
    for step in steps:
        fate = Fate.ENDS if step.is_end else Fate.STAYS
        found[step.unit_id] = _of_unit(step.unit_id, fate, units[step.unit_id].parent_id, step.into_id)
    for unit_id in ended:
        for child in children_of(units, unit_id, day):
            if child.id not in found:
                to = parents[child.id]
                fate = Fate.NO_PLACE if to in (None, unit_id) else Fate.PASSES_ON
                found[child.id] = _of_unit(child.id, fate, unit_id, None if fate is Fate.NO_PLACE else to)
    return list(found.values())


def _of_unit(unit_id: UnitId, fate: Fate, from_id: UnitId | None, to_id: UnitId | None) -> Verdict:
    return Verdict(
        kind=ThingKind.UNIT, id=unit_id, code="", fate=fate, from_id=from_id or unit_id, to_id=to_id
    )


def judge_posts(steps: Sequence[Step], posts: Sequence[KnownPost]) -> list[Verdict]:
    """What becomes of the posts of units that end. A post passes over with whoever holds it; but where the
    successor has the one of its kind already, it ends, and its work goes there."""
    ends = {post_id for step in steps for post_id in step.ends}
    going = {post.id: _goes_to(post, steps) for post in posts if _end_of(post, steps)}
    staying = [post for post in posts if post.id not in going]
    coming = [post for post in posts if going.get(post.id) and post.id not in ends]
    count = Counter((going[post.id], post.kind) for post in coming)
    verdicts = []
    for post in posts:
        if post.id not in going:
            continue
        to = going[post.id]
        in_place = [one.id for one in staying if (one.unit_id, one.kind) == (to, post.kind)]
        with_it = [one.id for one in coming if (going[one.id], one.kind) == (to, post.kind)]
        is_double = post.kind in ONE_OF_A_KIND and (bool(in_place) or count[to, post.kind] > 1)
        work_to: PostId | None = None
        if to is None:
            fate = Fate.NO_PLACE
        elif post.id in ends or (is_double and in_place):
            work_to = next(iter([*in_place, *with_it]), None)
            fate = Fate.NO_PLACE if work_to is None else Fate.ENDS
        else:
            fate = Fate.NEEDS_CHOICE if is_double else Fate.PASSES_ON
        verdicts.append(
            Verdict(
                kind=ThingKind.POST,
                id=post.id,
                code=post.kind,
                fate=fate,
                from_id=post.unit_id,
                to_id=to,
                work_to=work_to,
            )
        )
    return verdicts


def _end_of(post: KnownPost, steps: Sequence[Step]) -> Step | None:
    return next((step for step in steps if step.is_end and step.unit_id == post.unit_id), None)


def _goes_to(post: KnownPost, steps: Sequence[Step]) -> UnitId | None:
    step = _end_of(post, steps)
    if step is None:
        return None
    return next((one.into_id for one in step.given if one.id == post.id), step.into_id)


def judge_things(steps: Sequence[Step], things: Iterable[OpenThing]) -> list[Verdict]:
    """What becomes of what is open in the units that the act names or that lie below them: it goes on in the
    successor of its unit."""
    successors = {step.unit_id: step.into_id for step in steps if step.is_end}
    return [
        Verdict(
            kind=thing.kind,
            id=thing.id,
            code=thing.code,
            fate=_fate(thing, successors),
            from_id=thing.unit_id,
            to_id=successors.get(thing.unit_id, thing.unit_id),
        )
        for thing in things
    ]


def judge_windows(steps: Sequence[Step], units: Units, windows: Iterable[Window]) -> list[Verdict]:
    """Whoever would have filed in a unit that ends files in its successor, in the same time; but a round that
    is not for units of the successor's level takes nothing there."""
    successors = {step.unit_id: step.into_id for step in steps if step.is_end}
    verdicts = []
    for window in windows:
        to = successors.get(window.unit_id)
        goes_on = to is not None and window.level in (None, units[to].level)
        verdicts.append(
            Verdict(
                kind=window.kind,
                id=window.id,
                code=window.code,
                fate=Fate.PASSES_ON if goes_on else Fate.ENDS,
                from_id=window.unit_id,
                to_id=to if goes_on else None,
            )
        )
    return verdicts


def _fate(thing: OpenThing, successors: Mapping[UnitId, UnitId | None]) -> Fate:
    if thing.unit_id not in successors:
        return Fate.STAYS
    if successors[thing.unit_id] is None:
        return Fate.NO_PLACE
    return Fate.OPENED_ANEW if thing.begins_anew else Fate.PASSES_ON


class Fault(StrEnum):
    """Why steps cannot be an act."""

    UNKNOWN_UNIT = "UNKNOWN_UNIT"
    TWICE = "TWICE"
    NO_SUCCESSOR = "NO_SUCCESSOR"
    SUCCESSOR_ENDS = "SUCCESSOR_ENDS"
    NOT_THERE = "NOT_THERE"
    ROOT = "ROOT"
    NO_NAME = "NO_NAME"
    CIRCLE = "CIRCLE"
    NOT_ITS_OWN = "NOT_ITS_OWN"


def first_fault(
    steps: Sequence[Step], units: Units, posts: Sequence[KnownPost], day: date
) -> tuple[Fault, UnitId] | None:
    """The first thing that is wrong with the steps themselves, and in which step's unit."""
    for step in steps:
        fault = _fault_of(step, steps, units, day) or _fault_of_lists(step, units, posts)
        if fault:
            return fault, step.unit_id
    parents = parents_after(steps, units, day)
    circle = next((unit for unit in parents if path_of(unit, parents) is None), None)
    return (Fault.CIRCLE, circle) if circle else None


def _fault_of(step: Step, steps: Sequence[Step], units: Units, day: date) -> Fault | None:
    if not step.unit_ids <= units.keys():
        return Fault.UNKNOWN_UNIT
    places = [one for one in steps if one.unit_id == step.unit_id and one.kind is not StepKind.RENAMES]
    same = [one for one in steps if one.unit_id == step.unit_id and one.kind is step.kind]
    ended = {one.unit_id for one in steps if one.is_end}
    into = [units[unit_id] for unit_id in step.unit_ids - {step.unit_id}]
    return _first(
        (Fault.TWICE, len(same) > 1 or len(places) > 1),
        (Fault.ROOT, step.kind is not StepKind.RENAMES and units[step.unit_id].parent_id is None),
        (Fault.NO_NAME, (step.kind is StepKind.RENAMES) is not bool(step.name)),
        (Fault.NO_SUCCESSOR, (step.into_id is None) is not (step.kind in (StepKind.ENDS, StepKind.RENAMES))),
        (Fault.CIRCLE, step.into_id == step.unit_id),
        (Fault.SUCCESSOR_ENDS, any(unit.id in ended for unit in into)),
        (Fault.NOT_THERE, not all(unit.stands_on(day) for unit in (units[step.unit_id], *into))),
    )


def _fault_of_lists(step: Step, units: Units, posts: Sequence[KnownPost]) -> Fault | None:
    own = {post.id for post in posts if post.unit_id == step.unit_id}
    below = {unit.id for unit in units.values() if unit.parent_id == step.unit_id}
    is_own = all(one.id in own or one.id in below for one in step.given) and own.issuperset(step.ends)
    may_give = step.kind is StepKind.SPLITS or not step.given
    return None if is_own and may_give and (step.is_end or not step.ends) else Fault.NOT_ITS_OWN


def _first(*found: tuple[Fault, bool]) -> Fault | None:
    return next((fault for fault, is_so in found if is_so), None)
