"""What `sangkien doctor --server` finds at an installation by its public address, as whoever is signed in."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from cli.answering import answers_at
from cli.finding import Finding
from cli.reader import Reader, ReadRefused
from cli.stuck import find_stuck
from kit.clock import Clock

_PATIENCE_SECONDS: Final = 10
_CLOCKS_MAY_DIFFER: Final = timedelta(seconds=60)
"""Tokens are refused by clocks that differ more."""


def examine_outside(address: str) -> list[Finding]:
    """Every part, the clock, and what is without progress. What is behind the address (PostgreSQL, Temporal,
    disks) is looked at where it is: by `doctor` in a container of the installation."""
    parts = answers_at(address)
    findings = [*_parts(parts), _clock(address)]
    if all(part["healthy"] for part in parts.values()):
        findings.append(_without_progress())
    return findings


def _parts(parts: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    for name, part in parts.items():
        told = "trả lời (answers)" if part["healthy"] else "không trả lời (does not answer)"
        yield Finding(name=name, is_fine=part["healthy"], detail=f"{part['address']} {told}")


def _clock(address: str) -> Finding:
    try:
        told = httpx.get(address, timeout=_PATIENCE_SECONDS).headers.get("date")
        theirs = parsedate_to_datetime(told) if told else None
    except (httpx.TransportError, ValueError):
        theirs = None
    if theirs is None:
        return Finding(name="clock", is_fine=True, detail="không biết giờ ở đó (its clock is not told)")
    return clocks(theirs, Clock().real_now())


def clocks(theirs: datetime, ours: datetime) -> Finding:
    """Whether the installation's clock and that of this machine go together."""
    apart = abs(theirs - ours)
    return Finding(
        name="clock",
        is_fine=apart <= _CLOCKS_MAY_DIFFER,
        detail=f"lệch {apart.total_seconds():.0f} giây so với máy này (seconds apart from this machine)",
    )


def _without_progress() -> Finding:
    try:
        with closing(Reader()) as reader:
            count = len(find_stuck(reader))
    except ReadRefused as refused:
        return Finding(name="cases", is_fine=True, detail=str(refused))
    if count:
        told = f"{count} việc không tiến triển, xem (without progress, see): ./sangkien stuck"
        return Finding(name="cases", is_fine=False, detail=told)
    return Finding(name="cases", is_fine=True, detail="không có việc nào bị kẹt (nothing is stuck)")
