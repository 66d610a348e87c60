"""The directory's Temporal edge."""

from temporalio import activity

from kit.db import Database
from language.messages.directory import DirectoryActivities, FreezePlan, PostsResolved, ResolvePosts
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
from language.plan.review_plan import ReviewPlan
from services.directory.operations import hand_over, journey, sorting, telling


class Activities(DirectoryActivities):
    """What journeys and transitions ask of the directory; and the notices of every service, which it
    keeps."""

    def __init__(self, database: Database, *, mails_go_out: bool) -> None:
        self._database = database
        self._mails_go_out = mails_go_out

    @activity.defn(name="directory.freeze_plan")
    async def freeze_plan(self, command: FreezePlan) -> ReviewPlan:
        """See the port."""
        async with self._database.reading() as tx:
            return await journey.freeze_plan(tx, command)

    @activity.defn(name="directory.resolve_posts")
    async def resolve_posts(self, command: ResolvePosts) -> PostsResolved:
        """See the port."""
        async with self._database.reading() as tx:
            return await journey.resolve_posts(tx, command)

    @activity.defn(name="directory.resolve_tasks")
    async def resolve_tasks(self, command: ResolveTasks) -> TasksResolved:
        """See the port."""
        async with self._database.reading() as tx:
            return await hand_over.resolve_tasks(tx, command)

    @activity.defn(name="directory.accept_notices")
    async def accept_notices(self, batch: NoticeBatch) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await telling.accept_notices(tx, batch, mails_go_out=self._mails_go_out)

    @activity.defn(name="directory.classify_dossiers")
    async def classify_dossiers(self, command: ClassifyDossiers) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await sorting.classify_dossiers(tx, command)

    @activity.defn(name="directory.tell_dossiers")
    async def tell_dossiers(self, command: TellDossiers) -> DossiersTold:
        """See the port."""
        async with self._database.transaction() as tx:
            return await sorting.tell_dossiers(tx, command)

    @activity.defn(name="directory.list_told")
    async def list_told(self, command: ListTold) -> ToldDossiers:
        """See the port."""
        async with self._database.reading() as tx:
            return await sorting.list_told(tx, command)

    @activity.defn(name="directory.note_answers")
    async def note_answers(self, command: NoteAnswers) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await sorting.note_answers(tx, command)

    @activity.defn(name="directory.finish_transition")
    async def finish_transition(self, command: FinishTransition) -> None:
        """See the port."""
        async with self._database.transaction() as tx:
            await sorting.finish_transition(tx, command)
