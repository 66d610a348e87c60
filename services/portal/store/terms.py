"""How long is kept what the pages write: all of it for a time only."""

from datetime import timedelta
from typing import Final

from kit.keeping import Term, by

FORGET_SESSIONS: Final = """
delete from sessions where id = any(array(
  select id from sessions where ends_at < now() - $1::interval
  order by ends_at limit $2 for update skip locked
)) returning true
"""
FORGET_FORMS: Final = """
delete from kept_forms where id = any(array(
  select id from kept_forms where kept_until < now() - $1::interval
  order by kept_until limit $2 for update skip locked
)) returning true
"""
REMEMBERED_FOR: Final = timedelta(days=1)
"""So long one knows whose session it was that is over: what was sent with it is kept for nobody else."""
TERMS: Final = (
    Term(what="sessions", kept=REMEMBERED_FOR, remove=by(FORGET_SESSIONS)),
    Term(what="kept_forms", kept=timedelta(), remove=by(FORGET_FORMS)),
)
