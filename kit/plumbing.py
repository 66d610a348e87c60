"""How long the plumbing's own rows are kept in the schema of every service."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from kit.calls import FORGET_CALLS, FORGOTTEN_AFTER
from kit.keeping import Term, by
from kit.terms import Terms

FORGET_ANSWERS: Final = """
delete from idempotency_keys where ctid = any(array(
  select ctid from idempotency_keys where created_at < now() - $1::interval
  order by created_at limit $2 for update skip locked
)) returning true
"""
FORGET_MESSAGES: Final = """
delete from outbox where id = any(array(
  select id from outbox where delivered_at < now() - $1::interval
  order by delivered_at limit $2 for update skip locked
)) returning true
"""
# What was given up is an alarm until somebody has dismissed it, however old it is.
FORGET_DISMISSED: Final = """
delete from outbox where id = any(array(
  select id from outbox where given_up_at is not null and dismissed_at < now() - $1::interval
  limit $2 for update skip locked
)) returning true
"""


def plumbing_terms(settings: Terms) -> Sequence[Term]:
    """Of answers to repeated requests, messages to workflows, and calls that nobody makes any more."""
    messages = timedelta(days=settings.outbox_kept_days)
    return (
        Term(
            what="idempotency_keys",
            kept=timedelta(days=settings.answers_kept_days),
            remove=by(FORGET_ANSWERS),
        ),
        Term(what="outbox", kept=messages, remove=by(FORGET_MESSAGES)),
        Term(what="outbox_dismissed", kept=messages, remove=by(FORGET_DISMISSED)),
        Term(what="refused_calls", kept=FORGOTTEN_AFTER, remove=by(FORGET_CALLS)),
    )
