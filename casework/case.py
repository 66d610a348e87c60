"""A kind of case: what a service says of the things it has deadlines for. The rest (tasks, clocks, rungs,
hand-over, forecast) is said once, in this package."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar
from uuid import UUID

from casework import tasks
from casework.clocks.kept import NewClock
from casework.notices import Matter
from casework.tasks import NewTask, Task, TaskState, office_of
from kit.auth import Principal
from kit.db import Tx
from language.cases import AlarmKind, CaseType
from language.deadline.clock import StageClock
from language.events.rungs import CouncilFound, RungEffect
from language.ids import PersonId, PostId
from language.journey.office import OfficeEffect, RungContext, office_rung
from language.plan.review_plan import Basis, Budget, ExtensionRule, RungAction, RungRule, Share
from language.plan.rule_kinds import USUAL_SPREAD_MINUTES
from language.posts.holders import PostsResolved
from language.posts.kinds import PostKind, PostTask

C = TypeVar("C")
X = TypeVar("X")
E = TypeVar("E", bound=RungEffect)


class InPost(Protocol):
    """Somebody who acts in a post."""

    @property
    def person_id(self) -> PersonId: ...
    @property
    def post_id(self) -> PostId: ...
    @property
    def on_behalf_of(self) -> PersonId | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOfCase:
    """The rules of a case's clock."""

    budget: Budget
    basis: Basis
    ladder: tuple[RungRule, ...]
    extension: ExtensionRule | None = None
    spread_minutes: int = USUAL_SPREAD_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is known of every case. `about_id` is the thing with the deadline, `subject_id` what people know
    it by (the dossier), `workflow_id` the run that waits for its rungs."""

    about_id: UUID
    subject_id: UUID
    subject_code: str
    level: str | None
    unit_id: UUID
    unit_path: Sequence[UUID]
    due_at: datetime
    rule_version: str | None
    workflow_id: str

    @property
    def matter(self) -> Matter:
        """What people are told it is."""
        return Matter(
            subject_id=self.subject_id, subject_code=self.subject_code, level=self.level, due_at=self.due_at
        )

    def task(
        self,
        kind: PostTask,
        holder: InPost,
        *,
        state: TaskState = TaskState.OPEN,
        post_kind: PostKind | None = None,
    ) -> NewTask:
        """Work for this person; with `post_kind` an office's."""
        return NewTask(
            kind=kind,
            subject_id=self.subject_id,
            subject_code=self.subject_code,
            about_id=self.about_id,
            level=self.level,
            unit_id=self.unit_id,
            unit_path=self.unit_path,
            assignee_id=holder.person_id,
            on_behalf_of=holder.on_behalf_of,
            due_at=self.due_at,
            state=state,
            post_id=holder.post_id,
            post_kind=post_kind,
        )

    def clock(self, case_type: CaseType, rules: ClockOfCase, started: StageClock) -> NewClock:
        """The clock that starts with it."""
        return NewClock(
            about_id=self.about_id,
            subject_id=self.subject_id,
            subject_code=self.subject_code,
            kind=case_type,
            level=self.level,
            unit_id=self.unit_id,
            unit_path=self.unit_path,
            workflow_id=self.workflow_id,
            rule_version=self.rule_version or "",
            rule=rules.basis.rule,
            budget=rules.budget,
            ladder=rules.ladder,
            extension=rules.extension,
            spread_minutes=rules.spread_minutes,
            started=started,
        )


class CaseKind(ABC, Generic[C, X, E]):
    """What a kind of case says of itself: `C` is the case, `X` what a rung looks at, `E` what it does."""

    type: ClassVar[CaseType]
    tasks: ClassVar[tuple[PostTask, ...]]
    """The kinds of its tasks that are due with its clock."""

    @abstractmethod
    async def lock(self, tx: Tx, about_id: UUID) -> C:
        """The case, locked until the transaction ends: acts, rungs and moves wait for each other here."""

    @abstractmethod
    async def some(self, tx: Tx, about_ids: Sequence[UUID]) -> Sequence[C]:
        """These cases, not locked."""

    @abstractmethod
    def particulars(self, case: C) -> Particulars:
        """What it shares with every other."""

    @abstractmethod
    def is_over(self, case: C) -> bool:
        """Nobody need act any more."""

    @abstractmethod
    async def excluded(self, tx: Tx, about_ids: Sequence[UUID]) -> Mapping[UUID, Collection[UUID]]:
        """Who may not act in these at all: authors, payees."""

    async def told(self, tx: Tx, about_id: UUID) -> Collection[UUID]:
        """Whom it concerns that its deadline was moved: authors, payees, as far as they can be told. Of some
        cases nobody."""
        return ()

    async def answers_for(self, tx: Tx, about_id: UUID) -> Collection[UUID]:
        """Whose own doing the case is about: they do not move its clock. Of most cases nobody."""
        return ()

    @abstractmethod
    async def require_readable(self, tx: Tx, caller: Principal, subject_id: UUID) -> None:
        """`NotFound` for who may not know of it."""

    @abstractmethod
    async def save_due(self, tx: Tx, about_id: UUID, due_at: datetime) -> None:
        """Its clock moved: write its own due column."""

    @abstractmethod
    async def contexts(
        self,
        tx: Tx,
        cases: Sequence[C],
        posts: Mapping[UUID, PostsResolved],
        actions: Collection[RungAction],
    ) -> Mapping[UUID, X]:
        """What rungs of these actions look at, read together; who is in the posts, as far as it is known."""

    @abstractmethod
    def effect(self, action: RungAction, context: X, at: datetime, quorum: Share | None = None) -> E:
        """What a rung does. Pure: the climb and the forecast both ask here. `quorum` is the share of a
        LOWER_QUORUM rung."""

    @abstractmethod
    def lack(self, context: X, effect: E) -> AlarmKind | None:
        """Whether too few people are there for the case to come to its end, once the effect is carried
        out. Pure."""

    @abstractmethod
    async def carry_out(self, tx: Tx, case: C, effect: E, posts: PostsResolved | None) -> None:
        """Do it, under the lock."""

    @abstractmethod
    def posts(self, case: C) -> Sequence[PostKind]:
        """The kinds of post in its unit whose holders act on it, or may come to."""

    async def looks_at_posts(self, tx: Tx, case: C, action: RungAction) -> bool:
        """A rung of this action looks at who is in the posts."""
        return True

    def found(self, context: X) -> CouncilFound | None:
        """The numbers that a rung found, for the history."""
        return None

    async def barred(self, tx: Tx, given: Sequence[Task]) -> Mapping[UUID, Collection[UUID]]:
        """Who may not have these tasks as well, by task: they sit in the same council, or sign the same."""
        return {}

    async def move_along(
        self, tx: Tx, task: Task, person_id: PersonId, on_behalf_of: PersonId | None
    ) -> None:
        """Take along what hangs on a task that goes to this person (a seat, the decision)."""

    async def reached(self, tx: Tx, task: Task, *, is_there: bool) -> None:
        """The hand-over found nobody for the task, or whoever has it is there again."""


