"""The form of what a pack says about days: terms that end on a day off, and breaks of units."""

from pydantic import Field

from language.plan.review_plan import ENDS_ON_WORKING_DAY, DayOffEnd
from packs.form import BasisIn, Strict


class DayOffIn(Strict):
    """What becomes of every term of the pack whose last day is a day off."""

    end: DayOffEnd = ENDS_ON_WORKING_DAY.end
    basis: BasisIn = BasisIn(
        document=ENDS_ON_WORKING_DAY.basis.document,
        article=ENDS_ON_WORKING_DAY.basis.article,
        confidence="L",
    )


class BreaksIn(Strict):
    """How many days of a year the breaks of a unit may take, its own and those above it together."""

    most_days_a_year: int = Field(default=120, ge=1, le=366)
    basis: BasisIn = BasisIn(sample=True)
