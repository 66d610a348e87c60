"""What each kind of notice is told with, in both languages: its headline, and what there is to do."""

from typing import Final

from language.messages.notices import NoticeKind
from language.telling import Language
from language.words.base import Words

_K = NoticeKind
HEADLINES: Final = {
    _K.TASK_OPENED: Words("Việc mới: $detail, $code", "New task: $detail, $code"),
    _K.TASK_TAKEN: Words("Đồng nghiệp đã nhận việc: $detail, $code", "A colleague took over: $detail, $code"),
    _K.REMINDED: Words("Nhắc việc: hồ sơ $code đang chờ bạn", "Reminder: dossier $code waits for you"),
    _K.SUPERIOR_TOLD: Words(
        "Hồ sơ $code đang chậm ở đơn vị bạn phụ trách", "Dossier $code is held up in a unit you head"
    ),
    _K.ALARM_RAISED: Words("Cảnh báo: $code không tự chạy tiếp", "Alarm: $code does not go on by itself"),
    _K.SECRETARY_TOLD: Words(
        "Hội đồng xét hồ sơ $code còn người chưa làm", "Somebody in the council on dossier $code is silent"
    ),
    _K.MEMBER_REPLACED: Words(
        "Bạn đã được thay trong Hội đồng xét hồ sơ $code", "You were replaced in the council on dossier $code"
    ),
    _K.DECISION_HANDED_UP: Words(
        "Hồ sơ $code đã chuyển lên cấp trên của bạn", "Dossier $code was handed up to your superior"
    ),
    _K.QUORUM_LOWERED: Words(
        "Hội đồng xét hồ sơ $code: túc số hạ còn $detail", "Council on dossier $code: $detail is now quorum"
    ),
    _K.DOSSIER_FILED: Words("Đã tiếp nhận hồ sơ $code", "Dossier $code was filed"),
    _K.SUPPLEMENT_REQUESTED: Words("Hồ sơ $code cần sửa chữa, bổ sung", "Dossier $code needs a supplement"),
    _K.REQUEST_ACCEPTED: Words(
        "Đơn của hồ sơ $code đã được chấp nhận", "The request of dossier $code was accepted"
    ),
    _K.REQUEST_REJECTED: Words(
        "Đơn của hồ sơ $code không được chấp nhận: $detail",
        "The request of dossier $code was rejected: $detail",
    ),
    _K.DOSSIER_WITHDRAWN: Words("Hồ sơ $code đã được rút", "Dossier $code was withdrawn"),
    _K.WITHDRAWAL_TOO_LATE: Words(
        "Hồ sơ $code không rút được vì đã có quyết định", "Dossier $code was decided before its withdrawal"
    ),
    _K.EXAMINATION_OPENED: Words(
        "Hội đồng bắt đầu xét hồ sơ $code", "The council has begun to examine dossier $code"
    ),
    _K.STAGE_DECIDED: Words("Hồ sơ $code: $detail", "Dossier $code: $detail"),
    _K.PROPOSED_UPWARD: Words(
        "Hồ sơ $code được đề nghị xét ở cấp trên", "Dossier $code was proposed to the level above"
    ),
    _K.DEADLINE_EXTENDED: Words("Hồ sơ $code được gia hạn", "The deadline of dossier $code was extended"),
    _K.CLOCK_SUSPENDED: Words(
        "Hồ sơ $code tạm dừng tính hạn: $detail", "The clock of dossier $code stands still: $detail"
    ),
    _K.CLOCK_RESUMED: Words("Hồ sơ $code được tính hạn trở lại", "The clock of dossier $code goes on"),
    _K.RULES_CHANGED: Words(
        "Hồ sơ $code chuyển sang quy định mới", "Other rules hold for dossier $code from now on"
    ),
    _K.AWARD_APPROVED: Words(
        "Tiền thưởng của hồ sơ $code đã được duyệt", "The award of dossier $code was approved"
    ),
    _K.AWARD_REJECTED: Words(
        "Tiền thưởng của hồ sơ $code không được duyệt", "The award of dossier $code was rejected"
    ),
    _K.AWARD_PAID: Words("Tiền thưởng của hồ sơ $code đã được chi", "The award of dossier $code was paid"),
    _K.AWARD_REVERSED: Words(
        "Tiền thưởng của hồ sơ $code đã bị hủy", "The award of dossier $code was reversed"
    ),
    _K.AWARD_TAKEN_UP: Words(
        "Tiền thưởng của hồ sơ $code được xem lại", "The award of dossier $code was taken up again"
    ),
    _K.AWARD_UNPAID: Words(
        "Tiền thưởng của hồ sơ $code chưa chi được", "The award of dossier $code was not paid"
    ),
    _K.PAYEE_TIED: Words(
        "Bạn được xác định là người nhận tiền thưởng của hồ sơ $code",
        "You were named as who is paid the award of dossier $code",
    ),
    _K.UNITS_CHANGED: Words("Sắp xếp đơn vị theo $code: $detail", "Units by $code: $detail"),
    _K.RECORDS_JOINED: Words(
        "Gộp hai bản ghi của một người ($code): $detail", "Two records of one person ($code): $detail"
    ),
    _K.FILING_WINDOW_CHANGED: Words("Đợt nhận hồ sơ $code: $detail", "Filing in $code: $detail"),
    _K.DRAFT_PREPARED: Words(
        "Đơn vị đã lập hồ sơ cho bạn, dòng $code của danh sách sáng kiến",
        "Your unit prepared a dossier for you, row $code of its list",
    ),
    _K.SHEET_TAKEN_BACK: Words(
        "Hồ sơ $code: một phiếu chấm đã được rút lại để sửa",
        "Dossier $code: a submitted sheet was taken back",
    ),
    _K.MEMBER_RECUSED: Words(
        "Hồ sơ $code: một người xin không tham gia xét",
        "Dossier $code: somebody stays out of its examination",
    ),
    _K.COUNCIL_RELIEVED: Words(
        "Hồ sơ $code: đơn vị kết thúc, đơn vị kế thừa mở xét lại",
        "Dossier $code: the unit has ended, and the one that took over examines it anew",
    ),
    _K.DECISION_ACTED_ON: Words("Hồ sơ $code: $detail", "Dossier $code: $detail"),
    _K.SHARE_TO_CONFIRM: Words(
        "Bạn được ghi tên là tác giả của hồ sơ $code", "You were named as an author of dossier $code"
    ),
    _K.SHARE_ANSWERED: Words(
        "Một đồng tác giả $detail tỷ lệ đóng góp trong hồ sơ $code",
        "A co-author $detail the own share in dossier $code",
    ),
    _K.AUTHOR_DROPPED: Words(
        "Bạn không còn là tác giả của hồ sơ $code", "You are no longer an author of dossier $code"
    ),
    _K.DOSSIER_TAKEN_OVER: Words(
        "Hồ sơ $code có người phụ trách mới thay người nộp", "Somebody else files for dossier $code now"
    ),
    _K.AUTHOR_HOLDS_POST: Words(
        "Hồ sơ $code: tác giả đang giữ vị trí tham gia xét ($detail)",
        "Dossier $code: an author holds a post that would act in it ($detail)",
    ),
    _K.ACT_QUESTIONED: Words(
        "$code: việc đã làm cần được xem lại ($detail)", "$code: an act was put into question ($detail)"
    ),
    _K.QUESTION_DECIDED: Words("$code: việc bạn đã làm $detail", "$code: what you did $detail"),
    _K.WORK_DELEGATED: Words(
        "Ủy quyền công việc của người có mã $code: $detail", "Work of person $code was delegated: $detail"
    ),
    _K.DELEGATION_TAKEN_BACK: Words(
        "Đã rút ủy quyền công việc của người có mã $code", "The delegation of person $code was taken back"
    ),
    _K.DRAFT_BEGUN: Words(
        "Văn thư đơn vị đã lập cho bạn hồ sơ $code", "A clerk of your unit has begun for you dossier $code"
    ),
    _K.FILING_AGREED: Words(
        "Tác giả đồng ý để bạn nộp hồ sơ $code", "The author agrees that you file dossier $code"
    ),
    _K.COMPLAINT_FILED: Words("Có khiếu nại về kết quả hồ sơ $code", "A complaint about dossier $code"),
    _K.COMPLAINT_ENDED: Words("Khiếu nại về hồ sơ $code: $detail", "Complaint about dossier $code: $detail"),
    _K.ACCOUNT_CHANGED: Words("Tài khoản của bạn ($code): $detail", "Your account ($code): $detail"),
    _K.ENTERED_ABOUT_YOU: Words(
        "Người khác đã nhập về bạn ($code): $detail", "Entered about you ($code): $detail"
    ),
    _K.WEBHOOK_OFF: Words(
        "Webhook tới $code đã tự tắt vì không nhận được thông báo trong hơn một ngày",
        "The webhook to $code has turned itself off: it took nothing for more than a day",
    ),
    _K.PACK_PUBLISHED: Words(
        "Bộ quy định $code đã được công bố, áp dụng từ $detail",
        "Rules $code were published, in force from $detail",
    ),
}
ADVICE: Final = {
    _K.TASK_OPENED: Words("Mở hộp việc, làm trước hạn.", "Open your tasks and act before it is due."),
    _K.TASK_TAKEN: Words("Việc không còn ở hộp việc của bạn.", "It is no longer among your tasks."),
    _K.REMINDED: Words("Mở hộp việc và hoàn tất trước hạn.", "Open your tasks and finish before it is due."),
    _K.SUPERIOR_TOLD: Words(
        "Hãy đôn đốc người được giao; nếu vẫn chậm, việc có thể chuyển lên bạn.",
        "Urge those who have it; the work may come to you if nothing happens.",
    ),
    _K.ALARM_RAISED: Words(
        "Xem danh sách cảnh báo: vì sao, từ bao giờ, và cần làm gì.",
        "See the list of alarms: why, since when, and what can be done.",
    ),
    _K.SECRETARY_TOLD: Words(
        "Xem ai chưa làm, đã bao lâu trong lịch sử hồ sơ, và đôn đốc.",
        "See in its history who, and how long, and urge them.",
    ),
    _K.MEMBER_REPLACED: Words(
        "Bạn không cần chấm hồ sơ này nữa.", "You need not mark this dossier any more."
    ),
    _K.DECISION_HANDED_UP: Words("Việc không còn ở hộp việc của bạn.", "It is no longer among your tasks."),
    _K.QUORUM_LOWERED: Words(
        "Đủ số phiếu này thì được quyết định; xem còn thiếu ai trong lịch sử hồ sơ.",
        "With so many sheets it may be decided; see in its history who is missing.",
    ),
    _K.DOSSIER_FILED: Words(
        "Cán bộ tiếp nhận đang xem xét đơn; bạn sẽ được báo kết quả.",
        "The officer checks the request; you will be told what comes of it.",
    ),
    _K.SUPPLEMENT_REQUESTED: Words(
        "Hãy sửa theo từng nội dung trên và gửi lại trước hạn; quá hạn mà chưa bổ sung, đơn không được chấp "
        "nhận.",
        "Correct each of these and send it again before it is due; otherwise the request is rejected.",
    ),
    _K.REQUEST_ACCEPTED: Words(
        "Hội đồng sẽ xét; bạn không phải làm gì thêm.",
        "The council examines it; there is nothing you need to do.",
    ),
    _K.REQUEST_REJECTED: Words(
        "Nếu không đồng ý, tác giả có thể khiếu nại trong thời hạn quy định.",
        "An author who disagrees may complain within the time that the rules give.",
    ),
    _K.DOSSIER_WITHDRAWN: Words(
        "Hồ sơ không được xét nữa. Nếu việc rút không đúng ý bạn, hãy liên hệ người nộp hồ sơ.",
        "It is not examined any more. If you do not agree, speak to whoever filed it.",
    ),
    _K.WITHDRAWAL_TOO_LATE: Words("Quyết định đã có vẫn giữ nguyên.", "The decision stands."),
    _K.EXAMINATION_OPENED: Words(
        "Bạn không phải làm gì thêm; có quyết định sẽ báo.",
        "There is nothing you need to do; you are told the decision.",
    ),
    _K.STAGE_DECIDED: Words("Toàn văn quyết định có trong hồ sơ.", "The whole decision is in the dossier."),
    _K.PROPOSED_UPWARD: Words(
        "Khi Hội đồng cấp trên bắt đầu xét sẽ có thông báo kèm thời hạn.",
        "You are told when the council above begins, and until when.",
    ),
    _K.DEADLINE_EXTENDED: Words("Thời hạn mới ghi ở trên.", "The new deadline stands above."),
    _K.CLOCK_SUSPENDED: Words(
        "Khi tính hạn trở lại sẽ báo thời hạn mới.", "You are told the new deadline when it goes on."
    ),
    _K.CLOCK_RESUMED: Words("Thời hạn mới ghi ở trên.", "The new deadline stands above."),
    _K.RULES_CHANGED: Words(
        "Các bước tiếp theo thực hiện theo quy định ghi ở trên.",
        "What follows goes by the rules named above.",
    ),
    _K.AWARD_APPROVED: Words(
        "Bạn không phải làm gì thêm; sẽ có báo khi đã chi.",
        "There is nothing you need to do; you are told when it is paid.",
    ),
    _K.AWARD_REJECTED: Words(
        "Nếu có ý kiến, hãy liên hệ kế toán đơn vị; có nhầm lẫn thì kế toán trưởng hoặc thủ trưởng mở lại "
        "được.",
        "If you disagree, speak to your unit's accountant; if it is a mistake, a chief accountant or head "
        "can take it up again.",
    ),
    _K.AWARD_PAID: Words(
        "Kiểm tra tài khoản nhận tiền; nếu chưa thấy, hỏi kế toán đơn vị.",
        "Look at your account; ask your unit's accountant if it is not there.",
    ),
    _K.AWARD_REVERSED: Words(
        "Nếu đã nhận tiền, kế toán đơn vị sẽ hướng dẫn việc hoàn trả; có nhầm lẫn thì kế toán trưởng hoặc "
        "thủ trưởng mở lại được.",
        "If you have had the money, your unit's accountant tells you how it is given back; if it is a "
        "mistake, a chief accountant or head can take it up again.",
    ),
    _K.AWARD_TAKEN_UP: Words(
        "Bạn không phải làm gì thêm; sẽ có báo khi được duyệt.",
        "There is nothing you need to do; you are told when it is approved.",
    ),
    _K.AWARD_UNPAID: Words(
        "Khoản này sẽ vào danh sách sau. Hãy kiểm tra thông tin nhận tiền của bạn.",
        "It goes on a later list. Check how you are to be paid.",
    ),
    _K.PAYEE_TIED: Words(
        "Nếu không đúng, hãy báo ngay kế toán đơn vị.",
        "If this is wrong, tell the unit's accountant at once.",
    ),
    _K.UNITS_CHANGED: Words(
        "Xem đơn vị, vị trí và việc của bạn ở đâu từ ngày đó tại địa chỉ trên.",
        "Read at the address above where your unit, post and work are from that day on.",
    ),
    _K.FILING_WINDOW_CHANGED: Words(
        "Hạn nhận hồ sơ mới ghi ở trên; văn bản và lý do xem trong lịch sử của đợt.",
        "The new end stands above; document and reason are in its history.",
    ),
    _K.RECORDS_JOINED: Words(
        "Nếu đây không phải là cùng một người, hãy báo ngay quản trị viên để rút lại trước ngày gộp; sau "
        "ngày đó không tách ra được nữa.",
        "If they are not one person, tell an administrator at once, who takes it back before its day; "
        "afterwards it cannot be undone.",
    ),
    _K.DRAFT_PREPARED: Words(
        "Đọc lại, bổ sung chỗ còn thiếu rồi tự nộp hoặc đồng ý để đơn vị nộp; chưa có bạn thì chưa xét.",
        "Read it, complete it, and file it or agree to its filing; it is not examined without you.",
    ),
    _K.SHEET_TAKEN_BACK: Words(
        "Quyết định chờ phiếu này nộp lại; lý do ở lịch sử hồ sơ.",
        "The decision waits for it to come in again; the reason is in the history.",
    ),
    _K.MEMBER_RECUSED: Words(
        "Xem ai thay và túc số mới ở hội đồng của hồ sơ.",
        "See in its council who takes over, and the quorum as it is now.",
    ),
    _K.COUNCIL_RELIEVED: Words(
        "Phiếu đã chấm không còn hiệu lực, vẫn xem được trong lịch sử hồ sơ; Hội đồng mới sẽ chấm.",
        "Sheets so far no longer count, and can be read in the history; a new council will mark.",
    ),
    _K.DECISION_ACTED_ON: Words(
        "Xem văn bản, lý do và hệ quả trong lịch sử hồ sơ.",
        "Read the act, its reason and what follows in the history.",
    ),
    _K.SHARE_TO_CONFIRM: Words(
        "Đọc hồ sơ rồi xác nhận hoặc từ chối tỷ lệ đóng góp của mình; chưa có trả lời thì chưa nộp được.",
        "Read it, then confirm or decline your share; it cannot be filed before.",
    ),
    _K.SHARE_ANSWERED: Words(
        "Xem trả lời của các tác giả trong hồ sơ.", "See in the dossier what its authors say."
    ),
    _K.AUTHOR_DROPPED: Words(
        "Bản đã nộp có tên bạn vẫn đọc được; nếu không đồng ý, hãy báo cho nơi tiếp nhận hồ sơ.",
        "Versions filed with your name stay readable; if you object, tell the office that received it.",
    ),
    _K.DOSSIER_TAKEN_OVER: Words(
        "Người này bổ sung hoặc rút hồ sơ thay các tác giả.",
        "This person supplements or withdraws for all authors.",
    ),
    _K.AUTHOR_HOLDS_POST: Words(
        "Người này bị loại khỏi việc xét; hãy bảo đảm còn đủ người làm việc.",
        "The author is left out; see to it that enough others are there.",
    ),
    _K.ACT_QUESTIONED: Words(
        "Xem việc nào, ai đã làm, khi nào, rồi quyết định giữ nguyên hay làm lại, kèm lý do.",
        "See which acts, by whom and when, and say of each, with a reason, whether it stands.",
    ),
    _K.QUESTION_DECIDED: Words(
        "Không có gì tự bị hủy; xem lý do và lịch sử hồ sơ.",
        "Nothing is undone by itself; see the reason, and the history.",
    ),
    _K.WORK_DELEGATED: Words(
        "Nếu việc này không đúng, người ủy quyền hoặc quản trị viên rút lại được ngay.",
        "If this is wrong, the grantor or an administrator takes it back at once.",
    ),
    _K.DELEGATION_TAKEN_BACK: Words(
        "Việc đang mở trở về người ủy quyền.", "Open work goes back to who had passed it on."
    ),
    _K.DRAFT_BEGUN: Words(
        "Đọc lại, sửa nếu cần, rồi đồng ý để văn thư nộp hoặc tự nộp; chưa có bạn thì chưa nộp được.",
        "Read and correct it, then agree to its filing or file it yourself; it is not filed without you.",
    ),
    _K.FILING_AGREED: Words(
        "Nộp hồ sơ; nếu nội dung còn sửa, tác giả phải đồng ý lại.",
        "File it; if it is changed before, the author has to agree again.",
    ),
    _K.COMPLAINT_FILED: Words(
        "Người giải quyết phải trả lời trước hạn; xem nội dung trong lịch sử hồ sơ.",
        "It is settled before it is due; what it says is in the dossier's history.",
    ),
    _K.COMPLAINT_ENDED: Words(
        "Kết quả và lý do ở trên. Nếu khiếu nại đúng, hồ sơ được xét lại; nếu lần đầu bị bác, tác giả có thể "
        "khiếu nại lần hai.",
        "Result and reason stand above. What was upheld is examined again; who was dismissed once may "
        "complain once more.",
    ),
    _K.ACCOUNT_CHANGED: Words(
        "Nếu bạn không làm hoặc không yêu cầu việc này, hãy báo ngay quản trị viên cấp trên.",
        "If you have neither done this nor asked for it, tell the administrator above at once.",
    ),
    _K.ENTERED_ABOUT_YOU: Words(
        "Nếu điều này không đúng, hãy báo ngay quản trị viên của đơn vị.",
        "If this is not right, tell the administrator of your unit at once.",
    ),
    _K.WEBHOOK_OFF: Words(
        "Sửa chương trình nhận, bật lại webhook rồi gửi lại những gì đã lỡ; không dùng nữa thì tắt hẳn.",
        "Mend the receiver, turn the webhook on and have sent what it missed; or turn it off for good.",
    ),
    _K.PACK_PUBLISHED: Words(
        "Đọc từng điều bằng lời tại địa chỉ trên; bản này không còn sửa được.",
        "Read them in sentences at the address above; what is published stays.",
    ),
}
LABELS: Final = {
    "account": Words("Tài khoản", "Account"),
    "person": Words("Thông tin của bạn", "What is known of you"),
    "delegations": Words("Ủy quyền", "Delegations"),
    "days": Words("Thời gian", "Days"),
    "alarm": Words("Cảnh báo", "Alarm"),
    "alarms": Words("Danh sách cảnh báo", "Alarms"),
    "questions": Words("Việc cần xem lại", "Acts in question"),
    "amount": Words("Số tiền của bạn", "Your share"),
    "answer": Words("Trả kết quả chậm nhất", "Answer by"),
    "defects": Words("Nội dung cần bổ sung", "What is asked for"),
    "digest": Words("$count thông báo từ Sáng Kiến", "$count notices from Sáng Kiến"),
    "dossier": Words("Hồ sơ", "Dossier"),
    "due": Words("Hạn", "Due"),
    "greeting": Words("Kính gửi Ông/Bà,", "Dear reader,"),
    "inbox": Words("Hộp thông báo", "Inbox of notices"),
    "level": Words("Cấp", "Level"),
    "link": Words(
        "Để chọn mật khẩu, mở đường dẫn sau (dùng một lần, đến $until):\n$page\n"
        "Nếu trang hỏi mã trong thư, chép mã này:\n$code\n"
        "Không đưa thư này cho ai. Không mở đường dẫn thì mật khẩu giữ nguyên.",
        "To choose a password, open this link (good once, until $until):\n$page\n"
        "If the page asks for the code of the mail, copy this:\n$code\n"
        "Show this mail to nobody. Unless the link is used the password stays as it is.",
    ),
    "list": Words("Danh sách chi trả", "Payment list"),
    "joining": Words("Việc gộp", "Joining"),
    "pack": Words("Quy định", "Rules"),
    "reason": Words("Lý do", "Reason"),
    "reference": Words("Quyết định số", "Decision no."),
    "regards": Words(
        "Trân trọng.\nHệ thống Sáng Kiến (thư tự động, xin không trả lời thư này)",
        "With kind regards,\nSáng Kiến (written by itself; please do not answer)",
    ),
    "rules": Words("Quy định áp dụng", "Rules that hold"),
    "season": Words("Mùa xét", "Season"),
    "units": Words("Phương án", "Act"),
    "webhook": Words("Những lần gửi", "Deliveries"),
    "statutory": Words(
        "Thông báo này do quy định nên không tắt được.",
        "You have to be told of this, so it cannot be turned off.",
    ),
    "turn_off": Words("Không muốn nhận thư loại này: sửa tại", "To get no more mails of this kind, change"),
}


def spoken(words: Words, language: Language) -> str:
    """In the reader's language."""
    return words.vi if language is Language.VI else words.en
