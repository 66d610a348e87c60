"""The delay with which a dossier's rungs fire: within the spread of its rules, always the same for one
dossier, so that a season's last minute is spread."""

from datetime import timedelta
from hashlib import blake2b
from typing import Final
from uuid import UUID

from language.plan.rule_kinds import USUAL_SPREAD_MINUTES

SPREAD: Final = timedelta(minutes=USUAL_SPREAD_MINUTES)
"""The longest delay where the rules say nothing, in domain time. Everything due on one day is due at the same
second, its last; over five minutes, 5,000 rungs come at 17 a second, which one small machine works off.
People notice no five minutes just after midnight."""

_GRAINS: Final = 1 << 32
_MICROSECOND: Final = timedelta(microseconds=1)


def delay_of(dossier_id: UUID, spread: timedelta = SPREAD) -> timedelta:
    """From zero to less than the spread. One delay for all rungs of a dossier: their order stays, and none
    comes before its instant."""
    grain = int.from_bytes(blake2b(dossier_id.bytes, digest_size=4).digest(), "big")
    return _MICROSECOND * (spread // _MICROSECOND * grain // _GRAINS)
