"""Looks again and again for runs that do not go on, led by one process a service: in the service's own rows,
and at what Temporal shows. What is found is on the alarm list for as long as it is so."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from casework.runs.alarms import RunAlarm, RunFault, about_of, clear_alarm, raise_alarms, standing_alarms
from casework.runs.own import OwnRuns, not_over
from casework.runs.visible import MOST_SHOWN, ended_badly, failing, going_on, how_it_stands
from kit.calls import refused_calls
from kit.db import Database, Tx
from kit.leading import Lease, lead, still_leads
from kit.outbox import StuckLane, Trouble, ends_wait, retry_messages, stuck_lanes
from language.cases import AlarmKind

log = structlog.get_logger()

_EVERY_SECONDS: Final = 30.0
_MOST: Final = 500
_ASKED_ABOUT: Final = 100
"""Of how many runs a look asks Temporal one by one."""
_OVERDUE_AFTER: Final = timedelta(hours=1)
_SEEN_IN_TEMPORAL: Final = frozenset({AlarmKind.RUN_ENDED, AlarmKind.RUN_FAILS})


@dataclass(slots=True, kw_only=True)
class _Look:
    """What a look has found wrong, and which alarms it has found to be over."""

    found: dict[RunFault, str] = field(default_factory=dict)
    over: list[RunAlarm] = field(default_factory=list)


OVERDUE: Final = """
select distinct late.workflow_id from (
  select c.workflow_id from rungs_ahead r join clocks c on c.about_id = r.about_id
  where r.at < $1 and r.at + make_interval(mins => c.spread_minutes) < $1 and c.closed_at is null
  order by r.at limit $2
) late
"""


class RunWatch:
    """Runs until cancelled."""

    def __init__(self, database: Database, own: OwnRuns | None = None) -> None:
        self._database = database
        self._own = own

    async def run(self, client: Client) -> None:
        """Lead, and look; begin again after any outage of the database."""

        async def work(lease: Lease) -> None:
            while True:
                await self.look(lease, client)
                await lease.pause(_EVERY_SECONDS)

        await lead(self._database, "runs", work)

    async def look(self, lease: Lease, client: Client) -> None:
        """Look once, and keep the alarms by it. While Temporal is away, what only it knows stays as it
        stands."""
        await lease.renew()
        look = _Look()
        async with self._database.transaction() as tx:
            standing = await standing_alarms(tx)
            lanes = await self._look_at_rows(tx, standing, look)
            late = await tx.conn.fetch(OVERDUE, tx.now - _OVERDUE_AFTER, _ASKED_ABOUT)
            # What is about to be stopped still goes on, and is on the list already.
            ending = await ends_wait(tx, [workflow_id for workflow_id, _ in standing])
            watched = {fault: alarm for fault, alarm in standing.items() if fault[0] not in ending}
        try:
            again = await going_on(client, _given_up(lanes))
            await self._look_at_temporal(client, watched, [row["workflow_id"] for row in late], look)
        except RPCError as error:
            again = []
            log.warning("runs.temporal_away", reason=error.status.name)
        await lease.renew()
        async with self._database.transaction() as tx:
            await still_leads(tx, lease)
            for workflow_id in again:
                await retry_messages(tx, workflow_id)
            for alarm in look.over:
                await clear_alarm(tx, alarm)
            await raise_alarms(
                tx, {fault: what for fault, what in look.found.items() if fault not in standing}
            )

    async def _look_at_rows(self, tx: Tx, standing: dict[RunFault, RunAlarm], look: _Look) -> list[StuckLane]:
        """Messages that do not arrive, and calls that are refused."""
        lanes, calls = await stuck_lanes(tx, _MOST), await refused_calls(tx, _MOST)
        for lane in lanes:
            look.found[lane.workflow_id, AlarmKind.MESSAGE_DOES_NOT_ARRIVE] = f"{lane.trouble} {lane.name}"
        for call in calls:
            look.found[call.workflow_id, AlarmKind.CALL_REFUSED] = f"{call.activity} {call.error}"
        # Of a list that was cut off nobody knows what is not in it.
        whole = {AlarmKind.MESSAGE_DOES_NOT_ARRIVE} if len(lanes) < _MOST else set[AlarmKind]()
        whole |= {AlarmKind.CALL_REFUSED} if len(calls) < _MOST else set()
        look.over += [
            alarm for fault, alarm in standing.items() if fault not in look.found and alarm.kind in whole
        ]
        return lanes

    async def _look_at_temporal(
        self, client: Client, standing: dict[RunFault, RunAlarm], late: list[str], look: _Look
    ) -> None:
        """Each suspect is asked about by its id, for lists of the server come late."""
        ended = await ended_badly(client, self._own.workflow) if self._own else []
        failed = await failing(client, self._own.workflow) if self._own else []
        watched = {fault: alarm for fault, alarm in standing.items() if alarm.kind in _SEEN_IN_TEMPORAL}
        known = {workflow_id for workflow_id, _ in watched}
        is_open = await self._open([*ended, *failed, *known])
        fresh = [one for one in (*ended, *failed) if one not in known and about_of(one) in is_open]
        suspects = dict.fromkeys([*known, *fresh[:_ASKED_ABOUT], *late])
        for workflow_id in list(suspects)[:MOST_SHOWN]:
            stands = await how_it_stands(client, workflow_id)
            fault = None
            # A run that ended well with a rung still to climb has left its case behind.
            if stands.ended and (
                workflow_id in late or (stands.ended_badly and about_of(workflow_id) in is_open)
            ):
                fault = workflow_id, AlarmKind.RUN_ENDED
                look.found[fault] = stands.ended
            elif stands.fails:
                fault = workflow_id, AlarmKind.RUN_FAILS
                look.found[fault] = "TASK_FAILS"
            look.over += [alarm for key, alarm in watched.items() if key[0] == workflow_id and key != fault]

    async def _open(self, workflow_ids: Iterable[str]) -> set[UUID]:
        """What these runs are about, of what is not over."""
        abouts = list({about_of(workflow_id) for workflow_id in workflow_ids})
        if not abouts:
            return set()
        async with self._database.reading() as tx:
            return await not_over(tx, self._own, abouts)


def _given_up(lanes: Iterable[StuckLane]) -> list[str]:
    """Runs that were given up: once one goes on, it hears what was kept for it."""
    found = [lane.workflow_id for lane in lanes if lane.is_given_up and lane.trouble is not Trouble.FAULT]
    return found[:_ASKED_ABOUT]
