"""Who acts in a post at an instant: leave, deputies, and the heads above."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from workflows.contracts.directory import PostHolder
from workflows.contracts.ids import PersonId, PostId, UnitId
from workflows.contracts.plan import PostKind

DEPUTIES = ((PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD), (PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_DEPUTY_CHAIR))
"""Which post acts for which while its holder is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A post held on the day in question. `away`: the holder is on leave that day."""

    post_id: PostId
    unit_id: UnitId
    kind: PostKind
    person_id: PersonId
    away: bool


def _deputy_of(holding: Holding, all_holdings: Sequence[Holding], excluded: Collection[PersonId]) -> Holding | None:
    deputy_kind = dict(DEPUTIES).get(holding.kind)
    return next(
        (
            other
            for other in all_holdings
            if other.kind is deputy_kind and other.unit_id == holding.unit_id and not other.away and other.person_id not in excluded
        ),
        None,
    )


def acting(holding: Holding, all_holdings: Sequence[Holding], excluded: Collection[PersonId]) -> PostHolder | None:
    """The person who acts in this post: the holder, or the deputy on the holder's behalf while the holder is away.

    An excluded holder (an author) is not replaced: a deputy would still act in the author's own matter.
    """
    if holding.person_id in excluded:
        return None
    if not holding.away:
        return PostHolder(post_id=holding.post_id, kind=holding.kind, person_id=holding.person_id)
    deputy = _deputy_of(holding, all_holdings, excluded)
    if deputy is None:
        return None
    return PostHolder(post_id=holding.post_id, kind=holding.kind, person_id=deputy.person_id, on_behalf_of=holding.person_id)


def holders_in(
    unit_id: UnitId, kinds: Sequence[PostKind], holdings: Sequence[Holding], excluded: Collection[PersonId]
) -> tuple[PostHolder, ...]:
    """Who acts in the unit's posts of these kinds, in the order of the kinds."""
    found = [
        acting(holding, holdings, excluded)
        for kind in kinds
        for holding in holdings
        if holding.unit_id == unit_id and holding.kind is kind
    ]
    return tuple(holder for holder in found if holder)


def superiors_of(unit_path: Sequence[UnitId], holdings: Sequence[Holding], excluded: Collection[PersonId]) -> tuple[PostHolder, ...]:
    """The heads of the unit and of the units above it, nearest first; at the root also the deputy heads, so that the list rarely ends."""
    upward = list(reversed(unit_path))
    heads = [holder for unit in upward for holder in holders_in(unit, (PostKind.UNIT_HEAD,), holdings, excluded)]
    last_resort = holders_in(upward[-1], (PostKind.DEPUTY_HEAD,), holdings, excluded)
    found: list[PostHolder] = []
    for holder in (*heads, *last_resort):
        if all(holder.person_id != known.person_id for known in found):
            found.append(holder)
    return tuple(found)
