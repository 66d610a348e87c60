"""Acts in question in words: what was done, and by which acts it is undone and done again."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from language.events import casework, intake, organisation, payout, review, rulebook
from language.events.base import Fact
from language.events.catalogue import CATALOGUE
from language.words.base import Words, same
from language.words.events import say_event

_DECISION: Final = Words(
    "Hủy bỏ việc công nhận (POST /v1/stages/{id}/cancellation) hoặc mở xét lại việc không công nhận "
    "(POST /v1/stages/{id}/reopening), theo thẩm quyền và thời hạn của bộ quy định.",
    "Cancel the recognition (POST /v1/stages/{id}/cancellation) or have the refusal examined again "
    "(POST /v1/stages/{id}/reopening), by whom and until when the rules say.",
)
_AWARD: Final = Words(
    "Từ chối khoản thưởng chưa duyệt (POST /v1/awards/{id}/rejection) hoặc hủy khoản đã duyệt bằng bút toán "
    "ngược (POST /v1/awards/{id}/reversal), rồi xem lại (POST /v1/awards/{id}/taking-up).",
    "Reject an award that is not approved yet (POST /v1/awards/{id}/rejection), or reverse it (POST "
    "/v1/awards/{id}/reversal), then take it up again (POST /v1/awards/{id}/taking-up).",
)
_LIST: Final = Words(
    "Hủy danh sách chưa chi (POST /v1/payment-lists/{id}/cancellation) và lập lại; khoản đã chi thì hủy bằng "
    "bút toán ngược (POST /v1/awards/{id}/reversal).",
    "Cancel a list that was not paid (POST /v1/payment-lists/{id}/cancellation) and make another; what was "
    "paid is reversed (POST /v1/awards/{id}/reversal).",
)
_WAYS: Final[Mapping[type[Fact], Words]] = MappingProxyType(
    {
        review.ScoreSheetSubmitted: Words(
            "Trước khi có quyết định, người chấm rút phiếu (POST /v1/score-sheets/{id}/retraction) để người "
            "có quyền chấm lại; sau đó phải xử lý quyết định.",
            "Until the decision the member takes the sheet back (POST /v1/score-sheets/{id}/retraction), and "
            "whoever had the right marks again; afterwards it takes an act on the decision.",
        ),
        review.StageDecided: _DECISION,
        review.DecisionCorrected: Words(
            "Ra quyết định đính chính khác (POST /v1/stages/{id}/correction).",
            "Correct the decision by another one (POST /v1/stages/{id}/correction).",
        ),
        intake.RequestAccepted: Words(
            "Đơn đã sang cấp xét: Hội đồng không công nhận, hoặc hủy bỏ việc công nhận "
            "(POST /v1/stages/{id}/cancellation); tác giả có thể rút (POST /v1/dossiers/{id}/withdrawal).",
            "The dossier went on to its level: the council refuses it, or its recognition is cancelled (POST "
            "/v1/stages/{id}/cancellation); the author may withdraw it (POST /v1/dossiers/{id}/withdrawal).",
        ),
        intake.RequestRejected: Words(
            "Tác giả khiếu nại (POST /v1/dossiers/{id}/complaints); khiếu nại đúng thì đơn được xem xét lại. "
            "Hết thời hiệu thì nộp thành hồ sơ mới; cấp trên có thể cho nộp muộn (POST "
            "/v1/seasons/{id}/late-filings).",
            "The author complains (POST /v1/dossiers/{id}/complaints); what is upheld is checked again. "
            "Later it is filed as a new dossier; the unit above may let it be filed late (POST "
            "/v1/seasons/{id}/late-filings).",
        ),
        intake.SupplementRequested: Words(
            "Tác giả bổ sung (POST /v1/dossiers/{id}/supplement), rồi người có quyền xem xét lại đơn.",
            "The author supplements (POST /v1/dossiers/{id}/supplement), and whoever has the right looks at "
            "the request anew.",
        ),
        payout.AwardVerified: _AWARD,
        payout.AwardApproved: _AWARD,
        payout.AwardRejected: _AWARD,
        payout.AwardListed: _LIST,
        payout.AwardSent: _LIST,
        payout.AwardPaid: _LIST,
        payout.PaymentListMade: _LIST,
        payout.PaymentListSent: _LIST,
        payout.PaymentListConfirmed: _LIST,
        casework.ClockExtended: Words(
            "Không rút ngắn được thời gian đã gia hạn; hãy xử lý trong thời hạn mới.",
            "Time that was given is not taken back; act within the deadline as it stands.",
        ),
        casework.ClockSuspended: Words(
            "Cho tính hạn trở lại (POST /v1/clocks/{id}/resumption).",
            "Let the clock go on (POST /v1/clocks/{id}/resumption).",
        ),
        casework.ClockResumed: Words(
            "Tạm dừng lại (POST /v1/clocks/{id}/suspension).",
            "Let the clock stand still again (POST /v1/clocks/{id}/suspension).",
        ),
        casework.TaskTaken: Words(
            "Đồng nghiệp khác nhận lại việc (POST /v1/tasks/{id}/taking).",
            "Another colleague takes the work (POST /v1/tasks/{id}/taking).",
        ),
        casework.RungFired: Words(
            "Giao lại việc bằng cách bổ nhiệm hoặc ủy quyền; nếu đã có quyết định, hủy bỏ việc công nhận "
            "(POST /v1/stages/{id}/cancellation) hoặc mở xét lại (POST /v1/stages/{id}/reopening).",
            "Give the work back by appointing or delegating; where it was decided, cancel the recognition "
            "(POST /v1/stages/{id}/cancellation) or have it examined again (POST /v1/stages/{id}/reopening).",
        ),
        organisation.PostTaken: Words(
            "Đặt ngày cuối giữ vị trí (POST /v1/holdings/{id}/end) và giao lại.",
            "End the holding (POST /v1/holdings/{id}/end) and give the post again.",
        ),
        organisation.PostLeft: Words(
            "Giao lại vị trí (POST /v1/posts/{id}/holdings).",
            "Give the post again (POST /v1/posts/{id}/holdings).",
        ),
        rulebook.CalendarChanged: Words(
            "Sửa lịch bằng phiên bản mới (PUT /v1/calendar).",
            "Make another version of it (PUT /v1/calendar).",
        ),
        rulebook.PolicyPackPublished: Words(
            "Công bố phiên bản mới của bộ quy định.", "Publish another version of the rules."
        ),
    }
)
_BY_HAND: Final = Words(
    "Không có việc ngược riêng: người có quyền hôm nay làm lại việc này, lịch sử giữ cả hai.",
    "It has no inverse of its own: whoever has the right today does it again, and the history keeps both.",
)


def say_act(kind: str) -> Words:
    """What was done, by the name of its event."""
    fact = CATALOGUE.get(kind)
    return say_event(fact) if fact else same(kind)


def say_way(kind: str) -> Words:
    """By which acts it is undone and done again."""
    fact = CATALOGUE.get(kind)
    return _WAYS.get(fact, _BY_HAND) if fact else _BY_HAND
