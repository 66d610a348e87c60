"""Rules that change under dossiers: what the journey answered, and the plan that holds from then on."""

from casework.history.record import record
from casework.notices import notify_of
from casework.plans import plan_named, route_of
from kit.db import Tx
from language.events.base import Change
from language.events.intake import RulesChanged, RulesChangeDeclined
from language.messages.intake import RulesKept
from language.messages.journey import Route
from language.messages.transition import ChangeRules, TransitionClass
from services.intake.domain.dossier import Dossier
from services.intake.domain.refusals import NothingToGiveBack, WrongState
from services.intake.operations.freezing import freeze_again
from services.intake.operations.moving import matter_of
from services.intake.store import dossiers, rules_changes


async def change_rules(tx: Tx, command: ChangeRules) -> RulesKept:
    """Write down what became of the dossier, once; a moved one goes by its new rules from now on."""
    dossier = await dossiers.lock_dossier(tx, command.dossier_id)
    if dossier.plan_hash is None:
        raise WrongState(state=dossier.state)
    holds = route_of(await plan_named(tx, dossier.plan_hash), dossier.plan_hash)
    if await rules_changes.has_answered(tx, dossier.id, command.revision):
        return RulesKept(route=holds)
    is_moved = command.passage.kind is TransitionClass.MOVED
    route = await _new_route(tx, command, dossier) if is_moved else holds
    offered = _offered(command, route)
    await rules_changes.insert_change(tx, command, offered)
    if is_moved:
        await dossiers.change_plan(tx, dossier.id, route.plan_hash, route.rule_version)
    fact = (RulesChanged if is_moved else RulesChangeDeclined)(
        transition_id=command.transition_id,
        verdict=command.passage.kind,
        verdict_reason=command.passage.reason,
        stage=command.passage.stage,
        level=Change(old=command.from_level, new=command.passage.to_level),
        rule_version=Change(old=dossier.rule_version, new=offered),
    )
    event_id = await record(tx, fact, about=dossier.id, rule_version=offered, rule="transition")
    await notify_of(tx, event_id, fact, matter_of(dossier, None), dossier.told_ids)
    return RulesKept(route=route)


async def _new_route(tx: Tx, command: ChangeRules, dossier: Dossier) -> Route:
    """By the pack, as units stand now; without one, the way of before the last change."""
    if command.pack:
        plan_hash, plan = await freeze_again(tx, command.pack, dossier.unit_id, dossier.season_id)
        return route_of(plan, plan_hash)
    last = await rules_changes.last_moved(tx, dossier.id)
    if last is None:
        raise NothingToGiveBack
    return last.route_before


def _offered(command: ChangeRules, route: Route) -> str:
    """The name of the rules that the message was about; of a way back that was declined, those that hold."""
    return f"{command.pack.name}@{command.pack.version}" if command.pack else route.rule_version
