"""Rules that change under dossiers: which are open, and what the journey answered."""

from casework.history.journal import Event, record
from kit.db import Tx
from kit.ids import new_id
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
    detail = {
        "transition_id": command.transition_id,
        "class": command.passage.kind,
        "reason": command.passage.reason,
        "stage": command.passage.stage,
        "from_level": command.from_level,
        "to_level": command.passage.to_level,
        "rule_version_before": dossier.rule_version,
    }
    kind = "RulesChanged" if is_moved else "RulesChangeDeclined"
    event = Event(
        event_id=new_id(),
        subject_id=dossier.id,
        kind=kind,
        rule_version=command.rule_version,
        rule="transition",
        detail=detail,
    )
    await record(tx, event)


async def list_open_dossiers(tx: Tx, command: ListOpenDossiers) -> OpenDossiers:
    """A page of those that a transition, or its way back, is about."""
    return OpenDossiers(dossiers=tuple(await rules_changes.list_open(tx, command)))


async def read_answers(tx: Tx, command: ReadAnswers) -> RulesAnswers:
    """Who has answered, or was closed before."""
    return RulesAnswers(answers=tuple(await rules_changes.list_answers(tx, command)))
