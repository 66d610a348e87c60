"""Whether what one process keeps is kept as long as another one needs it."""

from collections.abc import Mapping, Sequence

from cli.finding import Finding
from kit.settings import SettingsUnfit, settings_of
from kit.terms import (
    HistoryTerm,
    PersonTerms,
    Terms,
    answers_go_too_early,
    messages_go_too_early,
    notices_go_too_early,
)
from language.names import PORTAL, SERVICES, TaskQueue
from services.portal.settings import SessionTerms
from services.postroom.settings import NoticeTerms

_NAME, _TITLE = "terms", "Thời hạn lưu giữ"


def examine_terms(retention_days: int = 0) -> Finding:
    """By the settings of this environment, each service's own name before the plain one; `retention_days` is
    what the namespace really keeps, where that was asked."""
    try:
        found = _unfit(retention_days)
    except SettingsUnfit as unfit:
        return Finding(
            name=_NAME, title=_TITLE, is_fine=False, detail=f"{unfit.detail_vi} ({unfit.detail_en})"
        )
    told = "; ".join(f"{', '.join(services)}: {why}" for why, services in found.items())
    fine = "mỗi thứ được giữ đủ lâu cho nơi cần đến nó (each is kept as long as what needs it)"
    return Finding(name=_NAME, title=_TITLE, is_fine=not found, detail=told or fine)


def _unfit(retention_days: int) -> Mapping[str, Sequence[str]]:
    """What does not hang together, and in which services."""
    told = settings_of(HistoryTerm, TaskQueue.WORKFLOWS).temporal_retention_days
    session = settings_of(SessionTerms, PORTAL)
    notices = settings_of(NoticeTerms, TaskQueue.POSTROOM)
    settings_of(PersonTerms, TaskQueue.ORGANISATION)
    found: dict[str, list[str]] = {}
    for service in SERVICES:
        own = settings_of(Terms, service)
        between = (
            messages_go_too_early(own.outbox_kept_days, max(told, retention_days)),
            answers_go_too_early(own.answers_kept_days, session.session_hours),
            notices_go_too_early(notices.notices_kept_days, own.collected_notices_days),
        )
        for unfit in filter(None, between):
            found.setdefault(str(unfit), []).append(service)
    return found
