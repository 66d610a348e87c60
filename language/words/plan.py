"""What officers call the things that rule packs name in capitals."""

from typing import Final

from language.plan.review_plan import BudgetUnit, RungAction
from language.plan.rule_kinds import (
    AggregationMethod,
    CheckRuleKind,
    CountedOver,
    DayOffEnd,
    DecisionActKind,
    DeviationAction,
    DocumentKind,
    PaidRole,
    RateBasis,
    RoundingMode,
    RungAnchor,
    SeatRole,
    StageInSuccessor,
    VotingMethod,
)
from language.posts.kinds import PostKind
from language.words.base import Vocabulary, Words

PLAN: Final[Vocabulary] = {
    BudgetUnit: {
        "WORKING_DAYS": Words("ngày làm việc", "working days"),
        "CALENDAR_DAYS": Words("ngày", "calendar days"),
        "CALENDAR_MONTHS": Words("tháng", "calendar months"),
    },
    DayOffEnd: {
        "LAST_DAY": Words("hết chính ngày đó", "the end of that day"),
        "NEXT_WORKING_DAY": Words("hết ngày làm việc tiếp theo", "the end of the next working day"),
    },
    StageInSuccessor: {
        "GOES_ON": Words(
            "Hội đồng đang xét làm tiếp ở đơn vị kế thừa", "its council goes on in the successor"
        ),
        "OPENED_ANEW": Words(
            "đơn vị kế thừa lập Hội đồng và xét lại từ đầu", "the successor forms a council and begins anew"
        ),
    },
    RungAnchor: {"START": Words("ngày bắt đầu", "the start"), "DUE": Words("hạn", "the deadline")},
    RungAction: {
        "REMIND": Words("nhắc người chưa làm", "remind whoever is silent"),
        "DIGEST": Words("báo gộp ai chưa làm, đã bao lâu", "tell in one message who is silent and how long"),
        "TELL_SUPERIOR": Words("báo cấp trên", "tell the superior"),
        "REPLACE_SILENT": Words(
            "thay ủy viên chưa chấm bằng dự khuyết", "replace silent members by substitutes"
        ),
        "LOWER_QUORUM": Words("hạ túc số", "lower the quorum"),
        "DECIDE_ALONE": Words(
            "cho Chủ tịch quyết định không chờ phiếu còn thiếu",
            "let the chair decide without the missing sheets",
        ),
        "HAND_UP": Words("chuyển việc lên cấp trên", "hand the work up to the superior"),
        "LOOK_AGAIN": Words("xem lại đã có người chưa", "look whether somebody is there"),
    },
    PostKind: {
        "ADMIN": Words("quản trị viên", "administrator"),
        "UNIT_HEAD": Words("người đứng đầu đơn vị", "head of the unit"),
        "DEPUTY_HEAD": Words("cấp phó của người đứng đầu", "deputy head"),
        "INTAKE_OFFICER": Words("cán bộ tiếp nhận", "intake officer"),
        "COUNCIL_CHAIR": Words("Chủ tịch Hội đồng", "council chair"),
        "COUNCIL_DEPUTY_CHAIR": Words("Phó Chủ tịch Hội đồng", "council deputy chair"),
        "COUNCIL_SECRETARY": Words("thư ký Hội đồng", "council secretary"),
        "COUNCIL_MEMBER": Words("ủy viên Hội đồng", "council member"),
        "COUNCIL_SUBSTITUTE": Words("ủy viên dự khuyết", "council substitute"),
        "UNION_REPRESENTATIVE": Words("đại diện công đoàn", "union representative"),
        "ACCOUNTANT": Words("kế toán", "accountant"),
        "CHIEF_ACCOUNTANT": Words("kế toán trưởng", "chief accountant"),
        "AUDITOR": Words("kiểm toán", "auditor"),
        "STAFF": Words("nhân viên", "staff"),
    },
    SeatRole: {
        "CHAIR": Words("Chủ tịch", "chair"),
        "DEPUTY_CHAIR": Words("Phó Chủ tịch", "deputy chair"),
        "SECRETARY": Words("ủy viên thư ký", "secretary"),
        "MEMBER": Words("ủy viên", "member"),
        "UNION_REPRESENTATIVE": Words("đại diện công đoàn", "union representative"),
    },
    PaidRole: {
        "CHAIR": Words("Chủ tịch Hội đồng", "chair"),
        "DEPUTY_CHAIR": Words("Phó Chủ tịch Hội đồng", "deputy chair"),
        "SECRETARY": Words("ủy viên thư ký", "secretary"),
        "MEMBER": Words("ủy viên", "member"),
        "REVIEWER": Words("ủy viên phản biện", "reviewer"),
        "UNION_REPRESENTATIVE": Words("đại diện công đoàn", "union representative"),
        "ADMIN_SECRETARY": Words("thư ký hành chính", "administrative secretary"),
        "GUEST": Words("khách mời", "guest"),
    },
    RateBasis: {
        "PER_SESSION": Words("buổi", "session"),
        "PER_DOSSIER": Words("hồ sơ", "dossier"),
        "PER_SHEET": Words("phiếu", "sheet"),
    },
    CountedOver: {
        "MEMBERS": Words("tổng số thành viên", "all members"),
        "PRESENT": Words("số thành viên có mặt", "the members present"),
        "SEATS": Words("tổng số ghế của Hội đồng", "all seats of the council"),
    },
    VotingMethod: {
        "OPEN_VOTE": Words("biểu quyết công khai", "open vote"),
        "SECRET_BALLOT": Words("bỏ phiếu kín", "secret ballot"),
    },
    AggregationMethod: {
        "MEAN": Words("trung bình cộng các phiếu", "mean of the sheets"),
        "MEAN_WITHOUT_EXTREMES": Words(
            "trung bình cộng sau khi bỏ một giá trị cao nhất và một thấp nhất",
            "mean without one highest and one lowest value",
        ),
    },
    RoundingMode: {
        "HALF_UP": Words("nửa làm tròn lên", "half up"),
        "HALF_EVEN": Words("nửa làm tròn về số chẵn", "half to even"),
        "DOWN": Words("cắt bỏ phần dư", "down"),
    },
    DecisionActKind: {
        "PAPER": Words("ghi số, ngày, người ký văn bản", "number, date and signer of the paper"),
        "CORRECTION": Words("đính chính quyết định", "correction of a decision"),
        "CANCELLATION": Words("hủy bỏ việc công nhận", "cancellation of a recognition"),
        "REOPENING": Words("xét lại theo khiếu nại", "examination anew after a complaint"),
    },
    DeviationAction: {
        "FLAG": Words("ghi vào quyết định", "it is written into the decision"),
        "EXPLAIN": Words("quyết định phải nêu lý do", "the decision needs reasons"),
    },
    CheckRuleKind: {
        "MIN_CONTRIBUTION_PERCENT": Words(
            "tỷ lệ đóng góp tối thiểu của mỗi đồng tác giả", "least share of each co-author"
        ),
        "MAX_AUTHORS": Words("số tác giả tối đa", "most authors"),
        "MIN_ATTACHMENTS": Words("số tệp đính kèm tối thiểu", "fewest attachments"),
    },
    DocumentKind: {
        "RECOGNITION_REQUEST": Words("đơn yêu cầu công nhận", "request for recognition"),
        "INITIATIVE_DESCRIPTION": Words("bản mô tả sáng kiến", "description of the initiative"),
        "RECEIPT": Words("giấy biên nhận", "receipt"),
        "SCORE_SHEET": Words("phiếu chấm điểm", "score sheet"),
        "SCORE_SUMMARY": Words("bảng tổng hợp điểm", "score summary"),
        "MINUTES": Words("biên bản họp", "minutes"),
        "RECOGNITION_DECISION": Words("quyết định công nhận", "decision of recognition"),
        "REFUSAL_NOTICE": Words("thông báo không công nhận", "notice of refusal"),
        "INITIATIVE_CERTIFICATE": Words("giấy chứng nhận", "certificate"),
        "PAYMENT_LIST": Words("danh sách chi trả", "payment list"),
        "ACTIVITY_REPORT": Words("báo cáo hoạt động sáng kiến", "activity report"),
    },
}
