"""What a journey has been told: the state its signal handlers touch, and the instant it is in domain time."""

from dataclasses import dataclass
from datetime import datetime

from temporalio import workflow

from language.ids import PersonId, StageId, TransitionId, UnitId
from language.messages.intake import CheckState, FormalCheckMoved, WithdrawalRequested
from language.messages.journey import StartJourney
from language.messages.organisation import ClockRules, OrganisationActivities, PostsResolved, ResolvePosts
from language.messages.review import StageDecided
from language.messages.transition import RulesChanged
from language.names import stage_id
from language.plan.review_plan import ReviewPlan
from language.posts.kinds import PostKind
from language.time_scale import domain_now
from workflows.calls import ORGANISATION
from workflows.ladder import ClockBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a dossier is: the posts of a unit that work on it, and the level; None for the formal check."""

    unit_id: UnitId
    posts: tuple[PostKind, ...]
    level: str | None = None


class JourneyFacts:
    """Each fact is kept under its natural key (check, clocks and rules by revision, a decision by stage): a
    repeat, or an old word that arrives late, changes nothing, and a word that comes early waits until
    somebody looks for it."""

    def __init__(self, start: StartJourney) -> None:
        self.start = start
        self.authors = start.authors
        self.check: FormalCheckMoved | None = None
        self.withdrawal: WithdrawalRequested | None = None
        self.clocks = ClockBook()
        self.plan_before: ReviewPlan | None = None
        self.spoken: list[str] = []
        self._plan: ReviewPlan | None = None
        self._decisions: dict[StageId, StageDecided] = {}
        self._rules: RulesChanged | None = None
        self._rules_revision = 0
        self._changed_by: TransitionId | None = None
        self._spoken_at_change = 0

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

    def note_rules(self, changed: RulesChanged) -> None:
        """The rulebook's newest word stands, until the journey comes to a point where it can take it."""
        if changed.revision > self._rules_revision:
            self._rules, self._rules_revision = changed, changed.revision

    @property
    def has_new_rules(self) -> bool:
        """A change of rules waits to be taken."""
        return self._rules is not None

    def take_word(self) -> RulesChanged:
        """The waiting change, which no longer waits."""
        if self._rules is None:
            raise RuntimeError("no rules wait")
        word, self._rules = self._rules, None
        return word

    def put_back(self, word: RulesChanged) -> None:
        """The change waits for a later point, unless a newer one has come."""
        self._rules = self._rules or word

    @property
    def has_plan(self) -> bool:
        """The rules are known."""
        return self._plan is not None

    @property
    def plan(self) -> ReviewPlan:
        """The rules that hold for what is opened from now on."""
        if self._plan is None:
            raise RuntimeError("the rules are not known yet")
        return self._plan

    def freeze(self, plan: ReviewPlan) -> None:
        """The rules of the day of filing."""
        self._plan = plan

    def change_plan(self, plan: ReviewPlan, word: RulesChanged) -> None:
        """Other rules hold from now on."""
        self.plan_before = self._plan if word.plan else None
        self._plan, self._changed_by, self._spoken_at_change = plan, word.transition_id, len(self.spoken)

    @property
    def has_acted_since_change(self) -> bool:
        """A level has spoken under the rules that hold now."""
        return len(self.spoken) > self._spoken_at_change

    def stage_at(self, level: str) -> StageId:
        """The stage that would be opened now at this level."""
        return stage_id(self.start.dossier_id, level, self._changed_by)

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
            dossier_id=self.start.dossier_id,
            unit_id=place.unit_id,
            posts=place.posts,
            at=at,
            excluded=self.author_ids,
            clock=clock,
            level=place.level,
        )
        return await workflow.execute_activity_method(
            OrganisationActivities.resolve_posts, command, **ORGANISATION
        )
