"""Who signs an award: two persons, neither of them paid by it."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from workflows.contracts.directory import PostHolder
from workflows.contracts.plan import PostKind


def first_allowed(holders: Sequence[PostHolder], barred: Collection[UUID]) -> PostHolder | None:
    """The nearest superior who is not barred."""
    return next((holder for holder in holders if holder.person_id not in barred), None)


def least_busy(
    holders: Sequence[PostHolder], kind: PostKind, barred: Collection[UUID], pending: Mapping[UUID, int]
) -> PostHolder | None:
    """The holder of this kind with the fewest pending tasks, the earlier one among equals."""
    able = [holder for holder in holders if holder.kind is kind and holder.person_id not in barred]
    return min(able, key=lambda holder: pending.get(holder.person_id, 0), default=None)
