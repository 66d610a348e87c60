"""Whom events tell that no notice is made of: people learn of them in another way, or nobody has to."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from language.events import casework, history, intake, organisation, payout, postroom, review, rulebook
from language.events.base import Fact

_BY_TASK: Final = "whoever gets the work, by the notice of the task"
_NEXT: Final = "nobody: the next fact tells"
_OWN: Final = "nobody: it is the own act of whom it concerns"
_LIST: Final = "nobody: it is on a list that administrators look at"
_ACCOUNT: Final = "the holder of the account, unless it was the holder's own act (ACCOUNT_CHANGED)"
SILENT: Final[Mapping[type[Fact], str]] = MappingProxyType(
    {
        casework.WorkGivenOut: _BY_TASK,
        casework.TaskHandedOver: _BY_TASK,
        casework.ClockCalendarChanged: "nobody: a calendar moves thousands; the due date is on the dossier",
        casework.TaskUnreachable: _LIST,
        casework.AlarmCleared: "nobody: a mail names only alarms that stand",
        casework.RunAlarmCleared: "nobody: a mail names only alarms that stand",
        casework.WordsTriedAgain: _LIST,
        casework.WordsDismissed: _LIST,
        casework.RunStartedAnew: _LIST,
        history.PersonalValuesErased: _LIST,
        intake.DraftCreated: _OWN,
        intake.ContentChanged: _OWN,
        intake.AttachmentAdded: _OWN,
        intake.AttachmentRemoved: _OWN,
        intake.FormalCheckOpened: _BY_TASK,
        intake.DossierSupplemented: "the officer, by the task that is open again; authors by ClockResumed",
        intake.WithdrawalRequested: "nobody yet: whether it came in time is told by what follows",
        intake.DossierClosed: "nobody: every way to the end was told (decision, rejection, withdrawal)",
        intake.RulesChangeDeclined: "nobody: the dossier goes on as it was",
        review.SeatCounted: "whoever sits there now, by the task; else it is an alarm",
        review.ScoreSheetSubmitted: "whoever decides, by the task, once all are in",
        review.StageMoved: "authors, by RulesChanged",
        payout.AwardAssessed: _BY_TASK,
        payout.AwardVerified: _BY_TASK,
        payout.AwardListed: _NEXT,
        payout.AwardSent: _NEXT,
        payout.PaymentListMade: _BY_TASK,
        payout.PaymentListSent: _BY_TASK,
        payout.PaymentListConfirmed: "payees, each by AwardPaid",
        payout.PaymentListCancelled: "payees, each by AwardReversed",
        organisation.UnitCreated: _LIST,
        organisation.UnitChanged: _LIST,
        organisation.UnitMoved: _LIST,
        organisation.PersonCreated: _LIST,
        organisation.PersonChanged: _LIST,
        organisation.PostCreated: _LIST,
        organisation.PostTaken: "whoever gets open work by it, by the task",
        organisation.PostLeft: "whoever gets open work by it, by the task",
        organisation.LeaveAdded: "whoever gets open work by it, by the task",
        organisation.LeaveCancelled: "whoever gets open work by it, by the task",
        organisation.WorkDelegated: "the delegate, by the task of each open work that comes",
        organisation.DelegationTakenBack: "whoever gets open work by it, by the task",
        organisation.ListImported: _LIST,
        organisation.AccountMade: "nobody: its holder cannot sign in before hearing of it",
        organisation.AccountChanged: _ACCOUNT,
        organisation.AccountClosed: _ACCOUNT,
        organisation.AccountReopened: _ACCOUNT,
        organisation.OwnPasswordChanged: _OWN,
        organisation.SignedOutEverywhere: _ACCOUNT,
        organisation.IdentityLinked: _ACCOUNT,
        organisation.IdentityUnlinked: _ACCOUNT,
        organisation.AdministratorProposed: "the other administrators, by the list of proposals",
        organisation.AdministratorProposalDropped: _LIST,
        organisation.SignedIn: _OWN,
        organisation.SignInFailed: _LIST,
        organisation.TokenExchanged: _OWN,
        rulebook.PolicyPackDrafted: _LIST,
        rulebook.PolicyPackEdited: _LIST,
        rulebook.PolicyPackChecked: _LIST,
        rulebook.PolicyPackDropped: _LIST,
        rulebook.PolicyPackPublished: "administrators of the province and the drafter (PACK_PUBLISHED)",
        rulebook.TransitionPlanned: _LIST,
        rulebook.TransitionChoiceMade: _LIST,
        rulebook.TransitionApproved: "authors, each by RulesChanged",
        rulebook.TransitionCancelled: _LIST,
        rulebook.TransitionDone: _LIST,
        rulebook.CalendarChanged: "nobody: the due dates are on the dossiers",
        rulebook.BreakAdded: "nobody: the due dates are on the dossiers",
        rulebook.BreakEnded: "nobody: the due dates are on the dossiers",
        rulebook.SeasonCreated: _LIST,
        rulebook.RoundCreated: _LIST,
        postroom.NoticeSettingsChanged: _OWN,
        postroom.MailResent: "its reader, by the mail",
        postroom.WebhookMade: _LIST,
        postroom.WebhookSecretChanged: _LIST,
        postroom.WebhookTurnedOff: _LIST,
        postroom.WebhookTurnedOn: _LIST,
        postroom.WebhookReplayed: _LIST,
    }
)
"""Every other event makes a notice by itself (`casework/notices.py: notices_of`)."""
