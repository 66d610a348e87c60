"""What the organisation refuses."""

from language.refusals import OWN_WORDS, ListRefused, Refusal


class ImportRefused(ListRefused):
    """Rows of an import are at fault; `errors` names each."""

    status = 422
    longest_fact = OWN_WORDS
    vi = (
        "Danh sách nhập có {count} dòng sai: {first_vi}. Chưa có gì được ghi. Hãy sửa các dòng nêu trong "
        "“errors” rồi nhập lại cả danh sách."
    )
    en = (
        "{count} rows of the import are wrong: {first_en}. Nothing was written. Mend the rows that “errors” "
        "names and send the whole list again."
    )


class HoldingOverlaps(Refusal):
    """The person holds the post in that time already."""

    status = 409
    vi = "Người này đã giữ vị trí đó trong thời gian ấy. Hãy sửa ngày, hoặc kết thúc lần giữ trước."
    en = "The person holds that post in that time already. Change the days, or end the earlier holding first."


class HoldingEndsEarlier(Refusal):
    """A holding ends on its last day or before it; longer is an appointment, with all that it asks."""

    status = 409
    vi = (
        "Lần giữ vị trí này đã kết thúc, hoặc sẽ kết thúc, ngày {day}, nên chỉ có thể kết thúc sớm hơn. Muốn "
        "giữ lâu hơn, hãy giao lại vị trí từ ngày sau đó."
    )
    en = (
        "This holding ends on {day}, so it can only end earlier. If it shall be held longer, give the post "
        "again from the day after."
    )


class PostOfEndedUnit(Refusal):
    """A unit that has ended has no posts: whoever held one would act for a unit that is not there."""

    status = 409
    vi = (
        "{unit} đã kết thúc hoạt động sau ngày {last_day} nên không lập hay giao vị trí ở đó. Hãy chọn đơn "
        "vị đang hoạt động."
    )
    en = "{unit} ended after {last_day}, so no post is made or given there. Choose a unit that stands."


class UnitSucceeded(Refusal):
    """What ended by an act does not go on by an edit."""

    status = 409
    vi = (
        "{unit} đã kết thúc theo một phương án sắp xếp và đơn vị khác đã tiếp nhận, nên không sửa ngày kết "
        "thúc hay chuyển đi nơi khác được. Hãy lập phương án khác."
    )
    en = (
        "{unit} ended by an act and another unit took over, so its last day stays, and it stays where it is. "
        "Draft another act."
    )


class LevelOutOfOrder(Refusal):
    """Each level comes at most once on a path, and in its order."""

    status = 409
    vi = (
        "Đơn vị cấp {level} không thể nằm dưới đơn vị này: mỗi cấp chỉ có một lần trên một nhánh, theo "
        "thứ tự tỉnh, huyện, xã, trường. Hãy chọn đơn vị cấp trên khác."
    )
    en = (
        "A unit of level {level} cannot lie there: each level comes once on a path, in the order province, "
        "district, commune, school. Choose another unit to put it under."
    )


class AccountNotTakenOver(Refusal):
    """Who gives a post that decides, signs or appoints does not also know the password of its holder."""

    status = 409
    vi = (
        "Bạn đã đặt mật khẩu cho người này và người ấy chưa tự đổi. Chỉ giao vị trí quyết định, ký hoặc quản "
        "trị sau khi người ấy đăng nhập lần đầu, hoặc nhờ quản trị viên khác giao."
    )
    en = (
        "You set this person's password, and it was not changed yet. Give a post that decides, signs or "
        "administers after the person has signed in for the first time, or ask another administrator to give "
        "it."
    )


class AccountLinkedByYou(Refusal):
    """Who gives a post that decides, signs or appoints has not also tied another account to its holder."""

    status = 409
    vi = (
        "Bạn đã gắn tài khoản của nhà cung cấp khác cho người này nên không giao vị trí quyết định, ký hoặc "
        "quản trị cho họ. Hãy nhờ quản trị viên khác giao."
    )
    en = (
        "You tied another provider's account to this person, so you do not give a post that decides, signs "
        "or administers, too. Ask another administrator to give it."
    )


class AppointedByYou(Refusal):
    """Who gave a post that decides, signs or appoints does not also open a way into its holder's account."""

    status = 409
    vi = (
        "Bạn đã giao vị trí quyết định, ký hoặc quản trị cho người này nên không đặt mật khẩu hay gắn tài "
        "khoản cho họ. Hãy nhờ quản trị viên khác."
    )
    en = (
        "You gave this person a post that decides, signs or administers, so you neither set the password nor "
        "tie an account, too. Ask another administrator."
    )


