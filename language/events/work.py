"""Which facts are work that is given out through posts, and which only follow from another act."""

from typing import Final

from language.events import casework, intake, payout, review
from language.events.base import Fact

OF_WORK: Final[frozenset[type[Fact]]] = frozenset(
    {
        intake.SupplementRequested,
        intake.RequestAccepted,
        intake.RequestRejected,
        review.ScoreSheetSubmitted,
        review.ScoreSheetTakenBack,
        review.MemberRecused,
        review.StageDecided,
        payout.AwardVerified,
        payout.AwardApproved,
        payout.AwardRejected,
        payout.AwardListed,
        payout.AwardSent,
        payout.AwardPaid,
        payout.PaymentListMade,
        payout.PaymentListSent,
        payout.PaymentListConfirmed,
    }
)
"""Who is on leave, or has passed the work on, is not to do it. What a post allows beside that (to remind, to
extend, to appoint) it allows all the same."""
CARRIED_ALONG: Final[frozenset[type[Fact]]] = frozenset({casework.ClockCalendarChanged})
"""The services carry these out of what was done elsewhere, where the act itself is told."""


def is_work(kind: str) -> bool:
    """A fact of this name is work that is given out."""
    return kind in {fact.__name__ for fact in OF_WORK}
