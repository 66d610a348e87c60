"""Who acts in the posts of a unit, and the heads above it; pure."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Self

from language.ids import PersonId, PostId, UnitId
from language.posts.kinds import PostKind, PostTask
from language.posts.substitution import Case, Place, Roster, who_acts_in


@dataclass(frozen=True, slots=True, kw_only=True)
class PostHolder:
    """A reachable person in a post now. `on_behalf_of` is the holder, when somebody acts for them; `chain`
    runs from the holder over those who passed the work on to the person. `tasks` are the kinds of task for
    which it is this person; None for all."""

    post_id: PostId
    kind: PostKind
    person_id: PersonId
    on_behalf_of: PersonId | None = None
    chain: tuple[PersonId, ...] = ()
    tasks: tuple[PostTask, ...] | None = None

    def may_do(self, task: PostTask) -> bool:
        """The person acts in the post when it comes to this kind of task."""
        return self.tasks is None or task in self.tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsResolved:
    """Who acts in a unit's posts, and who is above. `unit_path` runs from the root to the unit itself."""

    unit_id: UnitId
    unit_path: tuple[UnitId, ...]
    holders: tuple[PostHolder, ...]
    superiors: tuple[PostHolder, ...]

    def for_task(self, task: PostTask) -> Self:
        """Only those who act when it comes to this kind of task."""
        holders = tuple(holder for holder in self.holders if holder.may_do(task))
        superiors = tuple(holder for holder in self.superiors if holder.may_do(task))
        return replace(self, holders=holders, superiors=superiors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """The dossier in question: the level at which it is, and who may not act on it."""

    level: str | None = None
    excluded: Collection[PersonId] = ()


def holders_in(
    unit_id: UnitId, kinds: Sequence[PostKind], roster: Roster, matter: Matter
) -> tuple[PostHolder, ...]:
    """Who acts in the unit's posts of these kinds, in the order of the kinds."""
    return _by_task(lambda task: _holders(unit_id, kinds, roster, _case(matter, task)))


def superiors_of(unit_path: Sequence[UnitId], roster: Roster, matter: Matter) -> tuple[PostHolder, ...]:
    """The heads of the unit and of the units above it, nearest first; at the root also the deputy heads, so
    that the list rarely ends."""
    return _by_task(lambda task: _superiors(unit_path, roster, _case(matter, task)))


def _case(matter: Matter, task: PostTask) -> Case:
    return Case(task=task, level=matter.level, excluded=matter.excluded)


def _by_task(resolve: Callable[[PostTask], tuple[PostHolder, ...]]) -> tuple[PostHolder, ...]:
    """Delegations may be given for some kinds of task only: then each list says for which it is; as a rule
    one list is for all."""
    lists: dict[tuple[PostHolder, ...], list[PostTask]] = {}
    for task in PostTask:
        lists.setdefault(resolve(task), []).append(task)
    if len(lists) == 1:
        return next(iter(lists))
    return tuple(replace(holder, tasks=tuple(tasks)) for found, tasks in lists.items() for holder in found)


def _holders(
    unit_id: UnitId, kinds: Sequence[PostKind], roster: Roster, case: Case
) -> tuple[PostHolder, ...]:
    places = [
        place
        for kind in kinds
        for place in roster.places.values()
        if place.unit_id == unit_id and place.kind is kind
    ]
    return tuple(holder for place in places for holder in _holders_of(place, roster, case))


def _holders_of(place: Place, roster: Roster, case: Case) -> list[PostHolder]:
    return [
        PostHolder(
            post_id=place.post_id,
            kind=place.kind,
            person_id=found.person_id,
            on_behalf_of=found.on_behalf_of,
            chain=found.chain if found.on_behalf_of else (),
        )
        for found in who_acts_in(roster, place, case)
    ]


def _superiors(unit_path: Sequence[UnitId], roster: Roster, case: Case) -> tuple[PostHolder, ...]:
    upward = list(reversed(unit_path))
    heads = [holder for unit in upward for holder in _holders(unit, (PostKind.UNIT_HEAD,), roster, case)]
    last_resort = _holders(upward[-1], (PostKind.DEPUTY_HEAD,), roster, case)
    found: list[PostHolder] = []
    for holder in (*heads, *last_resort):
        if all(holder.person_id != known.person_id for known in found):
            found.append(holder)
    return tuple(found)
