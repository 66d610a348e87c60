"""The directory as a fake behind its port."""

from uuid import uuid5

from temporalio import activity

from language.deadline.arithmetic import build_clock
from language.ids import PersonId, PostId
from language.messages.directory import (
    DirectoryActivities,
    FreezePlan,
    PostHolder,
    PostsResolved,
    ResolvePosts,
)
from language.messages.hand_over import (
    ResolveTasks,
    TaskResolved,
    TasksResolved,
)
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
from language.plan.review_plan import ReviewPlan
from language.refusals import Refusal
from tests.workflows.cases import CALENDAR
from tests.workflows.office import Office


class NoPolicyInForce(Refusal):
    """The directory's refusal, under the code that it has there."""

    status = 409
    vi = "Chưa có quy định nào có hiệu lực."
    en = "No rules are in force."


class FakeDirectory(DirectoryActivities):
    """Rules and posts; clocks by the real rules of time."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="directory.freeze_plan")
    async def freeze_plan(self, command: FreezePlan) -> ReviewPlan:
        """The desk's plan, once its rules are there."""
        desk = self._office.at(command.dossier_id)
        await desk.hear("freeze")
        if desk.refusals_of_rules:
            desk.refusals_of_rules -= 1
            raise NoPolicyInForce
        return desk.plan

    @activity.defn(name="directory.resolve_posts")
    async def resolve_posts(self, command: ResolvePosts) -> PostsResolved:
        """One holder a post, never an author."""
        self._office.note_look(command.dossier_id, command.level)
        rules = command.clock
        return PostsResolved(
            unit_id=command.unit_id,
            unit_path=(command.unit_id,),
            holders=tuple(
                PostHolder(
                    post_id=PostId(uuid5(command.unit_id, kind)),
                    kind=kind,
                    person_id=PersonId(uuid5(command.unit_id, f"{kind}!")),
                )
                for kind in command.posts
            ),
            superiors=(),
            clock=build_clock(command.at, rules.budget, rules.ladder, CALENDAR) if rules else None,
        )

    @activity.defn(name="directory.accept_notices")
    async def accept_notices(self, batch: NoticeBatch) -> None:
        """Keeps them, unless it is away."""
        if self._office.times_away:
            self._office.times_away -= 1
            raise ConnectionError("the directory's database is away")
        self._office.accepted.append(batch)

    @activity.defn(name="directory.resolve_tasks")
    async def resolve_tasks(self, command: ResolveTasks) -> TasksResolved:
        """Whoever the office says acts."""
        self._office.looks.append(command.at)
        acting = {task: self._office.acting.get(task.task_id) for task in command.tasks}
        return TasksResolved(
            tasks=tuple(
                TaskResolved(
                    task_id=task.task_id,
                    person_id=person,
                    on_behalf_of=task.holder_id if person != task.holder_id else None,
                )
                for task, person in acting.items()
            )
        )

    @activity.defn(name="directory.classify_dossiers")
    async def classify_dossiers(self, command: ClassifyDossiers) -> None:
        """Keeps the page."""
        self._office.walk.sorted.append(command)

    @activity.defn(name="directory.tell_dossiers")
    async def tell_dossiers(self, command: TellDossiers) -> DossiersTold:
        """The next two."""
        walk = self._office.walk
        told, walk.untold = walk.untold[:2], walk.untold[2:]
        walk.unanswered += told
        return DossiersTold(told=len(told))

    @activity.defn(name="directory.list_told")
    async def list_told(self, command: ListTold) -> ToldDossiers:
        """One page."""
        return ToldDossiers(dossier_ids=() if command.after else tuple(self._office.walk.unanswered))

    @activity.defn(name="directory.note_answers")
    async def note_answers(self, command: NoteAnswers) -> None:
        """Who answered is not missing any more."""
        walk = self._office.walk
        walk.answers.append(command)
        walk.unanswered = [
            one for one in walk.unanswered if one not in {answer.dossier_id for answer in command.answers}
        ]

    @activity.defn(name="directory.finish_transition")
    async def finish_transition(self, command: FinishTransition) -> None:
        """Counts."""
        self._office.walk.finished += 1