class MoveIntoItself(Refusal):
    """A unit cannot lie below itself, and the root lies below nothing."""

    status = 409
    vi = (
        "Không thể chuyển đơn vị gốc, hoặc chuyển một đơn vị vào chính nó hay cấp dưới của nó. Hãy chọn "
        "đơn vị cấp trên khác."
    )
    en = (
        "The root cannot be moved, nor a unit into itself or below itself. Choose another unit to put it "
        "under."
    )


class OwnAppointment(Refusal):
    """Nobody gives a post to themselves."""

    status = 403
    vi = "Không ai tự giao chức vụ cho chính mình. Hãy nhờ quản trị viên khác."
    en = "Nobody gives a post to themselves. Ask another administrator."


class NeedsSecondAdministrator(Refusal):
    """Administrators of the province are made, and dismissed, by two."""

    status = 409
    vi = (
        "Giao vị trí quản trị viên cấp tỉnh, hoặc cho người khác thôi giữ, phải có hai người: một người đề "
        "xuất, một quản trị viên cấp tỉnh khác duyệt. Hãy lập đề xuất."
    )
    en = (
        "Administrators of the province are made, and dismissed, by two: one proposes, another one of the "
        "province approves. Make a proposal."
    )


class TwoAdministratorsStay(Refusal):
    """Nobody leaves the province with less than two administrators who can sign in: what takes two could not
    be done any more."""

    status = 409
    vi = (
        "Sau ngày {day} tỉnh sẽ không còn đủ hai quản trị viên đăng nhập được. Hãy đề xuất người thay trước, "
        "hoặc đề xuất cho mình thôi giữ để một quản trị viên khác duyệt."
    )
    en = (
        "After {day} the province would have less than two administrators who can sign in. Propose somebody "
        "in your place first, or propose that you leave, which another administrator approves."
    )


class NotProvinceAdministrator(Refusal):
    """Only posts of administrators of the province are proposed."""

    status = 409
    vi = "Chỉ vị trí quản trị viên cấp tỉnh mới cần đề xuất. Hãy giao, hoặc cho thôi giữ, thẳng vị trí này."
    en = "Only posts of administrators of the province are proposed. Give this one, or end it, directly."


class OwnProposal(Refusal):
    """Nobody approves what they proposed."""

    status = 403
    vi = "Không ai tự duyệt đề xuất của mình. Hãy nhờ quản trị viên khác."
    en = "Nobody approves the own proposal. Ask another administrator."


class ProposalClosed(Refusal):
    """It was approved or dropped already."""

    status = 409
    vi = "Đề xuất này đã được duyệt hoặc đã bỏ. Hãy tải lại danh sách."
    en = "This proposal was approved or dropped already. Load the list again."


class OwnAccount(Refusal):
    """Nobody does this to the own account: it takes another pair of eyes."""

    status = 403
    vi = (
        "Không ai tự làm việc này với tài khoản của chính mình. Hãy nhờ quản trị viên khác; mật khẩu của "
        "mình thì đổi bằng mật khẩu cũ."
    )
    en = (
        "Nobody does this to the own account. Ask another administrator; the own password is changed with "
        "the old one."
    )


class AccountTakesTwo(Refusal):
    """What lets somebody in as an administrator of the province or keeps one out, or lets somebody in past
    one-time codes, one administrator does not do alone."""

    status = 409
    vi = (
        "Đây là tài khoản của quản trị viên cấp tỉnh hoặc tài khoản dùng mã một lần, nên một quản trị viên "
        "không tự làm việc này. Hãy lập đề xuất để quản trị viên thứ hai duyệt."
    )
    en = (
        "This account is an administrator's of the province, or has one-time codes, so one administrator "
        "does not do this alone. Make a proposal, which a second one approves."
    )


class NoAccount(Refusal):
    """The person has no account."""

    status = 409
    vi = "Người này chưa có tài khoản. Hãy lập tài khoản trước."
    en = "This person has no account. Make one first."


class ProviderUnknown(Refusal):
    """Tokens of this provider are not taken here."""

    status = 422
    vi = "Nhà cung cấp tài khoản này không được dùng ở đây. Hãy kiểm tra địa chỉ, hoặc hỏi người cài đặt."
    en = "This provider of accounts is not used here. Check its address, or ask who runs the installation."


