"""The only reader of the system clock outside workflows: real time, and domain time that may run faster in
rehearsals."""

from datetime import UTC, datetime

from language.time_scale import TimeScale, domain_now


class Clock:
    """Domain time for facts and deadlines (`now`), real time for tokens and retries (`real_now`); both aware
    UTC."""

    def __init__(self, scale: TimeScale | None = None) -> None:
        self.scale = scale

    def now(self) -> datetime:
        """Domain time."""
        return domain_now(self.real_now(), self.scale)

    def real_now(self) -> datetime:
        """The time of day outside the building."""
        return datetime.now(UTC)
