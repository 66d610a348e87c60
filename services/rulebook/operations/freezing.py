"""What a journey asks first: the rules in force on the day of filing."""

from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.messages.rulebook import FreezePlan
from language.plan.review_plan import ReviewPlan
from language.refusals import UnitUnknown
from packs.freezing import Filing, PolicyPack, freeze
from services.rulebook.domain.refusals import NoPolicyInForce
from services.rulebook.store import organisation, packs


async def freeze_plan(tx: Tx, command: FreezePlan) -> ReviewPlan:
    """The plan of the pack in force on the local day of filing."""
    levels = (await organisation.units_by_level(tx, [command.unit_id])).get(command.unit_id)
    if levels is None:
        raise UnitUnknown
    day = local_day(command.filed_at)
    content = await packs.pack_on(tx, day)
    if content is None:
        raise NoPolicyInForce(day=day)
    filing = Filing(
        unit_id=command.unit_id, units_by_level=levels, season_id=command.season_id, at=command.filed_at
    )
    plan = freeze(PolicyPack.model_validate(content), filing)
    if not plan.levels:
        raise NoPolicyInForce(day=day)
    return plan
