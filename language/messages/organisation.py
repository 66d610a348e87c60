"""What is asked of the organisation: who acts in which post, and for which task."""

from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from language.deadline.clock import StageClock
from language.ids import DossierId, PersonId, UnitId
from language.plan.review_plan import Budget, RungRule
from language.posts import holders
from language.posts.kinds import PostKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRules:
    """What a clock is computed from, besides the calendar that is in force when it starts."""

    budget: Budget
    ladder: tuple[RungRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvePosts:
    """Who acts in these posts of the unit at `at` (domain time), who is above them, and which clock starts
    now.

    `excluded` are persons who may not act on this dossier (its authors). For a holder the delegate acts; for
    a UNIT_HEAD or COUNCIL_CHAIR on leave without one, or for such a post that is vacant, the deputy; other
    holders on leave are left out. `level` is the level of the matter, for delegations that are given for some
    levels only. `superiors` are the heads of the unit and of the units above it, nearest first, excluded
    persons left out. `clock` is None when no rules are given (a later look at who is there, as at a rung).
    """

    dossier_id: DossierId
    unit_id: UnitId
    posts: tuple[PostKind, ...]
    at: datetime
    excluded: tuple[PersonId, ...]
    clock: ClockRules | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsResolved(holders.PostsResolved):
    """Who acts, with the clock that starts now."""

    clock: StageClock | None


class OrganisationActivities:
    """What is asked of the organisation."""

    @activity.defn(name="organisation.resolve_posts")
    async def resolve_posts(self, command: ResolvePosts) -> PostsResolved:
        """The holders now; never fails for a missing holder: an empty seat is the caller's to handle."""
        raise NotImplementedError
