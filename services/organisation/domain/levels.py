"""Which units lie below which, and which posts are given from above: nobody makes a province of their own."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from language.posts.kinds import PostKind
from language.units.levels import ORDER

FROM_ABOVE: Final = frozenset(
    {
        PostKind.ADMIN,
        PostKind.UNIT_HEAD,
        PostKind.DEPUTY_HEAD,
        PostKind.COUNCIL_CHAIR,
        PostKind.COUNCIL_DEPUTY_CHAIR,
        PostKind.ACCOUNTANT,
        PostKind.CHIEF_ACCOUNTANT,
    }
)
"""Who decides, signs or appoints in a unit: an administrator who made another would be both pairs of eyes."""


def may_lie_below(level: str, above: Iterable[str]) -> bool:
    """Each level comes at most once on a path, and in its order."""
    higher = set(above)
    if level in higher:
        return False
    return level not in ORDER or not higher & set(ORDER[ORDER.index(level) :])


def given_by(kind: PostKind, unit_path: Sequence[UUID]) -> Sequence[UUID]:
    """The path to the unit whose administrators, or those above, make, give and end such a post: of one that
    decides, signs or appoints the unit above. At the root there is none above."""
    return unit_path[:-1] if kind in FROM_ABOVE and len(unit_path) > 1 else unit_path
