"""What authors and payees are told of their own dossier: every step of it, with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from language.deadline.arithmetic import SuspensionKind
from language.events import casework, intake, payout, review
from language.events.base import Fact
from language.messages.notices import NoticeKind
from language.words.content import CONTENT


@dataclass(frozen=True, slots=True)
class Told:
    """As what a fact is told. See `Notice` for the rest."""

    kind: NoticeKind
    detail: str | None = None
    reference: str | None = None
    reason: str | None = None


def _decided(fact: review.StageDecided) -> tuple[Told, ...]:
    decided = Told(NoticeKind.STAGE_DECIDED, fact.outcome, fact.decision_number, fact.reasons)
    upward = Told(NoticeKind.PROPOSED_UPWARD, None, fact.decision_number)
    return (decided, upward) if fact.proposed else (decided,)


def _suspended(fact: casework.ClockSuspended) -> tuple[Told, ...]:
    """Not that it waits for a supplement: that is told by what is asked for."""
    if fact.cause is SuspensionKind.SUPPLEMENT:
        return ()
    return (Told(NoticeKind.CLOCK_SUSPENDED, fact.cause, None, fact.reason),)


def _unpaid(fact: payout.AwardTakenOff) -> tuple[Told, ...]:
    """What only went from a draft to another list is no news."""
    return (Told(NoticeKind.AWARD_UNPAID, None, None, fact.reason),) if fact.was_sent else ()


def _defect(defect: intake.Defect) -> str:
    """Beside the field that it is about."""
    said = CONTENT.get(defect.content_field or "")
    return f"{said.vi}: {defect.what}" if said else defect.what


_TOLD: Final[Mapping[type[Fact], Callable[[Any], tuple[Told, ...]]]] = MappingProxyType(
    {
        intake.DossierFiled: lambda _: (Told(NoticeKind.DOSSIER_FILED),),
        intake.SupplementRequested: lambda fact: (
            Told(NoticeKind.SUPPLEMENT_REQUESTED, None, None, "\n".join(map(_defect, fact.defects))),
        ),
        intake.RequestAccepted: lambda _: (Told(NoticeKind.REQUEST_ACCEPTED),),
        intake.RequestRejected: lambda fact: (
            Told(NoticeKind.REQUEST_REJECTED, fact.ground, None, fact.reason),
        ),
        intake.DossierWithdrawn: lambda fact: (Told(NoticeKind.DOSSIER_WITHDRAWN, None, None, fact.reason),),
        intake.WithdrawalCameTooLate: lambda _: (Told(NoticeKind.WITHDRAWAL_TOO_LATE),),
        intake.RulesChanged: lambda fact: (
            Told(NoticeKind.RULES_CHANGED, fact.verdict_reason, fact.rule_version.new),
        ),
        intake.ShareConfirmed: lambda _: (Told(NoticeKind.SHARE_ANSWERED, "CONFIRMED"),),
        intake.ShareDeclined: lambda fact: (Told(NoticeKind.SHARE_ANSWERED, "DECLINED", None, fact.reason),),
        intake.DossierTakenOver: lambda fact: (Told(NoticeKind.DOSSIER_TAKEN_OVER, None, None, fact.reason),),
        review.StageOpened: lambda _: (Told(NoticeKind.EXAMINATION_OPENED),),
        review.StageDecided: _decided,
        review.ComplaintFiled: lambda fact: (
            Told(NoticeKind.COMPLAINT_FILED, None, fact.first_number, fact.reason),
        ),
        review.ComplaintEnded: lambda fact: (
            Told(NoticeKind.COMPLAINT_ENDED, fact.ended, fact.first_number, fact.reason),
        ),
        review.StageWithdrawn: lambda _: (Told(NoticeKind.DOSSIER_WITHDRAWN),),
        casework.ClockExtended: lambda fact: (Told(NoticeKind.DEADLINE_EXTENDED, None, None, fact.reason),),
        casework.ClockSuspended: _suspended,
        casework.ClockResumed: lambda fact: (Told(NoticeKind.CLOCK_RESUMED, None, None, fact.reason),),
        payout.AwardApproved: lambda fact: (Told(NoticeKind.AWARD_APPROVED, None, fact.decision_number),),
        payout.AwardRejected: lambda fact: (Told(NoticeKind.AWARD_REJECTED, None, None, fact.reason),),
        payout.AwardPaid: lambda fact: (Told(NoticeKind.AWARD_PAID, None, fact.decision_number),),
        payout.AwardReversed: lambda fact: (Told(NoticeKind.AWARD_REVERSED, None, None, fact.reason),),
        payout.AwardTakenUp: lambda fact: (Told(NoticeKind.AWARD_TAKEN_UP, None, None, fact.reason),),
        payout.AwardTakenOff: _unpaid,
    }
)


def told_to_authors(fact: Fact) -> tuple[Told, ...]:
    """What each author or payee is told of it; nothing, if it is not theirs to know."""
    told = _TOLD.get(type(fact))
    return told(fact) if told else ()
