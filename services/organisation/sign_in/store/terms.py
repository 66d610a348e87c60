"""How long is kept what signing in writes for a time only. Instants are real time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from kit.db import Tx
from kit.keeping import Term, by
from services.organisation.sign_in.domain.limits import FORGOTTEN_AFTER, PROVEN_FOR

# Each leaves what somebody works with at this moment, and so waits for nobody.
FORGET_CODES: Final = """
delete from authorization_codes where code_hash = any(array(
  select code_hash from authorization_codes where expires_at < now() - $1::interval
  limit $2 for update skip locked
)) returning true
"""
FORGET_GRANTS: Final = """
delete from device_grants where device_code_hash = any(array(
  select device_code_hash from device_grants where good_until < now() - $1::interval
  order by good_until limit $2 for update skip locked
)) returning true
"""
FORGET_RENEWALS: Final = """
delete from renewals where id = any(array(
  select id from renewals where ends_at < now() - $1::interval
  order by ends_at limit $2 for update skip locked
)) returning true
"""
FORGET_LINKS: Final = """
delete from account_links where id = any(array(
  select id from account_links where good_until < now() - $1::interval limit $2 for update skip locked
)) returning true
"""
FORGET_TRIES: Final = """
delete from sign_in_tries where key = any(array(
  select key from sign_in_tries
  where last_at < now() - $1::interval and (proven_at is null or proven_at < now() - $3::interval)
  order by last_at limit $2 for update skip locked
)) returning true
"""


async def _forget_tries(tx: Tx, kept: timedelta, limit: int) -> int:
    """Where the right password came from is known for longer."""
    return len(await tx.conn.fetch(FORGET_TRIES, kept, limit, PROVEN_FOR))


_UNTIL_ITS_END: Final = timedelta()
_GRANTS_REMEMBERED: Final = timedelta(hours=1)
"""A program that asks on after its time is told so."""


def sign_in_terms(links_kept_days: int) -> Sequence[Term]:
    """Most ends by itself: how long it is good was written down with it."""
    return (
        Term(what="authorization_codes", kept=_UNTIL_ITS_END, remove=by(FORGET_CODES)),
        Term(what="device_grants", kept=_GRANTS_REMEMBERED, remove=by(FORGET_GRANTS)),
        Term(what="renewals", kept=_UNTIL_ITS_END, remove=by(FORGET_RENEWALS)),
        Term(what="account_links", kept=timedelta(days=links_kept_days), remove=by(FORGET_LINKS)),
        Term(what="sign_in_tries", kept=FORGOTTEN_AFTER, remove=_forget_tries),
    )
