"""How domain time follows real time: one to one, or a season in minutes for rehearsals."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeScale:
    """From `real_origin` on, one domain day lasts `day_seconds` real seconds, and domain time starts at
    `domain_origin`."""

    real_origin: datetime
    domain_origin: datetime
    day_seconds: float

    def to_domain(self, real: datetime) -> datetime:
        """The domain instant at this real instant."""
        return self.domain_origin + (real - self.real_origin) * (_DAY.total_seconds() / self.day_seconds)

    def to_real(self, domain: datetime) -> datetime:
        """The real instant at which domain time reaches this instant."""
        return self.real_origin + (domain - self.domain_origin) * (self.day_seconds / _DAY.total_seconds())


def domain_now(real: datetime, scale: TimeScale | None) -> datetime:
    """Domain time at a real instant; without a scale the two are the same."""
    return real if scale is None else scale.to_domain(real)


def real_span_until(instant: datetime, real_now: datetime, scale: TimeScale | None) -> timedelta:
    """Real time from now until domain time reaches `instant`; negative when it is past."""
    return (instant if scale is None else scale.to_real(instant)) - real_now