AnyCase: TypeAlias = CaseKind[Any, Any, Any]


class OfficeCase(CaseKind[C, RungContext, OfficeEffect], Generic[C]):
    """A case whose work is an office's: given to the one with the least to do, falling to the head above."""

    @abstractmethod
    def wanted(self, case: C) -> Mapping[PostTask, Collection[PostKind]]:
        """The tasks still to be done, the awaited one first, each with the kinds of post that do it."""

    @abstractmethod
    async def out(self, tx: Tx, cases: Sequence[C]) -> Mapping[UUID, Collection[UUID]]:
        """Who may be given nothing of each case."""

    async def contexts(
        self,
        tx: Tx,
        cases: Sequence[C],
        posts: Mapping[UUID, PostsResolved],
        actions: Collection[RungAction],
    ) -> Mapping[UUID, RungContext]:
        """Who has each task since when, where it has been, and how much those who are there have to do."""
        ids = [self.particulars(case).about_id for case in cases]
        waiting, asked = await tasks.waited_for(tx, ids), await tasks.posts_asked(tx, ids)
        there = sorted({holder.person_id for seen in posts.values() for holder in seen.holders})
        pending = {PersonId(one): count for one, count in (await tasks.count_pending(tx, there)).items()}
        out = await self.out(tx, cases)
        contexts: dict[UUID, RungContext] = {}
        for about_id, case in zip(ids, cases, strict=True):
            wanted, seen = self.wanted(case), posts.get(about_id)
            contexts[about_id] = RungContext(
                wanted=wanted,
                assigned={
                    kind: {PersonId(one): at for one, at in waiting.get((about_id, kind), {}).items()}
                    for kind in wanted
                },
                barred=[PersonId(person) for person in out[about_id]],
                holders=seen.holders if seen else (),
                superiors=seen.superiors if seen else (),
                asked={kind: {PostId(post) for post in asked.get((about_id, kind), ())} for kind in wanted},
                pending=pending,
            )
        return contexts

    def effect(
        self, action: RungAction, context: RungContext, at: datetime, quorum: Share | None = None
    ) -> OfficeEffect:
        """The rule of every office."""
        return office_rung(action, context, at)

    def lack(self, context: RungContext, effect: OfficeEffect) -> AlarmKind | None:
        """The awaited task is nobody's."""
        is_given = context.silent or context.awaited in effect.given
        return None if is_given else AlarmKind.NOBODY_THERE

    async def carry_out(self, tx: Tx, case: C, effect: OfficeEffect, posts: PostsResolved | None) -> None:
        """Give out what nobody had; whoever has the awaited task loses it to whom it goes."""
        particulars = self.particulars(case)
        if posts:
            # Work lies where the posts are: of a unit that has ended, in its successor.
            particulars = replace(particulars, unit_id=posts.unit_id, unit_path=posts.unit_path)
        awaited = next(iter(self.wanted(case)))
        if effect.goes_to:
            await tasks.cancel_tasks(tx, particulars.about_id, awaited)
        to_give = {**effect.given, **({awaited: effect.goes_to} if effect.goes_to else {})}
        for kind, holder in to_give.items():
            state = TaskState.OPEN if kind is awaited else TaskState.WAITING
            post_kind = office_of(holder, posts) if posts else None
            await tasks.open_task(tx, particulars.task(kind, holder, state=state, post_kind=post_kind))


class Cases:
    """The kinds of case of one service."""

    def __init__(self, *kinds: AnyCase) -> None:
        self.kinds = kinds
        self._of_type = {kind.type: kind for kind in kinds}
        self._of_task = {task: kind for kind in kinds for task in kind.tasks}

    def of(self, case_type: CaseType) -> AnyCase:
        """The kind of this name."""
        return self._of_type[case_type]

    def of_task(self, task: PostTask) -> AnyCase:
        """The kind that gives this task."""
        return self._of_task[task]
