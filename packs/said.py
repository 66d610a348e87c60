"""A rule of a pack in words, and where it holds."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from language.words.base import Words, same
from packs.form import BasisIn
from packs.vocabulary import dong, number

DONG: Final = same("đồng")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A rule in words. `amount` is set where the rule is one number, so that a change can be told as rise or
    fall."""

    path: str
    scope: Words
    subject: Words
    value: Words
    basis: BasisIn | None
    amount: Decimal | None = None
    unit: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where rules hold, and the beginning of their paths."""

    path: str
    title: Words

    def says(self, name: str, subject: Words, value: Words, basis: BasisIn | None) -> Said:
        """A rule that is more than a number."""
        return Said(
            path=f"{self.path}.{name}" if self.path else name,
            scope=self.title,
            subject=subject,
            value=value,
            basis=basis,
        )

    def counts(self, name: str, subject: Words, amount: tuple[Decimal | int, Words], basis: BasisIn) -> Said:
        """A rule that is a number of something; of money, when the unit is đồng."""
        figure, unit = Decimal(amount[0]), amount[1]
        value = (
            dong(int(figure)) if unit == DONG else number(figure) + (same(" ") + unit if unit.vi else unit)
        )
        return Said(
            path=f"{self.path}.{name}",
            scope=self.title,
            subject=subject,
            value=value,
            basis=basis,
            amount=figure,
            unit=unit,
        )
