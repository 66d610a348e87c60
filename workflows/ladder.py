"""The rungs of one clock inside a workflow: sleep to the next rung, or until there is nothing left to wait for."""

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.contracts.clock import Rung, StageClock
    from workflows.contracts.time_scale import TimeScale, real_span_until

_NOTHING = timedelta()


class Ladder:
    """Every instant was computed once by the directory; this only waits for them, and for the dossier's own delay after each."""

    def __init__(self, clock: StageClock, scale: TimeScale | None, delay: timedelta = _NOTHING) -> None:
        self._rungs = list(clock.rungs)
        self._scale = scale
        self._delay = delay

    def put_back(self, rung: Rung) -> None:
        """The rung came while the clock stood still: it is the next one again."""
        self._rungs.insert(0, rung)

    async def next_rung(self, until: Callable[[], bool], stood_still: timedelta = _NOTHING) -> Rung | None:
        """The next rung when its time has come, or None as soon as `until` holds. After the last rung it only waits.

        Rungs come later by the domain span for which the clock `stood_still`.
        """
        if not self._rungs:
            await workflow.wait_condition(until)
            return None
        rung = self._rungs[0]
        span = real_span_until(rung.at + stood_still + self._delay, workflow.now(), self._scale)
        if span > _NOTHING:
            try:
                await workflow.wait_condition(until, timeout=span, timeout_summary=f"rung {rung.id}")
            except TimeoutError:
                pass
            else:
                return None
        elif until():
            return None
        return self._rungs.pop(0)
