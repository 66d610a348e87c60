"""The owner of cases that lie in no dossier, as a fake behind its port."""

from dataclasses import dataclass, field
from uuid import UUID

from temporalio import activity

from language.messages.case import CaseActivities, CaseClimbed, ClimbCase
from language.messages.clock import RungFinding
from language.plan.review_plan import RungRule
from tests.workflows.office import KeptClock


@dataclass
class KeptCase:
    """A case as its owner keeps it. `further[rung]` is a rung that comes with the firing of that rung."""

    clock: KeptClock
    climbed: list[str] = field(default_factory=list)
    further: dict[str, RungRule] = field(default_factory=dict)
    is_over: bool = False


class FakeCases(CaseActivities):
    """Every rung fires while nobody has acted."""

    def __init__(self) -> None:
        self.kept: dict[UUID, KeptCase] = {}

    @activity.defn(name="cases.climb")
    async def climb(self, command: ClimbCase) -> CaseClimbed:
        """Fire, unless it is over or not yet time."""
        case, now = self.kept[command.about_id], activity.info().scheduled_time
        if case.is_over:
            return CaseClimbed(finding=RungFinding.TOO_LATE, is_over=True)
        put_off = case.clock.put_off(command.rung_id, now)
        if put_off:
            return CaseClimbed(finding=RungFinding.NOT_YET, is_over=False, clock=put_off)
        case.climbed.append(command.rung_id)
        further = case.further.pop(command.rung_id, None)
        if further:
            case.clock.move(ladder=(*case.clock.running.ladder, further))
        clock = case.clock.stands(now) if further else None
        return CaseClimbed(finding=RungFinding.FIRED, is_over=False, clock=clock)