class IdentityTaken(Refusal):
    """The account is tied to somebody else."""

    status = 409
    vi = "Tài khoản ấy đã gắn với người khác. Hãy bỏ gắn ở người đó trước."
    en = "That account is tied to somebody else. Untie it there first."


class DelegatedToOneself(Refusal):
    """Grantor and delegate are one person."""

    status = 422
    vi = "Không thể ủy quyền cho chính mình. Hãy chọn người khác."
    en = "Nobody delegates to themselves. Choose somebody else."


class OthersWorkToOneself(Refusal):
    """An administrator delegates somebody else's work to themselves."""

    status = 403
    vi = "Không ai tự chuyển việc của người khác cho mình. Hãy để người đó ủy quyền, hoặc nhờ người khác."
    en = "Nobody passes somebody else's work to themselves. Let that person delegate, or ask somebody else."


class DelegateNotTrusted(Refusal):
    """The delegate holds no post that is trusted with this work, in the unit of the post or above it."""

    status = 422
    longest_fact = OWN_WORDS
    vi = (
        "Người được ủy quyền không giữ vị trí được làm các việc này ({tasks}) ở đơn vị ấy hoặc cấp trên "
        "trong suốt thời gian ủy quyền. Hãy chọn người khác, hoặc chỉ ủy quyền những việc khác."
    )
    en = (
        "The delegate does not hold a post that is trusted with this work ({tasks}) in that unit or above it "
        "on all those days. Choose somebody else, or delegate other tasks only."
    )


class DelegateCannotSignIn(Refusal):
    """The delegate is unknown or has no account that is open, so the work would reach nobody."""

    status = 422
    vi = (
        "Người được ủy quyền chưa có tài khoản, hoặc tài khoản đã đóng, nên không nhận được việc. Hãy chọn "
        "người khác hoặc nhờ quản trị viên cấp, mở lại tài khoản."
    )
    en = (
        "The delegate has no account, or a closed one, so the work would reach nobody. Choose somebody else, "
        "or ask an administrator for an account, or to open it again."
    )


class DelegationEndsEarlier(Refusal):
    """A delegation is only ever shortened; longer it is another one."""

    status = 409
    vi = (
        "Ủy quyền này kết thúc ngày {day}. Chỉ rút ngắn được; muốn kéo dài hãy lập ủy quyền mới từ ngày sau "
        "đó."
    )
    en = "The delegation ends on {day} already. It can only be shortened; to go on, give another one."


class NothingToDelegate(Refusal):
    """The grantor holds no post of these kinds in these units in that time."""

    status = 422
    vi = (
        "Trong thời gian ấy người ủy quyền không giữ vị trí nào thuộc phạm vi đã chọn. Hãy sửa ngày, đơn "
        "vị hoặc loại vị trí."
    )
    en = (
        "In that time the grantor holds no post in the chosen scope. Change the days, the unit or the "
        "kinds of post."
    )


class PostNotVacant(Refusal):
    """Somebody is appointed to the post in that time, so nobody is needed to act in it."""

    status = 409
    vi = (
        "Vị trí này đã có người được bổ nhiệm trong thời gian ấy. Chỉ giao quyền khi vị trí còn trống; "
        "khi người giữ vắng mặt, hãy ủy quyền."
    )
    en = (
        "Somebody is appointed to the post in that time. People act in vacant posts only; while a holder "
        "is away, delegate."
    )


class UnitNotEmpty(Refusal):
    """A unit does not end over what has no place to go."""

    status = 409
    vi = (
        "Đơn vị còn {units} đơn vị cấp dưới và {things} việc chưa xong (ví dụ {example}) nên chưa thể kết "
        "thúc. Hãy lập phương án sắp xếp, nêu đơn vị tiếp nhận."
    )
    en = (
        "The unit still has {units} units below it and {things} things that are not over (such as "
        "{example}), so it cannot end. Draft an act about units that says who takes over."
    )


class ParentEnded(Refusal):
    """Nothing new lies below a unit that has ended."""

    status = 409
    vi = "{unit} đã kết thúc hoạt động nên không đặt thêm đơn vị vào dưới. Hãy chọn đơn vị tiếp nhận."
    en = "{unit} has ended, so nothing is put below it. Choose the unit that succeeded it."
