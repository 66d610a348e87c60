"""Bodies and answers about seasons and their rounds."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator

from kit.http.models import Code, In, Instant, Line, Out, Prose, in_order
from language.cases import WindowAct
from language.deadline.arithmetic import local_day
from language.unfit import Unfit
from services.rulebook.domain.seasons import Season

Level = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z_]{1,30}$")]


class SeasonIn(In):
    """A new season."""

    code: Code
    name: Line
    opens_on: date
    closes_on: date

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        in_order(self.opens_on, self.closes_on)
        return self


class SeasonOut(Out):
    """A season: the instants between which it takes dossiers, and their days."""

    id: UUID
    code: str
    name: str
    opens_on: date
    closes_on: date
    opens_at: datetime
    closes_at: datetime

    @classmethod
    def of(cls, value: Season) -> Self:
        """The answer that shows this season."""
        return cls(
            id=value.id,
            code=value.code,
            name=value.name,
            opens_on=local_day(value.opens_at),
            closes_on=local_day(value.closes_at),
            opens_at=value.opens_at,
            closes_at=value.closes_at,
        )


class RoundIn(In):
    """A new round of a season: for one field of application or all, by units of one level or of any."""

    code: Code
    level: Level | None = None
    application_field: Line | None = None
    opens_at: Instant
    closes_at: Instant

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self.opens_at, self.closes_at)
        return self


class RoundOut(Out):
    """A round."""

    id: UUID
    season_id: UUID
    code: str
    level: str | None
    application_field: str | None
    opens_at: datetime
    closes_at: datetime


class WindowChangeIn(In):
    """An act that extends, closes or opens again, with its document. `closes_at` is the new end; none is
    given to what is closed, which is closed at once."""

    act: WindowAct
    closes_at: Instant | None = None
    document: Line
    reason: Prose

    @model_validator(mode="after")
    def _end_goes_with_act(self) -> Self:
        if (self.closes_at is None) != (self.act is WindowAct.CLOSED):
            raise Unfit(
                "closes_at goes with EXTENDED and REOPENED and only with them",
                "closes_at chỉ, và phải, đi với EXTENDED và REOPENED",
            )
        return self


class LateFilingIn(In):
    """A unit that may file after the end, with all under it, by which document and why."""

    unit_id: UUID
    until: Instant
    document: Line
    reason: Prose


class LateFilingOut(Out):
    """Somebody above the unit has let it file late."""

    id: UUID
    season_id: UUID
    unit_id: UUID
    until: datetime
    document: str
    reason: str
    given_by: UUID
    given_at: datetime
