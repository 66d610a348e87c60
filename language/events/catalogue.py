"""Every kind of event there is, by its name, and how older versions of its form are read."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from language.events import casework, history, intake, organisation, payout, postroom, review, rulebook
from language.events.base import Fact

Detail: TypeAlias = dict[str, object]
"""What an event holds as it was written: the fields of its class, as JSON."""

_FACTS: Final[tuple[type[Fact], ...]] = (
    casework.RungFired,
    casework.WorkGivenOut,
    casework.ClockSuspended,
    casework.ClockResumed,
    casework.ClockExtended,
    casework.ClockCalendarChanged,
    casework.TaskHandedOver,
    casework.TaskTaken,
    casework.TaskUnreachable,
    casework.AlarmRaised,
    casework.AlarmCleared,
    casework.RunAlarmRaised,
    casework.RunAlarmCleared,
    casework.WordsTriedAgain,
    casework.WordsDismissed,
    casework.RunStartedAnew,
    history.PersonalValuesErased,
    intake.DraftCreated,
    intake.ContentChanged,
    intake.ShareConfirmed,
    intake.ShareDeclined,
    intake.DossierTakenOver,
    intake.AuthorHoldsPost,
    intake.AttachmentAdded,
    intake.AttachmentRemoved,
    intake.DossierFiled,
    intake.FormalCheckOpened,
    intake.SupplementRequested,
    intake.DossierSupplemented,
    intake.RequestAccepted,
    intake.RequestRejected,
    intake.DossierWithdrawn,
    intake.WithdrawalRequested,
    intake.WithdrawalCameTooLate,
    intake.DossierClosed,
    intake.RulesChanged,
    intake.RulesChangeDeclined,
    review.StageOpened,
    review.SeatCounted,
    review.ScoreSheetSubmitted,
    review.StageDecided,
    review.StageWithdrawn,
    review.StageMoved,
    payout.AwardAssessed,
    payout.AwardVerified,
    payout.PayeeTied,
    payout.AwardApproved,
    payout.AwardRejected,
    payout.AwardListed,
    payout.AwardSent,
    payout.AwardPaid,
    payout.AwardReversed,
    payout.PaymentListMade,
    payout.PaymentListSent,
    payout.PaymentListConfirmed,
    payout.PaymentListCancelled,
    organisation.UnitCreated,
    organisation.UnitChanged,
    organisation.UnitMoved,
    organisation.PersonCreated,
    organisation.PersonChanged,
    organisation.PostCreated,
    organisation.PostTaken,
    organisation.PostLeft,
    organisation.LeaveAdded,
    organisation.LeaveCancelled,
    organisation.WorkDelegated,
    organisation.DelegationTakenBack,
    organisation.ListImported,
    organisation.AccountMade,
    organisation.AccountChanged,
    organisation.AccountClosed,
    organisation.AccountReopened,
    organisation.OwnPasswordChanged,
    organisation.SignedOutEverywhere,
    organisation.IdentityLinked,
    organisation.IdentityUnlinked,
    organisation.AdministratorProposed,
    organisation.AdministratorProposalDropped,
    organisation.SignedIn,
    organisation.SignInFailed,
    organisation.TokenExchanged,
    rulebook.PolicyPackDrafted,
    rulebook.PolicyPackEdited,
    rulebook.PolicyPackChecked,
    rulebook.PolicyPackDropped,
    rulebook.PolicyPackPublished,
    rulebook.TransitionPlanned,
    rulebook.TransitionChoiceMade,
    rulebook.TransitionApproved,
    rulebook.TransitionCancelled,
    rulebook.TransitionDone,
    rulebook.CalendarChanged,
    rulebook.BreakAdded,
    rulebook.BreakEnded,
    rulebook.SeasonCreated,
    rulebook.RoundCreated,
    postroom.NoticeSettingsChanged,
    postroom.MailResent,
    postroom.WebhookMade,
    postroom.WebhookTurnedOff,
    postroom.WebhookTurnedOn,
    postroom.WebhookReplayed,
)
CATALOGUE: Final[Mapping[str, type[Fact]]] = MappingProxyType({fact.__name__: fact for fact in _FACTS})
UPCASTS: Final[Mapping[tuple[str, int], Callable[[Detail], Detail]]] = MappingProxyType({})
"""Kind and version → the form of the next version, without side effects. Every version before the newest has
one."""


class UnknownEvent(Exception):
    """An event of a kind or version that this release does not know: it was written by a newer one."""

    def __init__(self, kind: str, version: int) -> None:
        super().__init__(f"{kind} version {version}")


def brought_up(kind: str, version: int, detail: Detail) -> Detail:
    """What an event of this kind and version holds, in the newest form."""
    fact = CATALOGUE.get(kind)
    if fact is None or version > fact.VERSION:
        raise UnknownEvent(kind, version)
    for older in range(version, fact.VERSION):
        detail = UPCASTS[kind, older](detail)
    return detail
