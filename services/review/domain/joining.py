"""One person who sits in a council under two records has one seat there."""

from dataclasses import dataclass

from services.review.domain.stage import ScoreSheet, SeatState, SheetState


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsAfter:
    """Which of the two is the person's seat. `leaves`: the other is given to somebody else, for the person
    owes no second sheet; else it stays as it is, as a part of what was."""

    own: ScoreSheet
    other: ScoreSheet
    leaves: bool


def join_seats(kept: ScoreSheet, joined: ScoreSheet) -> SeatsAfter:
    """The seat with marks is the person's, else the one in which the person still sits, else that of the kept
    record. Marks that were given stay: where both have marked, both sheets do."""
    own, other = (joined, kept) if _weight(joined) > _weight(kept) else (kept, joined)
    sits_twice = own.seat.state is SeatState.ACTIVE and other.seat.state is SeatState.ACTIVE
    return SeatsAfter(own=own, other=other, leaves=sits_twice and other.state is SheetState.DRAFT)


def _weight(sheet: ScoreSheet) -> tuple[bool, bool]:
    return sheet.seat.state is SeatState.ACTIVE, sheet.state is SheetState.SUBMITTED
