"""Bars, measured here so that a template only draws them. Beside each chart stands its table, which says the
same to whoever does not see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 760
_LABEL: Final = 330
_NUMBER: Final = 110
_ROW: Final = 30
_BAR: Final = 18
_MOST: Final = 12
_LETTERS: Final = 42


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: in which colour, how much."""

    tone: str
    value: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A line: what it is of, its pieces, and how their sum is written where that is no plain number."""

    label: str
    parts: tuple[Part, ...]
    written: str = ""

    @property
    def total(self) -> int:
        """All of it."""
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A rectangle."""

    tone: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A bar with its places."""

    label: str
    written: str
    middle: int
    top: int
    end: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """All of it; nothing to draw where every bar is empty."""

    width: int
    height: int
    start: int
    thickness: int
    lines: tuple[Line, ...]


def chart_of(bars: Sequence[Bar]) -> Chart:
    """The first bars, each as long as its sum."""
    shown = [bar for bar in bars if bar.total][:_MOST]
    most = max((bar.total for bar in shown), default=1)
    room = WIDTH - _LABEL - _NUMBER
    lines = []
    for place, bar in enumerate(shown):
        x, pieces = float(_LABEL), []
        for part in bar.parts:
            width = round(room * part.value / most, 1)
            if width:
                pieces.append(Piece(tone=part.tone, x=round(x, 1), width=width))
            x += width
        top = place * _ROW + (_ROW - _BAR) // 2
        lines.append(
            Line(
                label=_cut(bar.label),
                written=bar.written or f"{bar.total:,}".replace(",", "."),
                middle=place * _ROW + _ROW // 2 + 4,
                top=top,
                end=round(x + 8, 1),
                pieces=tuple(pieces),
            )
        )
    return Chart(width=WIDTH, height=len(shown) * _ROW, start=_LABEL, thickness=_BAR, lines=tuple(lines))


def _cut(label: str) -> str:
    return label if len(label) <= _LETTERS else label[: _LETTERS - 1].rstrip() + "…"
