"""Bodies and answers about seasons and their rounds."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import model_validator

from kit.http.models import Code, In, Line, Out, in_order


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
    """A season."""

    id: UUID
    code: str
    name: str
    opens_on: date
    closes_on: date


class RoundIn(In):
    """A new round of a season."""

    code: Code
    application_field: Line | None = None
    opens_on: date
    closes_on: date

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        in_order(self.opens_on, self.closes_on)
        return self


class RoundOut(Out):
    """A round."""

    id: UUID
    season_id: UUID
    code: str
    application_field: str | None
    opens_on: date
    closes_on: date
