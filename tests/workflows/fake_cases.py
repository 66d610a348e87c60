"""The owner of cases that lie in no dossier, as a fake behind its port."""

from temporalio import activity

from language.messages.case import CaseActivities, CaseClimbed, ClimbCase
from language.messages.clock import RungFinding
from tests.workflows.office import Office


class FakeCases(CaseActivities):
    """Every rung fires while nobody has acted; the office says which cases are over, and which rung brings a
    longer ladder."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="cases.climb")
    async def climb(self, command: ClimbCase) -> CaseClimbed:
        """Fire, unless it is over."""
        self._office.climbed.setdefault(command.about_id, []).append(command.rung_id)
        is_over = command.about_id in self._office.cases_over
        return CaseClimbed(
            finding=RungFinding.TOO_LATE if is_over else RungFinding.FIRED,
            is_over=is_over,
            clock=self._office.longer.get((command.about_id, command.rung_id)),
        )
