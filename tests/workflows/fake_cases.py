"""The owner of cases that lie in no dossier, as a fake behind its port."""

from uuid import UUID

from temporalio import activity

from language.deadline.clock import ClockMoved
from language.messages.case import CaseActivities, CaseClimbed, ClimbCase, GiveOutCase
from language.messages.rung import RungFinding
from tests.workflows.office import Office


class FakeCases(CaseActivities):
    """Every rung fires while nobody has acted; the office says which cases are over, and which rung brings a
    longer ladder."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @activity.defn(name="cases.give_out")
    async def give_out(self, command: GiveOutCase) -> CaseClimbed:
        """Once is enough."""
        self._office.given_out.append(command)
        return self._answer(command.about_id, RungFinding.FIRED)

    @activity.defn(name="cases.climb")
    async def climb(self, command: ClimbCase) -> CaseClimbed:
        """Fire, unless it is over."""
        rung = command.climb.rung.id
        self._office.climbed.setdefault(command.about_id, []).append(rung)
        is_over = command.about_id in self._office.cases_over
        finding = RungFinding.TOO_LATE if is_over else RungFinding.FIRED
        return self._answer(command.about_id, finding, self._office.longer.get((command.about_id, rung)))

    def _answer(self, about_id: UUID, finding: RungFinding, clock: ClockMoved | None = None) -> CaseClimbed:
        is_over = about_id in self._office.cases_over
        return CaseClimbed(finding=finding, is_over=is_over, clock=clock)
