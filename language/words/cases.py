"""What people call kinds of case and task, findings, outcomes and alarms."""

from typing import Final

from language.cases import (
    AccountAct,
    AlarmKind,
    CaseType,
    ComplaintEnd,
    DoubtCause,
    Entered,
    QuestionOutcome,
    QuestionState,
    RefusalGround,
    RejectionGround,
    RunFinding,
    Vote,
    WindowAct,
)
from language.deadline.arithmetic import SuspensionKind
from language.joined import JoinedAs, SignInAfter
from language.messages.clock import RungFinding
from language.messages.journey import CheckState, JourneyOutcome, StageOutcome
from language.messages.notices import NoticeKind
from language.messages.payout import AwardState
from language.messages.transition import (
    DossierStep,
    Marks,
    StageFate,
    TransitionChoice,
    TransitionClass,
)
from language.posts.kinds import ActsAs, OwnTask, PostTask
from language.telling import Language, MailState, Mode
from language.words.base import Vocabulary, Words

CASES: Final[Vocabulary] = {
    CaseType: {
        "FORMAL_CHECK": Words("Xem xét đơn", "Formal check"),
        "EXAMINATION": Words("Xét công nhận", "Examination"),
        "AWARD_APPROVAL": Words("Duyệt tiền thưởng", "Approval of an award"),
        "PAYMENT_LIST": Words("Danh sách chi trả", "Payment list"),
        "LIST_MAKING": Words("Lập danh sách chi trả", "Making of a payment list"),
        "COMPLAINT": Words("Giải quyết khiếu nại", "Complaint"),
    },
    ComplaintEnd: {
        "UPHELD": Words("khiếu nại đúng, hồ sơ được xét lại", "upheld: the dossier is examined again"),
        "DISMISSED": Words("khiếu nại không đúng", "dismissed"),
        "WITHDRAWN": Words("đã rút khiếu nại", "withdrawn"),
        "OVERTAKEN": Words("quyết định bị khiếu nại không còn hiệu lực", "the refusal no longer stands"),
    },
    RunFinding: {
        "RUN_MISSING": Words("Temporal không có quy trình", "Temporal knows no workflow"),
        "RUN_ENDED": Words("Quy trình đã dừng khi việc chưa xong", "The workflow ended before its case"),
        "RUN_FROM_BEFORE": Words(
            "Quy trình có từ trước khi khôi phục", "The workflow is from before the restore"
        ),
        "RUN_OF_NOTHING": Words("Quy trình không còn việc nào", "The workflow is about nothing"),
    },
    AlarmKind: {
        "NOBODY_THERE": Words("Việc chưa có ai làm được", "Nobody is there to do the work"),
        "COUNCIL_TOO_SMALL": Words(
            "Hội đồng thiếu người, không thể đủ túc số", "The council is too small to reach its quorum"
        ),
        "NOBODY_ACTS": Words(
            "Đã chuyển lên đến cấp cao nhất mà chưa ai xử lý", "Handed up to the root, and nobody acts"
        ),
        "MONEY_TO_CLAIM_BACK": Words(
            "Việc công nhận đã bị hủy bỏ, tiền thưởng phải hủy hoặc thu hồi",
            "The recognition was cancelled; its award is to be reversed, or claimed back",
        ),
        "HISTORY_DOES_NOT_FIT": Words(
            "Lịch sử không khớp: có sự kiện không được nối vào chuỗi, hoặc điểm ký không khớp",
            "The history does not fit: an event was not chained, or a checkpoint does not hold",
        ),
        "MESSAGE_DOES_NOT_ARRIVE": Words(
            "Thông tin gửi tới quy trình của hồ sơ không đến nơi", "A message to the workflow does not arrive"
        ),
        "RUN_ENDED": Words(
            "Quy trình đã dừng khi việc chưa xong", "The workflow ended before what it is about"
        ),
        "RUN_FAILS": Words(
            "Quy trình gặp lỗi nhiều lần liên tiếp", "The workflow fails its task again and again"
        ),
        "CALL_REFUSED": Words(
            "Bước của quy trình bị từ chối nhiều lần liên tiếp",
            "A step of the workflow is refused again and again",
        ),
        "ACT_IN_QUESTION": Words(
            "Việc đã làm cần được xem lại vì giấy tờ đến sau",
            "What came late puts an act into question, and nobody has decided about it",
        ),
        "WEBHOOK_OFF": Words(
            "Một webhook đã tự tắt vì chương trình nhận không trả lời",
            "A webhook has turned itself off, for its receiver does not answer",
        ),
    },
    DoubtCause: {
        "HOLDING_ENDED": Words("vị trí đã thôi giữ trước đó", "the post had been left before"),
        "HOLDING_BEGUN": Words("vị trí đã có người giữ trước đó", "the post had been taken before"),
        "LEAVE_ADDED": Words("người làm đang nghỉ trong những ngày ấy", "whoever acted was on leave"),
        "WORK_DELEGATED": Words("việc đã được ủy quyền cho người khác", "the work had been delegated"),
        "DELEGATION_ENDED": Words("ủy quyền đã hết trước đó", "the delegation had ended before"),
        "CALENDAR_CHANGED": Words("lịch của những ngày ấy đã đổi", "the calendar of those days has changed"),
        "UNIT_ENDED": Words("đơn vị đã kết thúc hoạt động trước đó", "the unit had ended before"),
    },
    QuestionState: {
        "OPEN": Words("chờ quyết định", "waits for a decision"),
        "STANDS": Words("giữ nguyên", "stands"),
        "DO_AGAIN": Words("phải làm lại", "to be done again"),
    },
    QuestionOutcome: {
        "STANDS": Words("giữ nguyên", "stands"),
        "DO_AGAIN": Words("phải làm lại", "to be done again"),
    },
    JoinedAs: {
        "AUTHOR": Words("tác giả", "author"),
        "FILER": Words("người phụ trách hồ sơ", "who files"),
        "MEMBER": Words("thành viên Hội đồng", "member of the council"),
        "DECIDER": Words("người quyết định", "who decides"),
        "PAYEE": Words("người nhận tiền", "who is paid"),
        "SIGNER": Words("người ký khoản thưởng", "who signed the award"),
        "LIST_MAKER": Words("người lập danh sách chi trả", "who made the payment list"),
        "ASSIGNEE": Words("người được giao việc", "who has the work"),
        "DRAFTER": Words("người soạn quy định", "who drafted rules"),
        "READER": Words("người nhận thông báo", "who is told"),
        "SETTINGS": Words("cách nhận thông báo", "settings of notices"),
        "HOLDER": Words("người giữ vị trí", "who holds a post"),
        "ABSENT": Words("người nghỉ", "who is away"),
        "GRANTOR": Words("người ủy quyền", "who delegates"),
        "DELEGATE": Words("người được ủy quyền", "who is delegated to"),
    },
    SignInAfter: {
        "KEPT": Words("bằng tài khoản của bản ghi giữ lại", "with the kept record's account"),
        "MOVED": Words("bằng tài khoản của bản ghi được gộp", "with the joined record's account"),
        "NONE": Words("chưa có tài khoản", "without an account"),
    },
    RejectionGround: {
        "FILED_LATE": Words("nộp quá hạn một năm", "filed more than a year late"),
        "NOT_SUPPLEMENTED": Words("không bổ sung đúng hạn", "not supplemented in time"),
        "INCOMPLETE": Words("hồ sơ thiếu", "incomplete"),
    },
    RefusalGround: {
        "NOT_NOVEL": Words("không có tính mới", "not novel"),
        "NOT_APPLIED": Words("chưa áp dụng", "not applied"),
        "NO_PRACTICAL_BENEFIT": Words("không có lợi ích thiết thực", "no practical benefit"),
        "AGAINST_PUBLIC_ORDER": Words("trái trật tự công cộng, đạo đức", "against public order"),
        "IP_PROTECTED": Words("đang được bảo hộ sở hữu trí tuệ", "protected intellectual property"),
        "BELOW_THRESHOLD": Words("chưa đạt điểm", "below the threshold"),
        "VOTE_NOT_REACHED": Words("chưa đủ phiếu", "too few approvals"),
        "NOT_EXAMINED": Words("không có phiếu chấm nào", "not examined"),
    },
    Vote: {
        "APPROVE": Words("đồng ý", "approve"),
        "REJECT": Words("không đồng ý", "reject"),
        "OTHER": Words("ý kiến khác", "other opinion"),
    },
    PostTask: {
        "FORMAL_CHECK": Words("xem xét đơn", "check the request"),
        "MARK": Words("chấm điểm", "mark"),
        "DECIDE": Words("ra quyết định", "decide"),
        "VERIFY_AWARD": Words("kiểm tra khoản thưởng", "verify the award"),
        "APPROVE_AWARD": Words("duyệt khoản thưởng", "approve the award"),
        "SEND_LIST": Words("gửi danh sách chi trả cho Kho bạc", "send the payment list to the treasury"),
        "CONFIRM_LIST": Words("xác nhận danh sách đã chi trả", "confirm that the payment list was paid"),
        "MAKE_LIST": Words("lập danh sách chi trả", "make the payment list"),
        "SETTLE_COMPLAINT": Words("giải quyết khiếu nại", "settle the complaint"),
    },
    OwnTask: {"SUPPLEMENT": Words("bổ sung hồ sơ", "supplement the dossier")},
    ActsAs: {
        "HOLDER": Words("người giữ vị trí", "holder"),
        "ACTING_HOLDER": Words("quyền giữ vị trí", "acting holder"),
        "DELEGATE": Words("người được ủy quyền", "delegate"),
        "DEPUTY": Words("cấp phó", "deputy"),
        "COLLEAGUE": Words("đồng nghiệp", "colleague"),
    },
    SuspensionKind: {
        "SUPPLEMENT": Words("chờ bổ sung", "supplement"),
        "COMPLAINT": Words("khiếu nại", "complaint"),
        "FORCE_MAJEURE": Words("bất khả kháng", "force majeure"),
    },
    RungFinding: {
        "FIRED": Words("đã làm", "done"),
        "ALREADY_FIRED": Words("đã làm trước đó", "done before"),
        "TOO_LATE": Words("việc đã xong", "the case was over"),
        "NOTHING_TO_DO": Words("không có gì phải làm", "nothing to do"),
        "NOT_YET": Words("chưa đến lúc", "not yet"),
    },
    JourneyOutcome: {
        "REQUEST_REJECTED": Words("từ chối đơn", "request rejected"),
        "RECOGNISED": Words("công nhận", "recognised"),
        "REFUSED": Words("không công nhận", "refused"),
        "WITHDRAWN": Words("rút", "withdrawn"),
    },
    StageOutcome: {
        "RECOGNISED": Words("công nhận", "recognised"),
        "REFUSED": Words("không công nhận", "refused"),
        "WITHDRAWN": Words("rút", "withdrawn"),
    },
    CheckState: {
        "OPEN": Words("đang xem xét", "open"),
        "SUPPLEMENT_REQUESTED": Words("chờ bổ sung", "supplement requested"),
        "ACCEPTED": Words("chấp nhận đơn", "accepted"),
        "REJECTED": Words("từ chối đơn", "rejected"),
        "WITHDRAWN": Words("rút", "withdrawn"),
    },
    AwardState: {
        "ASSESSED": Words("đã lập", "assessed"),
        "VERIFIED": Words("đã kiểm tra", "verified"),
        "APPROVED": Words("đã duyệt", "approved"),
        "LISTED": Words("đã vào danh sách", "listed"),
        "SENT": Words("đã gửi Kho bạc", "sent to the treasury"),
        "PAID": Words("đã chi trả", "paid"),
        "REJECTED": Words("bị từ chối", "rejected"),
        "REVERSED": Words("đã hủy bằng bút toán ngược", "reversed"),
    },
    DossierStep: {
        "FORMAL_CHECK": Words("xem xét đơn", "formal check"),
        "EXAMINATION": Words("xét công nhận", "examination"),
        "BETWEEN_LEVELS": Words("giữa hai cấp", "between levels"),
        "ENDING": Words("sắp kết thúc", "ending"),
    },
    Marks: {
        "NONE": Words("chưa có phiếu", "no sheets"),
        "SOME": Words("có một số phiếu", "some sheets"),
        "ALL": Words("đủ phiếu", "all sheets"),
    },
    StageFate: {
        "NONE": Words("không có", "none"),
        "KEPT": Words("giữ nguyên", "kept"),
        "MOVED": Words("chuyển", "moved"),
    },
    TransitionClass: {
        "UNCHANGED": Words("không đổi", "unchanged"),
        "MOVED": Words("chuyển", "moved"),
        "NEEDS_CHOICE": Words("cần chọn hướng xử lý", "needs a choice"),
        "BLOCKED": Words("chưa chuyển được", "blocked"),
    },
    TransitionChoice: {
        "KEEP_STAGE": Words("giữ giai đoạn đang xét", "keep the stage"),
        "OPEN_ANEW": Words("mở xét lại", "open anew"),
        "GO_ON_ABOVE": Words("tiếp tục ở cấp trên", "go on above"),
        "END_HERE": Words("kết thúc tại đây", "end here"),
    },
    Entered: {
        "LEAVE_ADDED": Words("nghỉ phép", "leave"),
        "LEAVE_CANCELLED": Words("hủy nghỉ phép", "leave taken back"),
        "POST_TAKEN": Words("giao vị trí", "a post given"),
        "POST_LEFT": Words("thôi giữ vị trí", "the end of a post"),
        "POST_PROPOSED": Words("đề xuất giao vị trí", "a post proposed"),
        "DISMISSAL_PROPOSED": Words("đề xuất cho thôi giữ vị trí", "the end of a post proposed"),
        "PROPOSAL_DROPPED": Words("bỏ đề xuất về vị trí", "a proposal about a post dropped"),
        "NAME_CHANGED": Words("sửa họ tên", "another name"),
        "BIRTH_CHANGED": Words("sửa ngày sinh", "another birth date"),
        "MAIL_CHANGED": Words("đổi địa chỉ thư điện tử", "another mail address"),
        "NOTICES_CHANGED": Words("đổi cách nhận thông báo", "how you are told of things changed"),
        "ACCOUNT_MADE": Words("lập tài khoản", "an account made"),
        "PASSWORD_SET": Words("đặt mật khẩu mới", "a new password set"),
    },
    AccountAct: {
        "SET_PASSWORD": Words("đặt mật khẩu", "set the password"),
        "LINK_IDENTITY": Words("gắn tài khoản của nhà cung cấp khác", "link an account of another provider"),
        "UNLINK_IDENTITY": Words(
            "bỏ gắn tài khoản của nhà cung cấp khác", "unlink an account of another provider"
        ),
        "REMOVE_CODES": Words("bỏ mã dùng một lần", "remove the one-time codes"),
        "CLOSE_ACCOUNT": Words("đóng tài khoản", "close the account"),
        "REOPEN_ACCOUNT": Words("mở lại tài khoản", "open the account again"),
    },
    WindowAct: {
        "EXTENDED": Words("gia hạn", "extended"),
        "CLOSED": Words("đóng", "closed"),
        "REOPENED": Words("mở lại", "opened again"),
    },
    NoticeKind: {
        "TASK_OPENED": Words("được giao việc", "a task was opened"),
        "TASK_TAKEN": Words("đồng nghiệp đã nhận việc", "a colleague took the task"),
        "REMINDED": Words("nhắc việc", "reminder"),
        "SUPERIOR_TOLD": Words("báo cấp trên", "word to the superior"),
        "SECRETARY_TOLD": Words("báo thư ký", "word to the secretary"),
        "MEMBER_REPLACED": Words("được thay ở Hội đồng", "replaced in the council"),
        "DECISION_HANDED_UP": Words("việc đã chuyển lên cấp trên", "handed up"),
        "SUPPLEMENT_REQUESTED": Words("yêu cầu bổ sung", "supplement requested"),
        "REQUEST_ACCEPTED": Words("đơn được chấp nhận", "request accepted"),
        "REQUEST_REJECTED": Words("đơn bị từ chối", "request rejected"),
        "STAGE_DECIDED": Words("có quyết định", "decision made"),
        "AWARD_APPROVED": Words("khoản thưởng được duyệt", "award approved"),
        "AWARD_PAID": Words("khoản thưởng đã chi trả", "award paid"),
        "UNITS_CHANGED": Words("sắp xếp lại đơn vị", "units are rearranged"),
        "RECORDS_JOINED": Words("gộp hai bản ghi của một người", "two records of one person"),
        "AWARD_REJECTED": Words("khoản thưởng không được duyệt", "award rejected"),
        "AWARD_REVERSED": Words("khoản thưởng bị hủy", "award reversed"),
        "AWARD_TAKEN_UP": Words("khoản thưởng được xem lại", "award taken up again"),
        "AWARD_UNPAID": Words("khoản thưởng chưa chi được", "award not paid"),
        "PAYEE_TIED": Words("được xác định là người nhận tiền", "named as who is paid"),
        "ACCOUNT_CHANGED": Words("tài khoản được thay đổi", "an account was changed"),
        "ENTERED_ABOUT_YOU": Words("người khác nhập thông tin về bạn", "something was entered about you"),
        "FILING_WINDOW_CHANGED": Words("đổi thời gian nhận hồ sơ", "time for filing changed"),
        "DRAFT_PREPARED": Words("đơn vị đã lập hồ sơ cho bạn", "a dossier was prepared for you"),
        "SHEET_TAKEN_BACK": Words("phiếu chấm được rút lại", "sheet taken back"),
        "MEMBER_RECUSED": Words("thành viên xin không tham gia xét", "member recused"),
        "COUNCIL_RELIEVED": Words("Hội đồng thôi xét hồ sơ", "council relieved"),
        "DECISION_ACTED_ON": Words("quyết định có thay đổi", "decision acted on"),
        "SHARE_TO_CONFIRM": Words("cần xác nhận tỷ lệ đóng góp", "a share to confirm"),
        "SHARE_ANSWERED": Words("đồng tác giả trả lời về tỷ lệ đóng góp", "a co-author answered"),
        "AUTHOR_DROPPED": Words("không còn là tác giả", "no longer an author"),
        "DOSSIER_TAKEN_OVER": Words("hồ sơ có người phụ trách mới", "a dossier was taken over"),
        "AUTHOR_HOLDS_POST": Words(
            "tác giả giữ vị trí tham gia xét", "an author holds a post that would act"
        ),
        "PACK_PUBLISHED": Words("bộ quy định được công bố", "rules published"),
        "QUORUM_LOWERED": Words("túc số được hạ", "quorum lowered"),
        "WORK_DELEGATED": Words("ủy quyền công việc", "work was delegated"),
        "DELEGATION_TAKEN_BACK": Words("rút ủy quyền", "a delegation was taken back"),
        "DRAFT_BEGUN": Words("văn thư đã lập hồ sơ cho bạn", "a clerk began a dossier for you"),
        "FILING_AGREED": Words("tác giả đồng ý nộp", "the author agreed to the filing"),
        "COMPLAINT_FILED": Words("có khiếu nại", "a complaint was filed"),
        "COMPLAINT_ENDED": Words("kết quả khiếu nại", "a complaint ended"),
        "ALARM_RAISED": Words("cảnh báo hệ thống", "alarm of the system"),
        "WEBHOOK_OFF": Words("webhook đã tự tắt", "a webhook turned itself off"),
        "ACT_QUESTIONED": Words("việc đã làm cần được xem lại", "an act was put into question"),
        "QUESTION_DECIDED": Words("đã quyết định về việc cần xem lại", "decided about an act in question"),
        "DOSSIER_FILED": Words("hồ sơ đã nộp", "dossier filed"),
        "EXAMINATION_OPENED": Words("Hội đồng bắt đầu xét", "examination opened"),
        "PROPOSED_UPWARD": Words("được đề nghị lên cấp trên", "proposed upward"),
        "DEADLINE_EXTENDED": Words("thời hạn được gia hạn", "deadline extended"),
        "CLOCK_SUSPENDED": Words("thời hạn tạm dừng", "clock suspended"),
        "CLOCK_RESUMED": Words("thời hạn tính trở lại", "clock goes on"),
        "RULES_CHANGED": Words("chuyển sang quy định mới", "moved to other rules"),
        "DOSSIER_WITHDRAWN": Words("hồ sơ đã rút", "dossier withdrawn"),
        "WITHDRAWAL_TOO_LATE": Words("xin rút sau khi có quyết định", "withdrawal came too late"),
    },
    Mode: {
        "NOW": Words("gửi thư ngay", "mailed as it comes"),
        "DIGEST": Words("gộp vào thư mỗi ngày", "gathered in a daily mail"),
        "OFF": Words("chỉ giữ trong hộp thông báo", "only kept in the inbox"),
    },
    Language: {"vi": Words("tiếng Việt", "Vietnamese"), "en": Words("tiếng Anh", "English")},
    MailState: {
        "WAITING": Words("chờ gửi", "waiting"),
        "SENDING": Words("đang gửi", "being sent"),
        "SENT": Words("đã gửi", "sent"),
        "UNSURE": Words("không rõ đã gửi hay chưa", "nobody knows whether it went out"),
        "FAILED": Words("không gửi được", "given up"),
        "NEEDLESS": Words("không cần gửi vì việc đã xong", "not sent: nothing was open any more"),
    },
}
