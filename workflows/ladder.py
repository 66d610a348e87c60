"""The rungs of one clock inside a workflow: sleep to the next rung, or until there is nothing left to wait
for."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from temporalio import workflow

from language.deadline.clock import ClockMoved, Rung, StageClock
from language.messages.rung import RungFinding
from language.time_scale import TimeScale, real_span_until

_NOTHING = timedelta()


class ClockBook:
    """What the owners have said of clocks that moved: the newest word of each. A word that comes before its
    clock starts waits here."""

    def __init__(self) -> None:
        self._newest: dict[UUID, ClockMoved] = {}

    def note(self, moved: ClockMoved) -> None:
        """A repeat, or an older word that arrives late, changes nothing."""
        known = self._newest.get(moved.about_id)
        if known is None or moved.revision > known.revision:
            self._newest[moved.about_id] = moved

    def newest(self, about_id: UUID) -> ClockMoved | None:
        """The newest word of this clock, if it ever moved."""
        return self._newest.get(about_id)


class Ladder:
    """Every instant was computed by the clock's owner (at the start by the organisation); this only waits for
    them, and for the dossier's own delay after each.

    A rung is climbed until its owner has answered that it is done with. Whatever moves the clock gives the
    rungs still to come new instants."""

    def __init__(
        self,
        about_id: UUID,
        started: StageClock,
        book: ClockBook,
        scale: TimeScale | None,
        delay: timedelta = _NOTHING,
    ) -> None:
        self._about_id = about_id
        self._started = started
        self._book = book
        self._scale = scale
        self._delay = delay
        self._climbed: set[str] = set()

    @property
    def clock(self) -> StageClock:
        """The clock as it stands."""
        moved = self._book.newest(self._about_id)
        return moved.clock if moved else self._started

    def answered(self, rung: Rung, finding: RungFinding, clock: ClockMoved | None) -> None:
        """The owner's answer to a rung that was climbed. NOT_YET: it is still to come, by the clock that came
        with the answer."""
        if clock:
            self._book.note(clock)
        if finding is not RungFinding.NOT_YET:
            self._climbed.add(rung.id)

    async def next_rung(self, until: Callable[[], bool]) -> Rung | None:
        """The next rung when its time has come; None as soon as `until` holds, or when the clock moved. After
        the last rung it only waits."""
        known = self._book.newest(self._about_id)

        def woken() -> bool:
            return until() or self._book.newest(self._about_id) is not known

        rung = next((rung for rung in self.clock.rungs if rung.id not in self._climbed), None)
        if rung is None:
            await workflow.wait_condition(woken)
            return None
        span = real_span_until(rung.at + self._delay, workflow.now(), self._scale)
        if span > _NOTHING:
            try:
                await workflow.wait_condition(woken, timeout=span, timeout_summary=f"rung {rung.id}")
            except TimeoutError:
                return rung
            return None
        return None if until() else rung
