"""What is asked of the directory: the rules in force, who holds which post with which clock, and to tell
people of what happened."""

from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from language.deadline.clock import StageClock
from language.ids import DossierId, PersonId, SeasonId, UnitId
from language.messages.hand_over import ResolveTasks, TasksResolved
from language.messages.notices import NoticeBatch
from language.messages.transition import (
    ClassifyDossiers,
    DossiersTold,
    FinishTransition,
    ListTold,
    NoteAnswers,
    TellDossiers,
    ToldDossiers,
)
from language.plan.review_plan import Budget, ReviewPlan, RungRule
from language.posts import holders
from language.posts.kinds import PostKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePlan:
    """Take the rules in force for this unit and season on the day of filing."""

    dossier_id: DossierId
    unit_id: UnitId
    season_id: SeasonId
    filed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRules:
    """What the directory needs to compute a clock, besides the calendar that is in force when it starts."""

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


class DirectoryActivities:
    """What is asked of the directory."""

    @activity.defn(name="directory.freeze_plan")
    async def freeze_plan(self, command: FreezePlan) -> ReviewPlan:
        """The plan of the pack in force for the unit's authority on the filing day, at every level from the
        unit to the root.

        Refusals (non-retryable): `NoPolicyInForce`, `UnitUnknown`.
        """
        raise NotImplementedError

    @activity.defn(name="directory.resolve_posts")
    async def resolve_posts(self, command: ResolvePosts) -> PostsResolved:
        """The holders now; never fails for a missing holder: an empty seat is the caller's to handle."""
        raise NotImplementedError

    @activity.defn(name="directory.resolve_tasks")
    async def resolve_tasks(self, command: ResolveTasks) -> TasksResolved:
        """Who acts now for each of these tasks; a task for which nobody is there is answered too."""
        raise NotImplementedError

    @activity.defn(name="directory.accept_notices")
    async def accept_notices(self, batch: NoticeBatch) -> None:
        """Keep a service's notices and plan their delivery; repeat-safe by notice id."""
        raise NotImplementedError

    @activity.defn(name="directory.classify_dossiers")
    async def classify_dossiers(self, command: ClassifyDossiers) -> None:
        """Sort a page of open dossiers; repeat-safe. After the last page the plan can be approved."""
        raise NotImplementedError

    @activity.defn(name="directory.tell_dossiers")
    async def tell_dossiers(self, command: TellDossiers) -> DossiersTold:
        """Send the new rules to the next moved dossiers, each once."""
        raise NotImplementedError

    @activity.defn(name="directory.list_told")
    async def list_told(self, command: ListTold) -> ToldDossiers:
        """Who has not answered yet."""
        raise NotImplementedError

    @activity.defn(name="directory.note_answers")
    async def note_answers(self, command: NoteAnswers) -> None:
        """Write down what became of dossiers; repeat-safe."""
        raise NotImplementedError

    @activity.defn(name="directory.finish_transition")
    async def finish_transition(self, command: FinishTransition) -> None:
        """The transition is done; what it gives back is reverted. Repeat-safe."""
        raise NotImplementedError
