"""Who is enough: of the seats that the rules give a council, not of the people found."""

import pytest

from language.plan.review_plan import Share
from language.plan.rule_kinds import CountedOver
from services.review.domain.quorum import Quorum
from tests.review_cases import basis


def _two_thirds(over: CountedOver, *, waived: bool = False) -> Quorum:
    share = Share(numerator=2, denominator=3, basis=basis("quorum"), counted_over=over)
    return Quorum(share=share, seats=5, waived=waived)


@pytest.mark.parametrize(
    ("over", "sheets", "members", "enough"),
    [
        (CountedOver.SEATS, 4, 5, True),
        (CountedOver.SEATS, 3, 3, False),
        (CountedOver.SEATS, 1, 1, False),
        (CountedOver.MEMBERS, 2, 3, True),
        (CountedOver.MEMBERS, 1, 1, True),
        (CountedOver.MEMBERS, 1, 3, False),
        (CountedOver.SEATS, 0, 0, True),
    ],
)
def test_a_council_of_one_reaches_a_quorum_only_where_the_rules_say_so(
    over: CountedOver, sheets: int, members: int, enough: bool
) -> None:
    assert _two_thirds(over).met_by(sheets, members) is enough
    assert _two_thirds(over, waived=True).met_by(sheets, members)
