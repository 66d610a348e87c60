"""The rungs of one clock inside a workflow: sleep to the next rung, or until there is nothing left to wait
for."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from temporalio import workflow

from language.messages.clock import CaseClock, RungDue, RungFinding
from language.time_scale import TimeScale, real_span_until

_NOTHING = timedelta()
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(days=1)


class ClockBook:
    """What owners have said of their clocks: the newest word of each. A word that comes before its case is
    open waits here."""

    def __init__(self) -> None:
        self._newest: dict[UUID, CaseClock] = {}

    def note(self, clock: CaseClock) -> None:
        """A repeat, or an older word that arrives late, changes nothing."""
        known = self._newest.get(clock.about_id)
        if known is None or clock.revision.is_newer_than(known.revision):
            self._newest[clock.about_id] = clock

    def newest(self, clock: CaseClock) -> CaseClock:
        """This clock as it stands."""
        self.note(clock)
        return self._newest[clock.about_id]


class Ladder:
    """Every instant was computed by the clock's owner; this only waits for them, and for the dossier's own
    delay after each.

    A rung is climbed until its owner has answered that it is done with. Whatever moves the clock gives the
    rungs still to come new instants, and may add some."""

    def __init__(
        self,
        started: CaseClock,
        book: ClockBook,
        scale: TimeScale | None,
        delay: timedelta,
        climbed: Iterable[str] = (),
    ) -> None:
        self.about_id = started.about_id
        self._started = started
        self._book = book
        self._scale = scale
        self._delay = delay
        self._climbed = set(climbed)
        self._pause = _NOTHING

    @property
    def clock(self) -> CaseClock:
        """The clock as it stands."""
        return self._book.newest(self._started)

    @property
    def climbed(self) -> tuple[str, ...]:
        """The rungs that are done with."""
        return tuple(sorted(self._climbed))

    def answered(self, rung: RungDue, finding: RungFinding, clock: CaseClock | None) -> None:
        """The owner's answer to a rung that was climbed. NOT_YET: it is still to come, by the clock that came
        with the answer."""
        before = self.clock
        if clock:
            self._book.note(clock)
        if finding is not RungFinding.NOT_YET:
            self._climbed.add(rung.id)
        # An owner that was restored may say NOT_YET by a clock that is older than ours: asked at once again,
        # it would say so for ever.
        stuck = finding is RungFinding.NOT_YET and self.clock is before
        self._pause = min(max(self._pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE) if stuck else _NOTHING

    def _delay_by(self, known: CaseClock) -> timedelta:
        """The delay that the owner computed. Whether there is a timer at all hangs on it, so runs from before
        keep the one they computed themselves."""
        if known.delay is not None and workflow.patched("delay-of-the-owner"):
            return known.delay
        return self._delay

    async def next_rung(self, until: Callable[[], bool]) -> RungDue | None:
        """The next rung when its time has come; None as soon as `until` holds, or when the clock moved. After
        the last rung it only waits."""
        known = self.clock

        def woken() -> bool:
            return until() or self.clock is not known

        rung = next((rung for rung in known.rungs if rung.id not in self._climbed), None)
        if rung is None:
            await workflow.wait_condition(woken)
            return None
        span = max(real_span_until(rung.at + self._delay_by(known), workflow.now(), self._scale), self._pause)
        if span > _NOTHING:
            try:
                await workflow.wait_condition(woken, timeout=span, timeout_summary=f"rung {rung.id}")
            except TimeoutError:
                return rung
            return None
        return None if until() else rung
