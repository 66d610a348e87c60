"""Recording typed facts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from uuid import UUID

from casework.history.sealed import Happening, write, write_all
from kit.db import Tx
from kit.ids import new_id
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Fact, personal_fields


async def record(
    tx: Tx,
    fact: Fact,
    *,
    about: UUID,
    actor: Actor = CLOCK_ACTED,
    rule_version: str | None = None,
    rule: str | None = None,
) -> UUID:
    """Write down what happened to `about` (a dossier, a unit, a person), in the transaction of the fact;
    returns the event's id. `rule` is the rule that made it happen, if one did."""
    happening = _happening(fact, about, actor, rule_version, rule)
    await write(tx, happening)
    tx.acts.append({"kind": happening.kind, "subject_id": str(about), "event_id": str(happening.event_id)})
    return happening.event_id


async def record_all(tx: Tx, facts: Iterable[tuple[UUID, Fact]], *, actor: Actor = CLOCK_ACTED) -> list[UUID]:
    """Write down what happened at once to many, each with what it is about, in this order; the events'
    ids."""
    happened = [_happening(fact, about, actor) for about, fact in facts]
    await write_all(tx, happened)
    counted = Counter(one.kind for one in happened)
    tx.acts.extend({"kind": kind, "events": count} for kind, count in counted.items())
    return [one.event_id for one in happened]


def _happening(
    fact: Fact, about: UUID, actor: Actor, rule_version: str | None = None, rule: str | None = None
) -> Happening:
    kind: type = type(fact)
    return Happening(
        event_id=new_id(),
        subject_id=about,
        kind=kind.__name__,
        version=fact.VERSION,
        actor=actor,
        rule_version=rule_version,
        rule=rule,
        detail={field.name: getattr(fact, field.name) for field in fields(fact)},
        personal=personal_fields(kind),
    )
