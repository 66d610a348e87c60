"""How the service stands, in numbers: what is stranded, what is an alarm, what is open, late and on its way.
No ids, no names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from casework.alarms import STRANDED
from kit.db import Tx
from kit.rows import read
from language.cases import AlarmKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`stranded` are open cases without a next step and without an alarm: there must be none. Messages of the
    outbox that wait, and those that do not arrive, with the age of the oldest in seconds. Tasks that are
    open, those of them that are past their deadline, and those nobody is there for. Rungs of ladders whose
    instant has come and that have not fired, and by how many seconds the most late one is."""

    stranded: int
    messages_waiting: int
    messages_stuck: int
    oldest_waiting_seconds: float
    oldest_stuck_seconds: float
    tasks_open: int
    tasks_overdue: int
    tasks_unreachable: int
    rungs_late: int
    rung_lag_seconds: float
    alarms: Mapping[AlarmKind, int]


STANDS: Final = f"""
select (select count(*) from ({STRANDED}) s)::int as stranded,
  count(*) filter (where given_up_at is null)::int as messages_waiting,
  count(*) filter (where trouble is not null)::int as messages_stuck,
  coalesce(extract(epoch from now() - min(created_at) filter (where given_up_at is null)), 0)::float8
    as oldest_waiting_seconds,
  coalesce(extract(epoch from now() - min(created_at) filter (where trouble is not null)), 0)::float8
    as oldest_stuck_seconds
from (
  select created_at, given_up_at, trouble from outbox
  where delivered_at is null and given_up_at is null and next_try_at > '-infinity'
  union all
  select created_at, given_up_at, trouble from outbox
  where trouble is not null and delivered_at is null and dismissed_at is null and given_up_at is not null
) messages
"""
"""Each half by its own partial index: delivered messages are kept for more than a season."""
WORK: Final = """
select count(*)::int as tasks_open, (count(*) filter (where due_at < $1))::int as tasks_overdue,
  (count(*) filter (where unreachable_since is not null))::int as tasks_unreachable
from tasks where state in ('WAITING', 'OPEN')
"""
RUNGS: Final = """
select count(*)::int as rungs_late,
  coalesce(extract(epoch from $1::timestamptz - min(at)), 0)::float8 as rung_lag_seconds
from rungs_ahead where at < $1
"""
ALL: Final = f"select * from ({STANDS}) stands, ({WORK}) work, ({RUNGS}) rungs"
ALARMS: Final = """
select kind, count(*) as count from (
  select kind from alarms where cleared_at is null
  union all
  select kind from run_alarms where cleared_at is null
  union all
  select 'ACT_IN_QUESTION' from questioned_acts where decided_at is null
  union all
  select 'NOBODY_THERE' from tasks where state in ('WAITING', 'OPEN') and unreachable_since is not null
  union all
  select 'HISTORY_DOES_NOT_FIT' from history_alarms
  union all
  select 'HISTORY_DOES_NOT_FIT' from checkpoint_alarms) standing
group by kind
"""


async def figures(tx: Tx) -> Figures:
    """As things stand."""
    row = await tx.conn.fetchrow(ALL, tx.now)
    if row is None:
        raise AssertionError("a statement of aggregates gives one row")
    counts = {AlarmKind(found["kind"]): int(found["count"]) for found in await tx.conn.fetch(ALARMS)}
    return read(Figures, row, alarms={kind: counts.get(kind, 0) for kind in AlarmKind})


_TOLD: Final = {
    "stranded": (
        "stranded_cases",
        "Open cases without a next step and without an alarm; there must be none.",
    ),
    "messages_waiting": ("messages_waiting", "Messages to workflows that are on their way."),
    "oldest_waiting_seconds": (
        "messages_waiting_oldest_seconds",
        "Age of the oldest message on its way.",
    ),
    "messages_stuck": ("messages_stuck", "Messages to workflows that do not arrive."),
    "oldest_stuck_seconds": (
        "messages_stuck_oldest_seconds",
        "Age of the oldest message that does not arrive.",
    ),
    "tasks_open": ("tasks_open", "Work that waits for somebody."),
    "tasks_overdue": ("tasks_overdue", "Work past its deadline."),
    "tasks_unreachable": ("tasks_unreachable", "Work that nobody is there for."),
    "rungs_late": ("rungs_late", "Rungs of ladders whose instant has come and that have not fired."),
    "rung_lag_seconds": ("rung_lag_seconds", "By how much the most late rung is behind, in domain time."),
}
"""Of each figure: how it is called outside, after `sangkien_`, and what it means."""


def families(stands: Figures) -> Iterable[Metric]:
    """As whoever watches the system reads them."""
    for field, (name, meaning) in _TOLD.items():
        yield GaugeMetricFamily(f"sangkien_{name}", meaning, value=float(getattr(stands, field)))
    alarms = GaugeMetricFamily("sangkien_alarms", "What stands on the alarm list.", labels=["kind"])
    for kind, count in stands.alarms.items():
        alarms.add_metric([kind.value], count)
    yield alarms
