"""The organisation as a fake behind its port."""

from uuid import uuid5

from temporalio import activity

from language.deadline.arithmetic import build_clock
from language.ids import PersonId, PostId
from language.messages.hand_over import ResolveTasks, TaskResolved, TasksResolved
from language.messages.organisation import OrganisationActivities, PostHolder, PostsResolved, ResolvePosts
from tests.workflows.cases import CALENDAR
from tests.workflows.office import Office


class FakeOrganisation(OrganisationActivities):
    """Posts; clocks by the real rules of time."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="organisation.resolve_posts")
    async def resolve_posts(self, command: ResolvePosts) -> PostsResolved:
        """One holder a post, never an author."""
        self._office.at(command.dossier_id).looks.append(command.level)
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

    @activity.defn(name="organisation.resolve_tasks")
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
