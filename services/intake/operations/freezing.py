"""The rules that a dossier keeps: frozen from what is published, in the transaction of its filing."""

from collections.abc import Hashable
from typing import Final
from uuid import UUID

from casework.plans import hash_of, remember
from casework.units import heir_of
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.messages.transition import PackRef
from language.plan.review_plan import ReviewPlan
from language.refusals import UnitUnknown
from packs.freezing import Filing, PolicyPack, freeze
from services.intake.domain.filing_time import Filed, require_season_open
from services.intake.domain.refusals import NoPolicyInForce, SeasonUnknown
from services.intake.store import rules_in_force
from services.intake.store.rules_in_force import RulesInForce

_MOST_KEPT: Final = 2_048
_frozen: dict[Hashable, tuple[str, ReviewPlan]] = {}
"""By pack, unit, levels and season: reading a pack and freezing it takes longer than the rest of a filing."""


async def freeze_plan(
    tx: Tx, unit_id: UUID, season_id: UUID, application_field: str
) -> tuple[str, ReviewPlan]:
    """Hash and content of the plan for a filing now: by the pack in force on the local day, in a season that
    is open, or by permission to file late."""
    day = local_day(tx.now)
    found = await rules_in_force.rules_in_force(tx, unit_id, season_id, tx.now)
    if found is None:
        raise UnitUnknown
    if found.opens_at is None or found.closes_at is None:
        raise SeasonUnknown
    if not found.may_file_late:
        filed = Filed(level=found.levels[-1], application_field=application_field, at=tx.now)
        require_season_open(found.opens_at, found.closes_at, found.rounds, filed)
    if found.pack is None or found.pack_version is None:
        raise NoPolicyInForce(day=day)
    plan_hash, plan = await _freeze(
        tx, PackRef(name=found.pack, version=found.pack_version), season_id, found
    )
    if not plan.levels:
        raise NoPolicyInForce(day=day)
    return plan_hash, plan


async def freeze_again(tx: Tx, pack: PackRef, unit_id: UUID, season_id: UUID) -> tuple[str, ReviewPlan]:
    """The plan by another pack, for a dossier under way; the season it was filed in may be over, and its unit
    have gone over to another."""
    unit_id = await heir_of(tx, unit_id)
    found = await rules_in_force.rules_in_force(tx, unit_id, season_id, tx.now)
    if found is None:
        raise UnitUnknown
    return await _freeze(tx, pack, season_id, found)


async def _freeze(tx: Tx, pack: PackRef, season_id: UUID, found: RulesInForce) -> tuple[str, ReviewPlan]:
    # The nearest unit of a level wins, as later pairs of a mapping do.
    levels = tuple(dict(zip(found.levels, found.unit_path, strict=True)).items())
    key = (pack.name, pack.version, found.unit_path[-1], levels, season_id)
    if key not in _frozen:
        content = await rules_in_force.pack_content(tx, pack.name, pack.version)
        if content is None:
            raise NoPolicyInForce(day=local_day(tx.now))
        filing = Filing(unit_id=found.unit_path[-1], units_by_level=dict(levels), season_id=season_id)
        plan = freeze(PolicyPack.model_validate(content), filing)
        if len(_frozen) >= _MOST_KEPT:
            _frozen.clear()
        _frozen[key] = (hash_of(plan), plan)
    plan_hash, plan = _frozen[key]
    # Asked each time and not only when it is new to this process: the transaction that wrote it first may not
    # have been committed.
    await rules_in_force.keep_plan(tx, plan_hash, plan)
    return plan_hash, remember(plan_hash, plan)
