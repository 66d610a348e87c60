"""How long is kept what is not kept for ever: the settings of every service, and how they hang together."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings

from language.unfit import Unfit


class HistoryTerm(BaseSettings):
    """With `temporal_retention_days` the worker tells the namespace how long ended runs are kept."""

    temporal_retention_days: int = Field(default=0, ge=0)


class Terms(HistoryTerm):
    """Days. The least value of each holds what needs it.

    `outbox_kept_days`: sending messages again is what heals a Temporal restored from an older state, so they
    are there as long as what they led to. `answers_kept_days`: a client may repeat a command for so long and
    is told what it was told; the longest to wait are pages that lie open. `collected_notices_days`: how far
    back the postroom can read again what it has lost. `comparisons_kept_days`: of runs with their rows."""

    outbox_kept_days: int = Field(default=400, ge=30)
    answers_kept_days: int = Field(default=7, ge=2)
    collected_notices_days: int = Field(default=90, ge=7)
    comparisons_kept_days: int = Field(default=7, ge=1)

    @model_validator(mode="after")
    def _keeps_messages_as_long_as_runs(self) -> Self:
        if unfit := messages_go_too_early(self.outbox_kept_days, self.temporal_retention_days):
            raise unfit
        return self


class PersonTerms(BaseSettings):
    """Years for which a person's data is kept after a post ended (without one, after the person was entered),
    after a dossier was closed, after a recognition, after a payment. No law that we know gives the first
    three a number: the defaults are samples. Books and vouchers of accounting are kept ten years at least."""

    post_kept_years: int = Field(default=5, ge=1, le=100)
    dossier_kept_years: int = Field(default=5, ge=1, le=100)
    recognition_kept_years: int = Field(default=20, ge=1, le=100)
    payment_kept_years: int = Field(default=10, ge=10, le=100)

    @model_validator(mode="after")
    def _keeps_recognitions_as_long_as_dossiers(self) -> Self:
        if self.recognition_kept_years < self.dossier_kept_years:
            raise Unfit(
                f"RECOGNITION_KEPT_YEARS ({self.recognition_kept_years}) is less than DOSSIER_KEPT_YEARS "
                f"({self.dossier_kept_years}): a recognition is kept at least as long as any dossier",
                f"RECOGNITION_KEPT_YEARS ({self.recognition_kept_years}) nhỏ hơn DOSSIER_KEPT_YEARS "
                f"({self.dossier_kept_years}): hồ sơ được công nhận phải được giữ ít nhất bằng hồ sơ khác",
            )
        return self


def messages_go_too_early(outbox_kept_days: int, retention_days: int) -> Unfit | None:
    """Why messages are not kept long enough for a Temporal that keeps ended runs so long."""
    if outbox_kept_days >= retention_days:
        return None
    return Unfit(
        f"OUTBOX_KEPT_DAYS ({outbox_kept_days}) is less than TEMPORAL_RETENTION_DAYS ({retention_days}): "
        "messages are kept at least as long as the runs that they led to",
        f"OUTBOX_KEPT_DAYS ({outbox_kept_days}) nhỏ hơn TEMPORAL_RETENTION_DAYS ({retention_days}): thông "
        "điệp phải được giữ ít nhất bằng thời gian Temporal giữ các lần chạy đã kết thúc",
    )


_PAGE_BEHIND_ITS_SESSION_HOURS = 25.0
"""A list that is looked through is kept for a day beside the session, and a form for an hour."""


def answers_go_too_early(answers_kept_days: int, session_hours: float) -> Unfit | None:
    """Why answers are not kept long enough for a page that was opened at the beginning of a session and is
    sent after its end."""
    if answers_kept_days * 24 >= session_hours + _PAGE_BEHIND_ITS_SESSION_HOURS:
        return None
    return Unfit(
        f"ANSWERS_KEPT_DAYS ({answers_kept_days}) is shorter than SESSION_HOURS ({session_hours:g}) and a "
        "day and an hour: a page that was sent twice would be carried out twice",
        f"ANSWERS_KEPT_DAYS ({answers_kept_days}) ngắn hơn SESSION_HOURS ({session_hours:g}) cộng một ngày "
        "một giờ: trang gửi hai lần sẽ bị thực hiện hai lần",
    )


def notices_go_too_early(notices_kept_days: int, collected_notices_days: int) -> Unfit | None:
    """Why the postroom does not keep notices long enough for owners that keep them so long after it has read
    them."""
    if notices_kept_days >= collected_notices_days:
        return None
    return Unfit(
        f"NOTICES_KEPT_DAYS ({notices_kept_days}) is less than COLLECTED_NOTICES_DAYS "
        f"({collected_notices_days}): a postroom that was restored would tell anew what it has forgotten",
        f"NOTICES_KEPT_DAYS ({notices_kept_days}) nhỏ hơn COLLECTED_NOTICES_DAYS "
        f"({collected_notices_days}): sau khi khôi phục, bộ phận thông báo sẽ báo lại điều nó đã xóa",
    )
