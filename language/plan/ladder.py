"""Which ladders make sense: what each action needs, where it may stand, and in which order. Used where packs
are checked and where they are tried."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Final, Protocol

from language.plan.review_plan import Basis, BudgetUnit, RungAction, RungRule
from language.plan.rule_kinds import RungAnchor
from language.unfit import Unfit

COUNCIL_ONLY: Final = frozenset({RungAction.REPLACE_SILENT, RungAction.LOWER_QUORUM, RungAction.DECIDE_ALONE})
"""What only a council has: members, a quorum, a chair."""

_WAIVES_QUORUM: Final = frozenset({RungAction.DECIDE_ALONE, RungAction.HAND_UP})


class Part(Protocol):
    """A share of the council's members."""

    @property
    def numerator(self) -> int: ...
    @property
    def denominator(self) -> int: ...


class Step(Protocol):
    """A rung as it is written down."""

    @property
    def id(self) -> str: ...
    @property
    def action(self) -> RungAction: ...
    @property
    def anchor(self) -> RungAnchor: ...
    @property
    def offset(self) -> int: ...
    @property
    def unit(self) -> BudgetUnit: ...
    @property
    def quorum(self) -> Part | None: ...


def ladder_faults(ladder: Sequence[Step], quorum: Part | None) -> Iterator[Unfit]:
    """Every reason why this ladder makes no sense, in both languages. `quorum` is the council's; None where
    there is no council."""
    if not ladder:
        yield Unfit("a ladder has at least one rung", "thang nhắc việc phải có ít nhất một bậc")
    names = [rung.id for rung in ladder]
    if len(set(names)) < len(names):
        yield Unfit("two rungs of a ladder have the same id", "hai bậc nhắc việc trùng mã")
    for rung in ladder:
        if (rung.quorum is not None) != (rung.action is RungAction.LOWER_QUORUM):
            yield Unfit(
                f"{rung.id}: LOWER_QUORUM, and only it, names its quorum",
                f"{rung.id}: chỉ bậc hạ túc số, và bậc này phải, ghi tỷ lệ túc số mới",
            )
        if quorum is None and rung.action in COUNCIL_ONLY:
            yield Unfit(
                f"{rung.id}: {rung.action} is for councils only",
                f"{rung.id}: việc này chỉ dùng cho hội đồng",
            )
        if rung.action is RungAction.LOOK_AGAIN:
            yield Unfit(
                f"{rung.id}: {rung.action} is no pack's to give",
                f"{rung.id}: bộ quy định không dùng bậc này",
            )
    yield from _order_faults(ladder)
    if quorum is not None:
        yield from _quorum_faults(ladder, quorum)


def _order_faults(ladder: Sequence[Step]) -> Iterator[Unfit]:
    """Rungs that count alike stand in order of time."""
    latest: dict[tuple[RungAnchor, BudgetUnit], Step] = {}
    for rung in ladder:
        before = latest.get((rung.anchor, rung.unit))
        if before and rung.offset < before.offset:
            yield Unfit(
                f"{rung.id} comes before {before.id} but stands after it",
                f"{rung.id} đến trước {before.id} nên phải ghi trước",
            )
        latest[rung.anchor, rung.unit] = rung


def _quorum_faults(ladder: Sequence[Step], quorum: Part) -> Iterator[Unfit]:
    """A quorum is only ever lowered, and not once a rung has waived it."""
    waived: Step | None = None
    for rung in ladder:
        if waived and rung.action in {RungAction.LOWER_QUORUM, RungAction.DECIDE_ALONE}:
            yield Unfit(
                f"{rung.id} does nothing after {waived.id}, which needs no quorum",
                f"{rung.id} vô nghĩa sau {waived.id}, vì từ bậc ấy không cần túc số",
            )
        if rung.action in _WAIVES_QUORUM:
            waived = waived or rung
    shares = [quorum, *(rung.quorum for rung in ladder if rung.quorum is not None)]
    for higher, lower in pairwise(shares):
        if Fraction(lower.numerator, lower.denominator) >= Fraction(higher.numerator, higher.denominator):
            yield Unfit(
                "a lowered quorum lies below the one before it",
                "túc số hạ xuống phải thấp hơn túc số trước đó",
            )


_ONWARD: Final = "onward-"
_LOOK: Final = "look-again-"


def onward(ladder: Sequence[RungRule], last: RungRule) -> RungRule:
    """The rung after the last: nobody has acted, so the work goes up one further step, as long after it as it
    came after the one before; a day of its unit at least."""
    alike = [rung.offset for rung in ladder if (rung.anchor, rung.unit) == (last.anchor, last.unit)]
    before = max((offset for offset in alike if offset < last.offset), default=last.offset - 1)
    number = 1 + sum(rung.id.startswith(_ONWARD) for rung in ladder)
    return replace(
        last,
        id=f"{_ONWARD}{number}",
        action=RungAction.HAND_UP,
        offset=2 * last.offset - before,
        quorum=None,
    )


def look_again(ladder: Sequence[RungRule], day: int, rule: str) -> RungRule:
    """At the end of so many days after the opening, look whether somebody is there."""
    number = 1 + sum(rung.id.startswith(_LOOK) for rung in ladder)
    return RungRule(
        id=f"{_LOOK}{number}",
        action=RungAction.LOOK_AGAIN,
        anchor=RungAnchor.START,
        offset=day,
        unit=BudgetUnit.CALENDAR_DAYS,
        basis=Basis(rule=rule, document="", sample=True),
    )
