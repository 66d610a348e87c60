"""What a journey has been told: the state its signal handlers touch, and the instant it is in domain time."""

from dataclasses import dataclass
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.contracts.directory import ClockRules, DirectoryActivities, PostsResolved, ResolvePosts
    from workflows.contracts.ids import PersonId, StageId, UnitId
    from workflows.contracts.intake import CheckState, FormalCheckMoved, WithdrawalRequested
    from workflows.contracts.journey import StartJourney
    from workflows.contracts.plan import PostKind
    from workflows.contracts.review import StageDecided
    from workflows.contracts.time_scale import domain_now

from workflows.calls import DIRECTORY
from workflows.ladder import ClockBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a dossier is: the posts of a unit that work on it, and the level; None for the formal check."""

    unit_id: UnitId
    posts: tuple[PostKind, ...]
    level: str | None = None


class JourneyFacts:
    """Each fact is kept under its natural key (check and clocks by revision, a decision by stage): a repeat, or an old word that arrives late,
    changes nothing, and a word that comes early waits until somebody looks for it."""

    def __init__(self, start: StartJourney) -> None:
        self.start = start
        self.authors = start.authors
        self.check: FormalCheckMoved | None = None
        self.withdrawal: WithdrawalRequested | None = None
        self.clocks = ClockBook()
        self._decisions: dict[StageId, StageDecided] = {}

    def note_check(self, moved: FormalCheckMoved) -> None:
        """Intake's newest word stands."""
        if self.check and moved.revision <= self.check.revision:
            return
        self.check = moved
        self.authors = moved.authors

    def note_decision(self, decision: StageDecided) -> None:
        """Review's first word stands; review never changes it."""
        self._decisions.setdefault(decision.stage_id, decision)

    def note_withdrawal(self, request: WithdrawalRequested) -> None:
        """One request is enough."""
        self.withdrawal = self.withdrawal or request

    def decision_of(self, stage: StageId) -> StageDecided | None:
        """The stage's decision, if it has come."""
        return self._decisions.get(stage)

    @property
    def check_state(self) -> CheckState:
        """Where the formal check stands."""
        return self.check.state if self.check else CheckState.OPEN

    @property
    def author_ids(self) -> tuple[PersonId, ...]:
        """Who may not act on this dossier."""
        return tuple(author.person_id for author in self.authors)

    def now(self) -> datetime:
        """Domain time."""
        return domain_now(workflow.now(), self.start.time_scale)

    async def resolve(self, place: Place, clock: ClockRules | None, at: datetime) -> PostsResolved:
        """Who acts in these posts then, authors left out; with rules, also the clock that starts then."""
        command = ResolvePosts(
            dossier_id=self.start.dossier_id, unit_id=place.unit_id, posts=place.posts, at=at, excluded=self.author_ids, clock=clock,
            level=place.level,
        )  # fmt: skip
        return await workflow.execute_activity_method(DirectoryActivities.resolve_posts, command, **DIRECTORY)
