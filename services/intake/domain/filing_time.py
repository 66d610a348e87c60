"""When a season takes a dossier: while it is open and, where rounds are for such dossiers, in one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from language.deadline.arithmetic import LOCAL_ZONE
from language.text import fold
from services.intake.domain.refusals import RoundClosed, SeasonClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRound:
    """A round as the rulebook publishes it: for units of this level and this field of application; None for
    any."""

    code: str
    level: str | None
    application_field: str | None
    opens_at: datetime
    closes_at: datetime

    def is_for(self, level: str, application_field: str) -> bool:
        """It takes dossiers of this field from units of this level."""
        mine = self.application_field is None or fold(self.application_field) == fold(application_field)
        return mine and self.level in {None, level}

    def is_open(self, at: datetime) -> bool:
        """It takes dossiers at this instant."""
        return self.opens_at <= at <= self.closes_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What decides in which round a dossier belongs, and the instant of its filing."""

    level: str
    application_field: str
    at: datetime


def require_season_open(
    opens_at: datetime, closes_at: datetime, rounds: Sequence[FilingRound], filed: Filed
) -> None:
    """The season takes the dossier now. Rounds bind the dossiers they are for; without one for it, the season
    alone does."""
    if not opens_at <= filed.at <= closes_at:
        raise season_closed(opens_at, closes_at)
    own = [one for one in rounds if one.is_for(filed.level, filed.application_field)]
    if own and not any(one.is_open(filed.at) for one in own):
        times = ", ".join(f"{one.code} {_said(one.opens_at)}–{_said(one.closes_at)}" for one in own)
        raise RoundClosed(rounds=times)


def season_closed(opens_at: datetime, closes_at: datetime) -> SeasonClosed:
    """The refusal, with the days in which the season takes dossiers."""
    return SeasonClosed(
        opens_on=opens_at.astimezone(LOCAL_ZONE).date(), closes_on=closes_at.astimezone(LOCAL_ZONE).date()
    )


def _said(instant: datetime) -> str:
    return f"{instant.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M}"
