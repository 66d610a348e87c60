"""Histories in words: a sentence for every kind of event, and what the fields of events are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
from language.words.base import Words

_SENTENCES: Final[Mapping[type[Fact], Words]] = MappingProxyType(
    {
        casework.RungFired: Words("Bậc nhắc việc", "A rung fired"),
        casework.WorkGivenOut: Words("Giao việc", "The work was given out"),
        casework.ClockSuspended: Words("Tạm dừng tính hạn", "The clock was suspended"),
        casework.ClockResumed: Words("Tính hạn trở lại", "The clock goes on"),
        casework.ClockExtended: Words("Gia hạn", "The deadline was extended"),
        casework.ClockCalendarChanged: Words(
            "Tính lại hạn theo lịch mới", "The deadline is counted by a new calendar"
        ),
        casework.TaskHandedOver: Words(
            "Chuyển việc cho người đang làm thay", "The work went to whoever acts for its holder"
        ),
        casework.TaskReminded: Words("Nhắc người được giao việc", "Whoever has the work was reminded"),
        casework.TaskTaken: Words("Đồng nghiệp nhận việc", "A colleague took the work"),
        casework.TaskUnreachable: Words("Việc chưa có ai làm được", "Nobody is there to do the work"),
        casework.AlarmRaised: Words("Đưa vào danh sách cảnh báo", "An alarm was raised"),
        casework.AlarmCleared: Words("Đã khắc phục, bỏ cảnh báo", "An alarm was mended"),
        casework.RunAlarmRaised: Words("Quy trình không tự chạy tiếp", "The workflow does not go on"),
        casework.RunAlarmCleared: Words("Quy trình đã chạy tiếp", "The workflow goes on"),
        casework.MessagesTriedAgain: Words(
            "Cho gửi lại tới quy trình", "Messages to the workflow are sent again"
        ),
        casework.MessagesDismissed: Words(
            "Bỏ qua thông tin không gửi được", "Messages that do not arrive were dismissed"
        ),
        casework.RunStartedAnew: Words("Cho quy trình chạy lại", "The workflow is started anew"),
        casework.RunStopped: Words("Dừng quy trình", "The workflow is stopped"),
        casework.StrayRunEnded: Words(
            "Kết thúc quy trình không còn việc", "A workflow about nothing is ended"
        ),
        casework.CasePassedOn: Words(
            "Chuyển sang đơn vị tiếp nhận", "The case goes on in the unit that succeeded"
        ),
        late.ActQuestioned: Words(
            "Việc đã làm cần được xem lại vì giấy tờ đến sau",
            "An act was put into question by what came late",
        ),
        late.QuestionedActStands: Words("Việc đã làm được giữ nguyên", "The act in question stands"),
        late.QuestionedActToBeRedone: Words("Việc đã làm phải làm lại", "The act is to be done again"),
        casework.StandsUnderKept: Words(
            "Hai bản ghi của một người được gộp: việc ở đây nay thuộc bản ghi giữ lại",
            "Two records of one person were joined: what is here is the kept one's now",
        ),
        history.PersonalValuesErased: Words(
            "Xóa giá trị cá nhân trong lịch sử", "Personal values in the history were erased"
        ),
        history.PersonalRowsErased: Words(
            "Xóa tên và dữ liệu của một người khi hết thời hạn lưu giữ",
            "A person was made nameless when the term was over",
        ),
        history.PersonalDataRead: Words(
            "Đọc dữ liệu cá nhân của một người theo yêu cầu của người đó",
            "A person's data was read at the person's request",
        ),
        intake.DraftCreated: Words("Lập bản nháp", "A draft was begun"),
        intake.DraftBegun: Words("Văn thư lập hồ sơ cho tác giả", "A clerk began the draft for its author"),
        intake.FilingAgreed: Words("Tác giả đồng ý nộp hồ sơ", "The author agreed to the filing"),
        intake.ContentChanged: Words("Sửa nội dung", "The content was changed"),
        intake.ShareConfirmed: Words("Tác giả xác nhận tỷ lệ đóng góp", "An author confirmed the own share"),
        intake.ShareDeclined: Words(
            "Tác giả không xác nhận tỷ lệ đóng góp", "An author declined the own share"
        ),
        intake.DossierTakenOver: Words(
            "Tiếp nhận hồ sơ thay người nộp", "The dossier was taken over from its filer"
        ),
        intake.AuthorHoldsPost: Words(
            "Tác giả đang giữ vị trí tham gia xét", "An author holds a post that would act in the matter"
        ),
        intake.AttachmentAdded: Words("Thêm tệp đính kèm", "A file was added"),
        intake.DraftPrepared: Words(
            "Đơn vị lập bản nháp cho tác giả từ danh sách", "An office prepared a draft from a list"
        ),
        intake.AttachmentRemoved: Words("Bỏ tệp đính kèm", "A file was taken off"),
        intake.DossierFiled: Words("Nộp hồ sơ", "The dossier was filed"),
        intake.FormalCheckOpened: Words("Bắt đầu xem xét đơn", "The formal check began"),
        intake.SupplementRequested: Words("Yêu cầu bổ sung", "A supplement was requested"),
        intake.DossierSupplemented: Words("Đã bổ sung hồ sơ", "The dossier was supplemented"),
        intake.RequestAccepted: Words("Chấp nhận đơn", "The request was accepted"),
        intake.RequestRejected: Words("Từ chối chấp nhận đơn", "The request was rejected"),
        intake.DossierWithdrawn: Words("Rút hồ sơ", "The dossier was withdrawn"),
        intake.WithdrawalRequested: Words("Xin rút hồ sơ", "Its withdrawal was asked for"),
        intake.WithdrawalCameTooLate: Words(
            "Xin rút sau khi đã có quyết định", "The withdrawal came after the decision"
        ),
        intake.DossierClosed: Words("Kết thúc hồ sơ", "The dossier was closed"),
        intake.DossierReopened: Words("Mở lại hồ sơ để xét lại", "The dossier is examined again"),
        intake.RequestReopened: Words("Xem xét lại đơn theo khiếu nại", "The request is checked again"),
        intake.RecognitionEnded: Words(
            "Không còn được công nhận", "No recognition of the dossier stands any more"
        ),
        intake.RulesChanged: Words("Chuyển sang quy định mới", "Other rules hold from now on"),
        intake.RulesChangeDeclined: Words(
            "Không chuyển sang quy định mới", "Other rules did not fit and were declined"
        ),
        review.StageOpened: Words("Mở xét công nhận", "The examination was opened"),
        review.SeatCounted: Words(
            "Ghế hội đồng khuyết người hoặc có người trở lại", "A seat lost its holder, or has one again"
        ),
        review.ScoreSheetSubmitted: Words("Nộp phiếu chấm", "A score sheet was submitted"),
        review.ScoreSheetTakenBack: Words("Rút lại phiếu chấm đã nộp", "A submitted sheet was taken back"),
        review.MemberRecused: Words("Xin không tham gia xét hồ sơ", "A member stays out of the dossier"),
        review.StageDecided: Words("Quyết định của cấp xét", "The level decided"),
        review.DecisionPaperEntered: Words(
            "Ghi số, ngày và người ký quyết định", "The office's number of the decision was entered"
        ),
        review.DecisionCorrected: Words("Đính chính quyết định", "The decision was corrected by another"),
        review.RecognitionCancelled: Words("Hủy bỏ việc công nhận", "The recognition was cancelled"),
        review.RefusalReopened: Words(
            "Xét lại theo khiếu nại", "What was refused is examined again after a complaint"
        ),
        review.ComplaintFiled: Words("Tác giả khiếu nại", "An author complained"),
        review.ComplaintEnded: Words("Kết thúc khiếu nại", "The complaint ended"),
        review.StageWithdrawn: Words(
            "Dừng xét do tác giả rút hồ sơ", "The examination ended: the author withdrew"
        ),
        review.StageMoved: Words(
            "Dừng xét, chuyển theo quy định mới", "The examination ended: other rules moved the dossier"
        ),
        review.StageOpenedAnew: Words(
            "Dừng xét, mở xét lại ở đơn vị kế thừa",
            "The examination ended: the unit that took over opened the level anew",
        ),
        payout.AwardAssessed: Words("Lập khoản thưởng", "The award was assessed"),
        payout.AwardVerified: Words("Kế toán kiểm tra", "The award was verified"),
        payout.AwardApproved: Words("Duyệt khoản thưởng", "The award was approved"),
        payout.AwardRejected: Words("Từ chối khoản thưởng", "The award was rejected"),
        payout.AwardListed: Words("Đưa vào danh sách chi trả", "The award was put on a payment list"),
        payout.AwardSent: Words("Gửi Kho bạc", "The award was sent to the treasury"),
        payout.AwardPaid: Words("Đã chi trả", "The award was paid"),
        payout.AwardReversed: Words("Hủy khoản thưởng bằng bút toán ngược", "The award was reversed"),
        payout.PaymentListMade: Words("Lập danh sách chi trả", "A payment list was made"),
        payout.PaymentListSent: Words("Gửi danh sách cho Kho bạc", "The list was sent to the treasury"),
        payout.PaymentListConfirmed: Words("Kho bạc đã chi trả danh sách", "The treasury paid the list"),
        payout.PaymentListCancelled: Words(
            "Hủy danh sách: không chi khoản nào", "The list was cancelled: it pays nothing"
        ),
        payout.PaymentListShortened: Words(
            "Một khoản thưởng ra khỏi danh sách", "An award left the payment list"
        ),
        payout.AwardTakenOff: Words(
            "Đưa ra khỏi danh sách chi trả, chờ danh sách khác",
            "The award was taken off its payment list, and waits for another",
        ),
        payout.AwardTakenUp: Words(
            "Xem lại khoản thưởng đã bị từ chối hoặc hủy",
            "An award that was rejected or reversed was taken up again",
        ),
        payout.PayeeTied: Words(
            "Xác định người nhận tiền của tác giả ngoài đơn vị",
            "It was said who is paid for an author outside the organisation",
        ),
        payout.ListAwaited: Words(
            "Khoản thưởng đã duyệt chờ lập danh sách chi trả", "Approved awards wait for a payment list"
        ),
        payout.ListAwaitedNoMore: Words(
            "Không còn khoản nào chờ lập danh sách", "No award waits for this payment list any more"
        ),
        organisation.UnitCreated: Words("Thêm đơn vị", "A unit was added"),
        organisation.UnitChanged: Words("Sửa thông tin đơn vị", "A unit was changed"),
        organisation.UnitMoved: Words("Chuyển đơn vị sang đơn vị cấp trên khác", "A unit was moved"),
        organisation.PersonCreated: Words("Thêm người", "A person was added"),
        organisation.PersonChanged: Words("Sửa thông tin cá nhân", "What is known of a person was corrected"),
        organisation.PostCreated: Words("Thêm vị trí", "A post was added"),
        organisation.PostTaken: Words("Giữ vị trí", "A post was taken"),
        organisation.PostLeft: Words("Đặt ngày thôi giữ vị trí", "The last day in a post was set"),
        organisation.LeaveAdded: Words("Nghỉ phép", "A leave was written down"),
        organisation.LeaveCancelled: Words("Hủy nghỉ phép", "A leave was taken back"),
        organisation.WorkDelegated: Words("Ủy quyền", "Work was delegated"),
        organisation.DelegationTakenBack: Words("Rút ủy quyền", "A delegation was taken back"),
        organisation.DelegationEnded: Words("Rút ngắn ủy quyền", "A delegation was shortened"),
        organisation.ListImported: Words("Nhập danh sách", "A list was imported"),
        organisation.AccountMade: Words("Lập tài khoản", "An account was made"),
        organisation.AccountChanged: Words("Đổi tài khoản", "An account was changed"),
        organisation.AccountClosed: Words("Đóng tài khoản", "An account was closed"),
        organisation.AccountReopened: Words("Mở lại tài khoản", "An account was opened again"),
        organisation.OwnPasswordChanged: Words("Tự đổi mật khẩu", "The own password was changed"),
        organisation.SignedOutEverywhere: Words("Đăng xuất khỏi mọi nơi", "Signed out everywhere"),
        organisation.IdentityLinked: Words(
            "Gắn tài khoản của nhà cung cấp khác", "An account of another provider was linked"
        ),
        organisation.IdentityUnlinked: Words(
            "Bỏ gắn tài khoản của nhà cung cấp khác", "An account of another provider was unlinked"
        ),
        accounts.OneTimeCodesConfirmed: Words("Bật mã dùng một lần", "One-time codes were confirmed"),
        accounts.OneTimeCodesRemoved: Words("Bỏ mã dùng một lần", "One-time codes were removed"),
        accounts.OneTimeCodeFailed: Words(
            "Đúng mật khẩu nhưng sai mã dùng một lần", "The password was right and the one-time code was not"
        ),
        accounts.RecoveryCodeUsed: Words("Dùng một mã khôi phục", "A recovery code was used"),
        accounts.RecoveryCodesRenewed: Words("Lập lại mã khôi phục", "The recovery codes were renewed"),
        accounts.AccountActProposed: Words(
            "Đề xuất thay đổi tài khoản", "An act on the account was proposed"
        ),
        accounts.AccountActApproved: Words(
            "Duyệt đề xuất thay đổi tài khoản", "The act on the account was approved"
        ),
        accounts.AccountActProposalDropped: Words(
            "Bỏ đề xuất thay đổi tài khoản", "The proposed act on the account was dropped"
        ),
        accounts.InvitationSent: Words("Gửi thư mời đặt mật khẩu", "An invitation was mailed"),
        accounts.PasswordLinkSent: Words(
            "Gửi thư có đường dẫn đặt lại mật khẩu", "A link to choose another password was mailed"
        ),
        accounts.PasswordLinkUsed: Words(
            "Đặt mật khẩu bằng đường dẫn trong thư", "A password was chosen by the link of a mail"
        ),
        organisation.AdministratorProposed: Words(
            "Đề xuất quản trị viên cấp tỉnh", "An administrator of the province was proposed"
        ),
        organisation.AdministratorDismissalProposed: Words(
            "Đề xuất cho thôi làm quản trị viên cấp tỉnh",
            "It was proposed that an administrator of the province leaves",
        ),
        organisation.AdministratorProposalDropped: Words(
            "Bỏ đề xuất quản trị viên cấp tỉnh", "The proposal of an administrator was dropped"
        ),
        succession.SuccessionDrafted: Words("Lập phương án sắp xếp đơn vị", "An act about units was drafted"),
        succession.SuccessionApproved: Words(
            "Duyệt phương án sắp xếp đơn vị", "An act about units was approved"
        ),
        succession.SuccessionCancelled: Words(
            "Hủy phương án sắp xếp đơn vị", "An act about units was taken back"
        ),
        succession.SuccessionHeldUp: Words(
            "Chưa sắp xếp được: còn việc chưa có nơi nhận", "The act waits: something has no place to go"
        ),
        succession.SuccessionInForce: Words("Đã sắp xếp đơn vị", "The act about units is in force"),
        succession.UnitEnded: Words("Đơn vị kết thúc hoạt động", "The unit ended"),
        succession.PostPassedOn: Words(
            "Vị trí chuyển sang đơn vị tiếp nhận", "The post passed on to the successor"
        ),
        joining.JoiningProposed: Words(
            "Đề xuất gộp hai bản ghi của một người", "It was proposed to join two records of one person"
        ),
        joining.JoiningApproved: Words(
            "Duyệt việc gộp hai bản ghi của một người", "The joining of two records was approved"
        ),
        joining.JoiningCancelled: Words(
            "Rút lại việc gộp hai bản ghi", "The joining of two records was taken back"
        ),
        joining.RecordsJoined: Words(
            "Đã gộp hai bản ghi của một người", "Two records of one person were joined"
        ),
        organisation.SignedIn: Words("Đăng nhập", "Signed in"),
        organisation.SignInFailed: Words("Đăng nhập không thành công", "A sign-in failed"),
        organisation.TokenExchanged: Words(
            "Dòng lệnh của máy làm thay tài khoản", "The command line acts as the account"
        ),
        organisation.DeviceSignedIn: Words(
            "Đồng ý đăng nhập trên máy khác bằng mã", "A sign-in on another machine was confirmed by its code"
        ),
        rulebook.PolicyPackDrafted: Words("Soạn bộ quy định", "A pack was drafted"),
        rulebook.PolicyPackEdited: Words("Sửa bản thảo bộ quy định", "The draft of a pack was edited"),
        rulebook.PolicyPackChecked: Words("Kiểm tra bản thảo bộ quy định", "The draft of a pack was checked"),
        rulebook.PolicyPackDropped: Words("Bỏ bản thảo bộ quy định", "The draft of a pack was dropped"),
        rulebook.PolicyPackPublished: Words("Công bố bộ quy định", "A pack was published"),
        rulebook.TransitionPlanned: Words("Lập phương án chuyển tiếp", "A change of rules was planned"),
        rulebook.TransitionChoiceMade: Words(
            "Chọn cách xử lý hồ sơ khi chuyển tiếp", "It was chosen what becomes of dossiers"
        ),
        rulebook.TransitionApproved: Words("Duyệt phương án chuyển tiếp", "The change of rules was approved"),
        rulebook.TransitionCancelled: Words("Bỏ phương án chuyển tiếp", "The change of rules was dropped"),
        rulebook.TransitionDone: Words("Đã chuyển tiếp xong", "The change of rules is done"),
        rulebook.CalendarChanged: Words("Đổi lịch làm việc", "The calendar was changed"),
        rulebook.BreakAdded: Words("Thêm kỳ nghỉ của đơn vị", "A break of a unit was added"),
        rulebook.BreakEnded: Words("Hủy kỳ nghỉ của đơn vị", "A break of a unit was ended"),
        rulebook.SeasonCreated: Words("Mở mùa sáng kiến", "A season was opened"),
        rulebook.RoundCreated: Words("Mở đợt xét", "A round was opened"),
        rulebook.FilingWindowChanged: Words(
            "Gia hạn, đóng hoặc mở lại đợt nhận hồ sơ", "The time for filing was changed"
        ),
        rulebook.LateFilingPermitted: Words("Cho phép nộp muộn", "A unit may file late"),
        postroom.NoticeSettingsChanged: Words("Đổi cách nhận thông báo", "Settings of notices were changed"),
        postroom.MailResent: Words("Gửi lại thư", "A mail is sent again"),
        postroom.WebhookMade: Words("Đăng ký webhook", "A webhook was registered"),
        postroom.WebhookSecretChanged: Words("Đổi bí mật của webhook", "The secret of a webhook was changed"),
        postroom.WebhookTurnedOff: Words("Tắt webhook", "A webhook was turned off"),
        postroom.WebhookTurnedOn: Words("Bật lại webhook", "A webhook was turned on again"),
        postroom.WebhookReplayed: Words("Gửi lại cho webhook", "A webhook is told again"),
    }
)


def say_event(kind: type[Fact]) -> Words:
    """What happened, in one sentence."""
    return _SENTENCES[kind]


PARTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "REMINDED": Words("đã nhắc", "reminded"),
        "SILENCE_REPORTED": Words("đã báo gộp", "reported who is silent"),
        "SUPERIOR_TOLD": Words("đã báo cấp trên", "told the superior"),
        "WORK_GIVEN": Words("đã giao việc", "gave the work"),
        "HANDED_UP": Words("đã chuyển việc lên", "handed up"),
        "MEMBERS_REPLACED": Words("đã thay thành viên", "replaced members"),
        "SEATS_FILLED": Words("đã có người cho ghế trống", "filled empty seats"),
        "QUORUM_LOWERED": Words("đã hạ túc số", "lowered the quorum"),
        "CHAIR_FREED": Words("cho Chủ tịch quyết định", "let the chair decide"),
    }
)
"""The parts of what a rung did, by their `did`."""
