"""How the service stands, in numbers: what is stranded, what is an alarm, what is on its way. No ids, no
names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from casework.alarms import STRANDED
from kit.db import Tx
from kit.rows import read
from language.cases import AlarmKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`stranded` are open cases without a next step and without an alarm: there must be none. Messages of the
    outbox that wait, and those that do not arrive, with the age of the oldest in seconds."""

    stranded: int
    messages_waiting: int
    messages_stuck: int
    oldest_waiting_seconds: float
    oldest_stuck_seconds: float
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
    row = await tx.conn.fetchrow(STANDS)
    if row is None:
        raise AssertionError("a statement of aggregates gives one row")
    counts = {AlarmKind(found["kind"]): int(found["count"]) for found in await tx.conn.fetch(ALARMS)}
    return read(Figures, row, alarms={kind: counts.get(kind, 0) for kind in AlarmKind})


_HELP: Final = {
    "sangkien_stranded_cases": "Open cases without a next step and without an alarm; there must be none.",
    "sangkien_messages_waiting": "Messages to workflows that are on their way.",
    "sangkien_messages_waiting_oldest_seconds": "Age of the oldest message on its way.",
    "sangkien_messages_stuck": "Messages to workflows that do not arrive.",
    "sangkien_messages_stuck_oldest_seconds": "Age of the oldest message that does not arrive.",
    "sangkien_alarms": "What stands on the alarm list.",
}


def exposition(stands: Figures) -> str:
    """In the text format that Prometheus reads."""
    plain = {
        "sangkien_stranded_cases": stands.stranded,
        "sangkien_messages_waiting": stands.messages_waiting,
        "sangkien_messages_waiting_oldest_seconds": stands.oldest_waiting_seconds,
        "sangkien_messages_stuck": stands.messages_stuck,
        "sangkien_messages_stuck_oldest_seconds": stands.oldest_stuck_seconds,
    }
    lines = [line for name, value in plain.items() for line in _metric(name, [f"{name} {value:g}"])]
    by_kind = [f'sangkien_alarms{{kind="{kind}"}} {count}' for kind, count in stands.alarms.items()]
    return "\n".join([*lines, *_metric("sangkien_alarms", by_kind), ""])


def _metric(name: str, samples: Iterable[str]) -> list[str]:
    return [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} gauge", *samples]
