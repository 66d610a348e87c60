"""Every kind of event there is, by its name, and how older versions of its form are read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from language import versions
from language.cases import AlarmKind
from language.events import (
    accounts,
    casework,
    history,
    intake,
    joining,
    late,
    organisation,
    payout,
    postroom,
    review,
    rulebook,
    succession,
)
from language.events.base import Fact
from language.versions import Body, Upcasts, WrittenLater

Detail: TypeAlias = Body
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
    casework.TaskReminded,
    casework.TaskUnreachable,
    casework.AlarmRaised,
    casework.AlarmCleared,
    casework.RunAlarmRaised,
    casework.RunAlarmCleared,
    casework.MessagesTriedAgain,
    casework.MessagesDismissed,
    casework.RunStartedAnew,
    casework.RunStopped,
    casework.StrayRunEnded,
    casework.CasePassedOn,
    late.ActQuestioned,
    late.QuestionedActStands,
    late.QuestionedActToBeRedone,
    casework.StandsUnderKept,
    history.PersonalValuesErased,
    history.PersonalRowsErased,
    history.PersonalDataRead,
    intake.DraftCreated,
    intake.ContentChanged,
    intake.ShareConfirmed,
    intake.ShareDeclined,
    intake.DossierTakenOver,
    intake.AuthorHoldsPost,
    intake.AttachmentAdded,
    intake.AttachmentRemoved,
    intake.DraftPrepared,
    intake.DraftBegun,
    intake.FilingAgreed,
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
    intake.DossierReopened,
    intake.RequestReopened,
    intake.RecognitionEnded,
    intake.RulesChanged,
    intake.RulesChangeDeclined,
    review.StageOpened,
    review.SeatCounted,
    review.ScoreSheetSubmitted,
    review.ScoreSheetTakenBack,
    review.MemberRecused,
    review.StageDecided,
    review.DecisionPaperEntered,
    review.DecisionCorrected,
    review.RecognitionCancelled,
    review.RefusalReopened,
    review.ComplaintFiled,
    review.ComplaintEnded,
    review.StageWithdrawn,
    review.StageMoved,
    review.StageOpenedAnew,
    payout.AwardAssessed,
    payout.AwardVerified,
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
    payout.PaymentListShortened,
    payout.AwardTakenOff,
    payout.AwardTakenUp,
    payout.PayeeTied,
    payout.ListAwaited,
    payout.ListAwaitedNoMore,
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
    organisation.DelegationEnded,
    organisation.ListImported,
    organisation.AccountMade,
    organisation.AccountChanged,
    organisation.AccountClosed,
    organisation.AccountReopened,
    organisation.OwnPasswordChanged,
    organisation.SignedOutEverywhere,
    organisation.IdentityLinked,
    organisation.IdentityUnlinked,
    accounts.OneTimeCodesConfirmed,
    accounts.OneTimeCodesRemoved,
    accounts.OneTimeCodeFailed,
    accounts.RecoveryCodeUsed,
    accounts.RecoveryCodesRenewed,
    accounts.AccountActProposed,
    accounts.AccountActApproved,
    accounts.AccountActProposalDropped,
    accounts.InvitationSent,
    accounts.PasswordLinkSent,
    accounts.PasswordLinkUsed,
    organisation.AdministratorProposed,
    organisation.AdministratorDismissalProposed,
    organisation.AdministratorProposalDropped,
    succession.SuccessionDrafted,
    succession.SuccessionApproved,
    succession.SuccessionCancelled,
    succession.SuccessionHeldUp,
    succession.SuccessionInForce,
    succession.UnitEnded,
    succession.PostPassedOn,
    joining.JoiningProposed,
    joining.JoiningApproved,
    joining.JoiningCancelled,
    joining.RecordsJoined,
    organisation.SignedIn,
    organisation.SignInFailed,
    organisation.TokenExchanged,
    organisation.DeviceSignedIn,
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
    rulebook.FilingWindowChanged,
    rulebook.LateFilingPermitted,
    postroom.NoticeSettingsChanged,
    postroom.MailResent,
    postroom.WebhookMade,
    postroom.WebhookSecretChanged,
    postroom.WebhookTurnedOff,
    postroom.WebhookTurnedOn,
    postroom.WebhookReplayed,
)
CATALOGUE: Final[Mapping[str, type[Fact]]] = MappingProxyType({fact.__name__: fact for fact in _FACTS})
FORMER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"WordsTriedAgain": "MessagesTriedAgain", "WordsDismissed": "MessagesDismissed"}
)
"""What a kind was called in earlier versions → what it is called. Histories bear the old names for ever."""


def _round_with_instants(detail: Detail) -> Detail:
    """A round was one of days, by units of any level."""
    days = {"opens_on", "closes_on"}
    kept = {name: value for name, value in detail.items() if name not in days}
    return {
        **kept,
        "level": None,
        "opens_at": f"{detail['opens_on']}T00:00:00+07:00",
        "closes_at": f"{detail['closes_on']}T23:59:59+07:00",
    }


def _defects_of_no_field(detail: Detail) -> Detail:
    return {
        **detail,
        "defects": [{"content_field": None, "what": what} for what in _texts(detail["defects"])],
    }


def _texts(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _messages(detail: Detail) -> Detail:
    """What an outbox sends was called a word."""
    kept = {name: value for name, value in detail.items() if name != "words"}
    return {**kept, "messages": detail["words"]}


def _message_does_not_arrive(detail: Detail) -> Detail:
    is_it = detail["alarm"] == "WORD_DOES_NOT_ARRIVE"
    return {**detail, "alarm": AlarmKind.MESSAGE_DOES_NOT_ARRIVE.value} if is_it else detail


def _first_instance(detail: Detail) -> Detail:
    """There was one complaint about a refusal, and no second."""
    return {**detail, "instance": 1}


UPCASTS: Final[Upcasts] = MappingProxyType(
    {
        (intake.SupplementRequested.__name__, 1): _defects_of_no_field,
        ("RoundCreated", 1): _round_with_instants,
        ("PaymentListCancelled", 1): lambda detail: {**detail, "reason": None},
        ("MessagesTriedAgain", 1): _messages,
        ("MessagesDismissed", 1): _messages,
        ("RunAlarmRaised", 1): _message_does_not_arrive,
        ("RunAlarmCleared", 1): _message_does_not_arrive,
        ("ComplaintFiled", 1): _first_instance,
        ("ComplaintEnded", 1): _first_instance,
    }
)
"""Kind and version → the form of the next version, without side effects. Every version before the newest has
one."""


def class_of(kind: str) -> type[Fact] | None:
    """The class of events of this kind, also by a name that it had in an earlier version."""
    return CATALOGUE.get(FORMER_NAMES.get(kind, kind))


def brought_up(kind: str, version: int, detail: Detail) -> tuple[type[Fact], Detail]:
    """What an event of this kind and version is, and what it holds in the newest form; `WrittenLater` for
    what this release does not know."""
    fact = class_of(kind)
    if fact is None:
        raise WrittenLater(kind, version)
    name, newest = fact.__name__, fact.VERSION
    return fact, versions.brought_up(name, detail, version=version, newest=newest, upcasts=UPCASTS)
