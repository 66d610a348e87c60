"""When a person is told of what: settings, quiet hours, digests. All times of day are local."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from language.cases import Entered
from language.deadline.arithmetic import LOCAL_ZONE
from language.messages.notices import LinkSent, NoticeKind
from language.telling import Language, Mode

_DAY = timedelta(days=1)


STATUTORY = frozenset(
    {
        NoticeKind.SUPPLEMENT_REQUESTED,
        NoticeKind.REQUEST_ACCEPTED,
        NoticeKind.REQUEST_REJECTED,
        NoticeKind.STAGE_DECIDED,
        NoticeKind.ACCOUNT_CHANGED,
        NoticeKind.RECORDS_JOINED,
        NoticeKind.DECISION_ACTED_ON,
        NoticeKind.DOSSIER_FILED,
        NoticeKind.DOSSIER_WITHDRAWN,
        NoticeKind.RULES_CHANGED,
        NoticeKind.SHARE_TO_CONFIRM,
        NoticeKind.AUTHOR_DROPPED,
        NoticeKind.WORK_DELEGATED,
        NoticeKind.DELEGATION_TAKEN_BACK,
        NoticeKind.COMPLAINT_ENDED,
        NoticeKind.ENTERED_ABOUT_YOU,
    }
)
"""What the unit has to notify the author of (decree 13/2012, charter, article 6.2), the decision itself, what
others did to one's account or record or entered about oneself, that one was named in a dossier or dropped
from it, that one's dossier was filed, withdrawn or put under other rules, whose work goes to whom, and what
became of a complaint: nobody can turn these off."""

_USUAL = {
    NoticeKind.TASK_OPENED: Mode.DIGEST,
    NoticeKind.TASK_TAKEN: Mode.DIGEST,
    NoticeKind.SUPERIOR_TOLD: Mode.DIGEST,
    NoticeKind.SECRETARY_TOLD: Mode.DIGEST,
    NoticeKind.AWARD_APPROVED: Mode.DIGEST,
    NoticeKind.QUORUM_LOWERED: Mode.DIGEST,
    NoticeKind.ALARM_RAISED: Mode.DIGEST,
    NoticeKind.ACT_QUESTIONED: Mode.DIGEST,
    NoticeKind.EXAMINATION_OPENED: Mode.DIGEST,
    NoticeKind.DEADLINE_EXTENDED: Mode.DIGEST,
    NoticeKind.CLOCK_SUSPENDED: Mode.DIGEST,
    NoticeKind.CLOCK_RESUMED: Mode.DIGEST,
}


def usual_mode(kind: NoticeKind) -> Mode:
    """For who has chosen nothing: what comes in numbers is gathered, all else is mailed as it comes."""
    return _USUAL.get(kind, Mode.NOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """How a person wants to be told. Without an address there is only the inbox; `version` 0 is who has never
    chosen.

    Quiet hours run from one local hour to another, also over midnight; both None: none.
    """

    person_id: UUID
    mail_address: str | None = None
    language: Language = Language.VI
    modes: Mapping[NoticeKind, Mode] = field(default_factory=dict)
    digest_hour: int = 7
    quiet_from: int | None = 21
    quiet_to: int | None = 6
    version: int = 0

    def mode_of(self, kind: NoticeKind) -> Mode:
        """What the person chose for this kind, or what is usual."""
        return self.modes.get(kind, usual_mode(kind))


def turned_off_unlawfully(modes: Mapping[NoticeKind, Mode]) -> list[NoticeKind]:
    """The kinds that these settings would turn off although the law has the person told."""
    return sorted(kind for kind, mode in modes.items() if mode is Mode.OFF and kind in STATUTORY)


def is_of_address(kind: NoticeKind, detail: str | None) -> bool:
    """It tells that the office mails the person elsewhere from now on."""
    return kind is NoticeKind.ENTERED_ABOUT_YOU and Entered.MAIL_CHANGED in (detail or "").split(",")


def brings_link(kind: NoticeKind, detail: str | None) -> bool:
    """The mail of it brings a link to choose a password by."""
    return kind is NoticeKind.ACCOUNT_CHANGED and detail in set(LinkSent)


def _next_hour(after: datetime, hour: int) -> datetime:
    """The first local instant of this hour that is later than `after`."""
    local = after.astimezone(LOCAL_ZONE)
    today = datetime.combine(local.date(), time(hour), LOCAL_ZONE)
    return today if today > local else today + _DAY


def is_quiet(settings: NoticeSettings, at: datetime) -> bool:
    """The instant lies in the person's quiet hours."""
    start, end = settings.quiet_from, settings.quiet_to
    if start is None or end is None:
        return False
    hour = at.astimezone(LOCAL_ZONE).hour
    return start <= hour < end if start < end else hour >= start or hour < end


def after_quiet_hours(settings: NoticeSettings, at: datetime) -> datetime:
    """The instant itself, or the end of the quiet hours it lies in."""
    if settings.quiet_to is None or not is_quiet(settings, at):
        return at
    return _next_hour(at, settings.quiet_to)


def mail_at(settings: NoticeSettings, kind: NoticeKind, at: datetime) -> datetime | None:
    """When a notice that comes at `at` is to be mailed; None for never."""
    if settings.mail_address is None:
        return None
    match settings.mode_of(kind):
        case Mode.OFF:
            return None
        case Mode.NOW:
            return after_quiet_hours(settings, at)
        case Mode.DIGEST:
            return after_quiet_hours(settings, _next_hour(at, settings.digest_hour))
