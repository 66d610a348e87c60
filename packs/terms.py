"""The form of what a pack says about days: terms that end on a day off, breaks of units,
and over how long rungs of one instant are spread; and about units that end."""

from pydantic import Field

from language.plan.rule_kinds import USUAL_SPREAD_MINUTES, DayOffEnd, StageInSuccessor
from packs.form import BasisIn, Strict


class DayOffIn(Strict):
    """What becomes of every term of the pack whose last day is a day off."""

    end: DayOffEnd = DayOffEnd.NEXT_WORKING_DAY
    basis: BasisIn = BasisIn(
        document="Bộ luật Dân sự 2015 (91/2015/QH13)",
        article="Điều 148 khoản 5",
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


class UnitsThatEndIn(Strict):
    """What becomes of stages that are open in a unit when it ends and another takes over."""

    open_stages: StageInSuccessor = StageInSuccessor.GOES_ON
    basis: BasisIn = BasisIn(sample=True)
