"""Writing an event in the transaction of its fact, and reading events back as what they were."""

from dataclasses import asdict
from uuid import UUID

from kit.db import Tx
from kit.ids import new_id
from language.events.actor import CLOCK_ACTED, Actor
from language.events.base import Fact

INSERT = """
insert into events
  (event_id, subject_id, kind, version, occurred_at, actor_id, on_behalf_of, post_id, rule_version, rule,
   detail)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""


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
    event_id = new_id()
    await tx.conn.execute(
        INSERT,
        event_id,
        about,
        type(fact).__name__,
        fact.VERSION,
        tx.now,
        actor.person_id,
        actor.on_behalf_of,
        actor.post_id,
        rule_version,
        rule,
        asdict(fact),
    )
    return event_id
