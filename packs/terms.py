"""The form of what a pack says about days: terms that end on a day off, breaks of units,
and over how long rungs of one instant are spread."""

from pydantic import Field

from language.plan.review_plan import ENDS_ON_WORKING_DAY, USUAL_SPREAD_MINUTES, DayOffEnd
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


class SpreadIn(Strict):
    """Over how many minutes the rungs of one instant fire, each dossier with a delay of its own."""

    minutes: int = Field(default=USUAL_SPREAD_MINUTES, ge=0, le=360)
    basis: BasisIn = BasisIn(sample=True)
