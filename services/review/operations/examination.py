"""The examination of a stage as a kind of case: what its rungs look at and do, and what moves with its
tasks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from casework import tasks
from casework.case import CaseKind, ClockOfCase, Particulars
from casework.clocks.kept import kept_clock
from casework.clocks.moves import signal_moved
from casework.history.record import record
from casework.ladder import give_out
from casework.roster import is_held
from casework.tasks import Task, TaskState
from kit.auth import Principal
from kit.db import Tx
from kit.ids import new_id
from language.cases import AlarmKind, CaseType
from language.events.review import SeatCounted
from language.events.rungs import CouncilFound
from language.ids import PersonId, PostId, StageId
from language.names import initiative_workflow_id
from language.plan.review_plan import RungAction, Share
from language.posts.holders import PostHolder, PostsResolved
from language.posts.kinds import PostKind, PostTask
from services.review.domain.council import is_complete, posts_wanted
from services.review.domain.ladder import (
    LOOKS_AT_POSTS,
    CouncilEffect,
    RungContext,
    council_rung,
    is_too_small,
)
from services.review.domain.stage import (
    AnyStage,
    OpenStage,
    Seat,
    Stage,
    active_seats,
    in_draft,
    may_be_decided,
    submitted,
)
from services.review.operations.reading import may_read_history
from services.review.store import score_sheets, stages
from services.review.store.filed_dossiers import authors_told


class Examination(CaseKind[AnyStage, RungContext, CouncilEffect]):
    """Members mark, the decider decides; the row lock of the stage guards both."""

    type = CaseType.EXAMINATION
    tasks = (PostTask.MARK, PostTask.DECIDE)

    async def lock(self, tx: Tx, about_id: UUID) -> AnyStage:
        """See the base."""
        return await stages.lock_stage(tx, about_id)

    async def some(self, tx: Tx, about_ids: Sequence[UUID]) -> Sequence[AnyStage]:
        """See the base."""
        return await stages.some_stages(tx, about_ids)

    def particulars(self, case: Stage) -> Particulars:
        """See the base."""
        return Particulars(
            about_id=case.id,
            subject_id=case.dossier_id,
            subject_code=case.dossier_code,
            level=case.level,
            unit_id=case.unit_id,
            unit_path=case.unit_path,
            due_at=case.due_at,
            rule_version=case.rule_version,
            workflow_id=initiative_workflow_id(case.dossier_id),
        )

    def clock_rules(self, case: Stage) -> ClockOfCase:
        """How long the council has."""
        plan = case.plan
        return ClockOfCase(
            budget=plan.examination,
            basis=plan.examination_basis,
            ladder=plan.ladder,
            extension=plan.extension,
            spread_minutes=plan.spread_minutes,
        )

    def is_over(self, case: AnyStage) -> bool:
        """See the base."""
        return not isinstance(case, OpenStage)

    async def excluded(self, tx: Tx, about_ids: Sequence[UUID]) -> Mapping[UUID, Collection[UUID]]:
        """Authors neither mark nor decide, nor does who has recused themselves."""
        return await stages.left_out_of(tx, about_ids)

    async def told(self, tx: Tx, about_id: UUID) -> Collection[UUID]:
        """Authors."""
        return await authors_told(tx, await stages.get_stage(tx, about_id))

    async def barred(self, tx: Tx, given: Sequence[Task]) -> Mapping[UUID, Collection[UUID]]:
        """Who sits, or has sat, in the council takes no second seat."""
        seated = await score_sheets.seated_in(tx, [task.about_id for task in given])
        return {
            task.id: [person for person in seated.get(task.about_id, ()) if person != task.assignee_id]
            for task in given
            if task.kind is PostTask.MARK
        }

    async def require_readable(self, tx: Tx, caller: Principal, subject_id: UUID) -> None:
        """See the base."""
        await may_read_history(tx, caller, subject_id)

    async def save_due(self, tx: Tx, about_id: UUID, due_at: datetime) -> None:
        """See the base."""
        await stages.move_due(tx, about_id, due_at)

    async def contexts(
        self,
        tx: Tx,
        cases: Sequence[AnyStage],
        posts: Mapping[UUID, PostsResolved],
        actions: Collection[RungAction],
    ) -> Mapping[UUID, RungContext]:
        """Only what the actions look at is read: how long a person has been waited for, how much a substitute
        has to do, where the decision has been."""
        ids = [stage.id for stage in cases]
        sheets = await score_sheets.sheets_of(tx, ids)
        waiting = await tasks.waited_for(tx, ids) if RungAction.DIGEST in actions else {}
        asked = await tasks.posts_asked(tx, ids) if not _LOOKS_UP.isdisjoint(actions) else {}
        pending = (
            await tasks.count_pending(tx, _substitutes(cases, posts))
            if RungAction.REPLACE_SILENT in actions
            else {}
        )
        return {
            stage.id: RungContext(
                stage=stage,
                sheets=sheets.get(stage.id, []),
                holders=posts[stage.id].for_task(PostTask.MARK).holders if stage.id in posts else (),
                superiors=posts[stage.id].for_task(PostTask.DECIDE).superiors if stage.id in posts else (),
                waited_since=_persons(
                    {
                        **waiting.get((stage.id, PostTask.DECIDE), {}),
                        **waiting.get((stage.id, PostTask.MARK), {}),
                    }
                ),
                pending={PersonId(person): count for person, count in pending.items()},
                asked={PostId(post) for post in asked.get((stage.id, PostTask.DECIDE), ())},
            )
            for stage in cases
        }

    def effect(
        self, action: RungAction, context: RungContext, at: datetime, quorum: Share | None = None
    ) -> CouncilEffect:
        """See the base."""
        return council_rung(action, context, at, quorum)

    def lack(self, context: RungContext, effect: CouncilEffect) -> AlarmKind | None:
        """See the base."""
        return AlarmKind.COUNCIL_TOO_SMALL if is_too_small(context, effect) else None

    def posts(self, case: Stage) -> Sequence[PostKind]:
        """See the base."""
        return posts_wanted(case.plan)

    async def looks_at_posts(self, tx: Tx, case: AnyStage, action: RungAction) -> bool:
        """Most rungs look at the council alone; while seats are empty every one looks whether somebody is
        there for them."""
        if action in LOOKS_AT_POSTS:
            return True
        return not is_complete(case.plan, await score_sheets.list_sheets(tx, case.id))

    def found(self, context: RungContext) -> CouncilFound | None:
        """How far the marking is."""
        sheets = context.sheets
        return CouncilFound(
            members=len(active_seats(sheets)),
            sheets_in=len(submitted(sheets)),
            sheets_owed=len(in_draft(sheets)),
        )

    async def carry_out(  # noqa: C901 - one line for each change, in the order of the writes
        self, tx: Tx, case: AnyStage, effect: CouncilEffect, posts: PostsResolved | None
    ) -> None:
        """See the base."""
        for sheet, seat in effect.replaced:
            await score_sheets.replace_seat(tx, sheet, seat.person_id)
            await tasks.cancel_tasks(tx, case.id, PostTask.MARK, sheet.person_id)
        if effect.replaced:
            await self.seat_members(tx, case, [seat for _, seat in effect.replaced])
        if effect.seated:
            await self.seat_members(tx, case, effect.seated)
        if effect.decider:
            can_decide = effect.hands_up or effect.opens_decision or case.quorum.waived
            state = TaskState.OPEN if can_decide else TaskState.WAITING
            await self.assign_decision(tx, case, effect.decider, state)
        if effect.opens_decision:
            await tasks.activate_tasks(tx, case.id, PostTask.DECIDE)
        if effect.quorum:
            await stages.lower_quorum(tx, case.id, effect.quorum)
        if effect.lets_chair_alone:
            await stages.let_chair_alone(tx, case.id)
        if effect.hands_up:
            await stages.hand_up(tx, case.id)

    async def seat_members(self, tx: Tx, stage: Stage, seats: Sequence[Seat]) -> None:
        """Each takes a seat and gets an empty sheet and the task to fill it in."""
        await score_sheets.insert_seats(tx, stage.id, seats)
        particulars = self.particulars(stage)
        await tasks.open_tasks(tx, [particulars.task(PostTask.MARK, seat) for seat in seats])

    async def assign_decision(
        self, tx: Tx, stage: Stage, decider: Seat | PostHolder, state: TaskState
    ) -> None:
        """Give the decision to this person; whoever had it before loses it."""
        await tasks.cancel_tasks(tx, stage.id, PostTask.DECIDE)
        await stages.set_decider(tx, stage.id, decider)
        await tasks.open_task(tx, self.particulars(stage).task(PostTask.DECIDE, decider, state=state))

    async def move_along(
        self, tx: Tx, task: Task, person_id: PersonId, on_behalf_of: PersonId | None
    ) -> None:
        """The decision goes to the person; or the seat with its sheet, emptied: marks are a person's own
        judgement.

        A task to mark is pending only until the sheet is submitted, so no submitted sheet ever changes hands.
        """
        stage_id = StageId(task.about_id)
        if task.kind is PostTask.DECIDE:
            await stages.pass_decision(tx, stage_id, person_id, on_behalf_of)
        else:
            await self._count_seat(tx, task, counts=True)
            await score_sheets.pass_seat(tx, stage_id, task.assignee_id, person_id, on_behalf_of)

    async def reached(self, tx: Tx, task: Task, *, is_there: bool) -> None:
        """A seat whose post nobody holds any more goes to a substitute; while there is none, it is out of the
        council's count. A member who is only away is waited for."""
        if task.kind is not PostTask.MARK or task.post_id is None:
            return
        if is_there:
            await self._count_seat(tx, task, counts=True)
        elif not await is_held(tx, task.post_id, tx.now):
            await self.leave_out(tx, task)

    async def leave_out(self, tx: Tx, task: Task) -> None:
        """The seat of this task is out of the count, until a substitute or somebody in its post sits
        there."""
        if await self._count_seat(tx, task, counts=False):
            await self.fill_up(tx, StageId(task.about_id))

    async def fill_up(self, tx: Tx, stage_id: StageId) -> None:
        """Give a seat or a decision that nobody has any more to who is there for it; where no sheet is owed
        then, the decision can be made."""
        if (await give_out(tx, self, stage_id)).clock:
            await signal_moved(tx, new_id(), await kept_clock(tx, stage_id))
        stage, sheets = await stages.get_stage(tx, stage_id), await score_sheets.list_sheets(tx, stage_id)
        if may_be_decided(stage, sheets):
            await tasks.activate_tasks(tx, stage_id, PostTask.DECIDE)

    async def _count_seat(self, tx: Tx, task: Task, *, counts: bool) -> bool:
        """The seat of this task is in the council's count, or out of it; True when that is new."""
        stage_id = StageId(task.about_id)
        role = await score_sheets.count_seat(tx, stage_id, task.assignee_id, counts=counts)
        if role is None:
            return False
        stage, sheets = await stages.get_stage(tx, stage_id), await score_sheets.list_sheets(tx, stage_id)
        fact = SeatCounted(
            stage_id=stage_id,
            level=stage.level,
            role=role,
            person_id=task.assignee_id,
            counts=counts,
            members=len(active_seats(sheets)),
            owed=len(in_draft(sheets)),
        )
        await record(tx, fact, about=stage.dossier_id, rule_version=stage.rule_version)
        return True


_LOOKS_UP = frozenset({RungAction.TELL_SUPERIOR, RungAction.HAND_UP, RungAction.LOOK_AGAIN})


def _persons(waiting: Mapping[UUID, datetime]) -> dict[PersonId, datetime]:
    return {PersonId(person): since for person, since in waiting.items()}


def _substitutes(cases: Sequence[Stage], posts: Mapping[UUID, PostsResolved]) -> list[UUID]:
    found = {
        holder.person_id
        for stage in cases
        if stage.id in posts
        for holder in posts[stage.id].holders
        if holder.kind is stage.plan.substitutes
    }
    return sorted(found)


EXAMINATION = Examination()
