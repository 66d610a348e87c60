"""Climbing one rung, the same for every owner of a clock: look under the lock first, act only if the act has
not come."""

from dataclasses import dataclass
from enum import StrEnum

from language.deadline.clock import Rung
from language.messages.organisation import PostsResolved


class RungFinding(StrEnum):
    """What the owner found under its lock when the rung fired. NOT_YET: the clock was moved or stands still;
    nothing was done or written down."""

    FIRED = "FIRED"
    ALREADY_FIRED = "ALREADY_FIRED"
    TOO_LATE = "TOO_LATE"
    NOTHING_TO_DO = "NOTHING_TO_DO"
    NOT_YET = "NOT_YET"


@dataclass(frozen=True, slots=True, kw_only=True)
class RungClimb:
    """The rung to climb and who is there now; None for a rung that looks at nobody's post."""

    rung: Rung
    posts: PostsResolved | None
