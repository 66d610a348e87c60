"""Rules that change under dossiers: which are open, and what the journey answered."""

from casework.history.record import record
from kit.db import Tx
from language.events.base import Change
from language.events.intake import RulesChanged, RulesChangeDeclined
from language.messages.transition import (
    ChangeRules,
    ListOpenDossiers,
    OpenDossiers,
    ReadAnswers,
    RulesAnswers,
    TransitionClass,
)
from services.intake.store import dossiers, rules_changes


async def change_rules(tx: Tx, command: ChangeRules) -> None:
    """Write down what became of the dossier; a moved one bears its new rules from now on, once its check was
    opened under some."""
    dossier = await dossiers.lock_dossier(tx, command.dossier_id)
    if not await rules_changes.insert_change(tx, command, dossier.rule_version):
        return
    is_moved = command.passage.kind is TransitionClass.MOVED
    if is_moved and dossier.rule_version:
        await rules_changes.set_rule_version(tx, dossier.id, command.rule_version)
    fact = (RulesChanged if is_moved else RulesChangeDeclined)(
        transition_id=command.transition_id,
        verdict=command.passage.kind,
        verdict_reason=command.passage.reason,
        stage=command.passage.stage,
        level=Change(old=command.from_level, new=command.passage.to_level),
        rule_version=Change(old=dossier.rule_version, new=command.rule_version),
    )
    await record(tx, fact, about=dossier.id, rule_version=command.rule_version, rule="transition")


async def list_open_dossiers(tx: Tx, command: ListOpenDossiers) -> OpenDossiers:
    """A page of those that a transition, or its way back, is about."""
    return OpenDossiers(dossiers=tuple(await rules_changes.list_open(tx, command)))


async def read_answers(tx: Tx, command: ReadAnswers) -> RulesAnswers:
    """Who has answered, or was closed before."""
    return RulesAnswers(answers=tuple(await rules_changes.list_answers(tx, command)))
