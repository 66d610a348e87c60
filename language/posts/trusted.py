"""To whom work may be passed on that judges initiatives or moves money: to people in posts that are trusted
with the like, in the unit of the post or above it. Which posts those are the rules say. Pure."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from language.posts.kinds import PostKind, PostTask
from language.posts.substitution import Delegation, Place

_HEADS: Final = frozenset({PostKind.UNIT_HEAD, PostKind.DEPUTY_HEAD})
_CHAIRS: Final = frozenset({PostKind.COUNCIL_CHAIR, PostKind.COUNCIL_DEPUTY_CHAIR})
_MEMBERS: Final = _CHAIRS | {
    PostKind.COUNCIL_SECRETARY,
    PostKind.COUNCIL_MEMBER,
    PostKind.COUNCIL_SUBSTITUTE,
    PostKind.UNION_REPRESENTATIVE,
}
_CHIEFS: Final = frozenset({PostKind.CHIEF_ACCOUNTANT})
_ACCOUNTANTS: Final = _CHIEFS | {PostKind.ACCOUNTANT}

TRUSTED: Final[Mapping[PostTask, frozenset[PostKind]]] = MappingProxyType(
    {
        PostTask.MARK: _HEADS | _MEMBERS,
        PostTask.DECIDE: _HEADS | _CHAIRS,
        PostTask.VERIFY_AWARD: _HEADS | _ACCOUNTANTS,
        PostTask.APPROVE_AWARD: _HEADS | _CHIEFS,
        PostTask.SEND_LIST: _HEADS | _CHIEFS,
        PostTask.CONFIRM_LIST: _HEADS | _ACCOUNTANTS,
        PostTask.MAKE_LIST: _HEADS | _ACCOUNTANTS,
        PostTask.SETTLE_COMPLAINT: _HEADS,
    }
)
"""The kinds of post that are trusted with each of these tasks where a pack says nothing (a sample); any other
task goes to anybody."""


def not_trusted(
    given: Delegation,
    grantors: Collection[Place],
    delegates: Collection[Place],
    rules: Mapping[PostTask, Collection[PostKind]] = TRUSTED,
) -> Iterator[PostTask]:
    """The tasks that the delegation would pass on to somebody who holds no post for them, by the posts that
    both hold in its days. `rules` say which posts are trusted with each of the tasks in `TRUSTED`."""
    for task, kinds in rules.items():
        if given.tasks and task not in given.tasks:
            continue
        passed_on = [
            place
            for place in grantors
            if (place.kind in TRUSTED[task] or place.kind in kinds)
            and given.covers_post(place.kind, place.unit_path)
        ]
        trusted = {place.unit_id for place in delegates if place.kind in kinds}
        if not all(trusted.intersection(place.unit_path) for place in passed_on):
            yield task
