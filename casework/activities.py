"""The activities that every service offers whose cases lie in no dossier."""

from temporalio import activity

from casework.case import AnyCase, Cases
from casework.ladder import climb, give_out
from kit.db import Database
from language.messages.case import CaseActivities, CaseClimbed, ClimbCase, GiveOutCase


class LooseCases(CaseActivities):
    """The port on the owner's database; each is one transaction."""

    def __init__(self, database: Database, cases: Cases) -> None:
        self._database = database
        self._cases = cases

    @activity.defn(name="cases.give_out")
    async def give_out(self, command: GiveOutCase) -> CaseClimbed:
        """See the port."""
        kind: AnyCase = self._cases.of(command.case)
        async with self._database.transaction() as tx:
            given = await give_out(tx, kind, command.about_id, command.posts)
            return CaseClimbed(finding=given.finding, is_over=kind.is_over(given.case), clock=given.clock)

    @activity.defn(name="cases.climb")
    async def climb(self, command: ClimbCase) -> CaseClimbed:
        """See the port."""
        kind: AnyCase = self._cases.of(command.case)
        async with self._database.transaction() as tx:
            climbed = await climb(tx, kind, command.about_id, command.climb)
            return CaseClimbed(
                finding=climbed.finding, is_over=kind.is_over(climbed.case), clock=climbed.clock
            )
