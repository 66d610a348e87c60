"""Whose data is erased, and what holds it: until when, and how much of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from casework.personal.ties import TieKind
from language.deadline.arithmetic import add_months, local_day

_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Every record and every dossier of the person. `keeps_name` while a recognition or money holds the
    name, `kept_dossiers` those that such a recognition or such money is about."""

    person_id: UUID
    record_ids: Sequence[UUID]
    dossiers: Sequence[UUID] = ()
    keeps_name: bool = False
    kept_dossiers: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """What holds one record, as a tie's statement reads it: until a day or an instant, or until nobody knows
    when."""

    kind: TieKind
    person_id: UUID
    until: datetime | date | None
    dossier_id: UUID | None

    @property
    def last_day(self) -> date | None:
        """The day on which it ended."""
        return local_day(self.until) if isinstance(self.until, datetime) else self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`open` is what is not over; `free_on` the first day on which the person's own term is over (None: it
    never began), `name_free_on` that of recognitions and money."""

    open: frozenset[TieKind]
    free_on: date | None
    name_free_on: date | None
    dossiers: Sequence[UUID]
    kept_dossiers: Sequence[UUID]

    def is_due(self, today: date) -> bool:
        """Whether the person may be made nameless today, as far as the name goes."""
        return not self.open and (self.free_on is None or self.free_on <= today)

    def keeps_name(self, today: date) -> bool:
        """Whether a recognition or money holds the name today."""
        return self.name_free_on is not None and self.name_free_on > today


def standing(bonds: Iterable[Bond], years: Mapping[TieKind, int], today: date) -> Standing:
    """By these terms. A post whose last day is still to come is held."""
    own, of_name, still, kept = list[date](), list[date](), set[TieKind](), set[UUID]()
    dossiers = set[UUID]()
    for one in bonds:
        if one.kind is TieKind.CASE and one.dossier_id is not None:
            dossiers.add(one.dossier_id)
        is_of_name = one.kind in {TieKind.RECOGNITION, TieKind.MONEY}
        last_day = one.last_day
        if last_day is None or (one.kind is TieKind.POST and last_day >= today):
            still.add(one.kind)
            continue
        free_on = add_months(last_day, years[one.kind] * _MONTHS) + timedelta(days=1)
        (of_name if is_of_name else own).append(free_on)
        if is_of_name and one.dossier_id is not None and free_on > today:
            kept.add(one.dossier_id)
    return Standing(
        open=frozenset(still),
        free_on=max(own, default=None),
        name_free_on=max(of_name, default=None),
        dossiers=sorted(dossiers),
        kept_dossiers=sorted(kept),
    )
