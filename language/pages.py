"""Where on the pages what a notice tells of is to be read: mails and the inbox of notices lead there."""

from collections.abc import Mapping
from typing import Final

from language.messages.notices import NoticeKind
from language.posts.kinds import PostTask

NOTICES: Final = "/notices"
NOTICE_SETTINGS: Final = "/account/notices"
_DOSSIER: Final = "/dossiers/{subject}"
_ACCOUNT: Final = "/account"
_MY_WORK: Final = "/"
_ALARMS: Final = "/administration"
_EITHER: Final = "/about/{subject}"
"""A dossier or a payment list: the notice does not say which."""
_PAGES: Final[Mapping[str, str]] = {
    NoticeKind.ACCOUNT_CHANGED: _ACCOUNT,
    NoticeKind.ENTERED_ABOUT_YOU: _ACCOUNT,
    NoticeKind.RECORDS_JOINED: _ACCOUNT,
    NoticeKind.WORK_DELEGATED: _MY_WORK,
    NoticeKind.DELEGATION_TAKEN_BACK: _MY_WORK,
    NoticeKind.UNITS_CHANGED: _MY_WORK,
    NoticeKind.FILING_WINDOW_CHANGED: "/dossiers",
    NoticeKind.DRAFT_PREPARED: "/dossiers",
    NoticeKind.PACK_PUBLISHED: "/administration/packs/{pack}",
    NoticeKind.WEBHOOK_OFF: "/administration/system",
    NoticeKind.ALARM_RAISED: _ALARMS,
    NoticeKind.REMINDED: _EITHER,
    NoticeKind.TASK_TAKEN: _EITHER,
    NoticeKind.SUPERIOR_TOLD: _EITHER,
    NoticeKind.ACT_QUESTIONED: _ALARMS,
}
"""Those that are not about a dossier."""
_OF_TASKS: Final = frozenset({NoticeKind.TASK_OPENED, NoticeKind.REMINDED})
_TASK_PAGES: Final[Mapping[str, str]] = {
    PostTask.MARK: "/marking",
    PostTask.DECIDE: "/stages/deciding",
    PostTask.VERIFY_AWARD: "/money/signing",
    PostTask.APPROVE_AWARD: "/money/signing",
    PostTask.MAKE_LIST: "/money/lists",
    PostTask.SEND_LIST: "/money/lists/{subject}",
    PostTask.CONFIRM_LIST: "/money/lists/{subject}",
}
"""Work that is not done at the dossier."""


def page_of(kind: str, detail: str | None, subject_id: object, subject_code: str) -> str:
    """The path of the page. Kinds that only newer services know lead to the dossier, as most do."""
    of_task = _TASK_PAGES.get(detail or "") if kind in _OF_TASKS else None
    return (of_task or _PAGES.get(kind, _DOSSIER)).format(
        subject=subject_id, pack=subject_code.replace("@", "/")
    )
