"""What the organisation refuses of acts about units and of joinings of records."""

from language.refusals import Refusal


class SuccessionFaulty(Refusal):
    """The steps cannot be an act."""

    status = 422
    vi = "Phương án không thực hiện được ở đơn vị {unit}: {fault_vi}. Hãy sửa bước đó."
    en = "The act cannot be carried out in the unit {unit}: {fault_en}. Mend that step."


class SuccessionUnsettled(Refusal):
    """Something in a unit that ends has no place to go, or two posts of one kind would be in one unit."""

    status = 409
    vi = "Còn {count} mục chưa có nơi nhận hoặc cần chọn. Hãy xem phương án, bổ sung rồi lập lại."
    en = "{count} things have no place to go or need a choice. Look at the act, add to it and draft it again."


class SuccessionClosed(Refusal):
    """The act was approved, is in force, or was taken back."""

    status = 409
    vi = "Phương án này đã được duyệt, đã có hiệu lực hoặc đã hủy. Muốn sửa, hãy lập phương án khác."
    en = "This act was approved, is in force or was taken back. To amend it draft another."


class OwnSuccession(Refusal):
    """Nobody approves the own act."""

    status = 403
    vi = "Không ai tự duyệt phương án của mình. Hãy nhờ quản trị viên khác."
    en = "Nobody approves the own act. Ask another administrator."


class SuccessionDayOver(Refusal):
    """The day on which it shall hold is over."""

    status = 409
    vi = "Ngày có hiệu lực đã qua. Hãy chọn hôm nay hoặc ngày sau."
    en = "The day on which it shall hold is over. Choose today or a later day."


class PersonJoined(Refusal):
    """The record was joined to another one of the same person, which stands for it."""

    status = 409
    vi = "Bản ghi {code} đã được gộp vào bản ghi {into} của cùng một người. Hãy dùng bản ghi {into}."
    en = "The record {code} was joined to {into}, which is the same person. Use {into}."


class JoiningWithItself(Refusal):
    """A record is joined to another one."""

    status = 422
    vi = "Hai bản ghi phải khác nhau. Hãy chọn bản ghi giữ lại và bản ghi được gộp."
    en = "The two records must be different. Choose the one to keep and the one to join."


class OwnJoining(Refusal):
    """Nobody has a hand in the joining of their own records, nor approves what they proposed."""

    status = 403
    vi = (
        "Không ai tự đề xuất hay duyệt việc gộp bản ghi của chính mình, và không ai tự duyệt đề xuất của "
        "mình. Hãy nhờ quản trị viên khác."
    )
    en = (
        "Nobody proposes or approves the joining of their own records, and nobody approves the own proposal. "
        "Ask another administrator."
    )


class JoiningOpen(Refusal):
    """One of the two records is part of a joining that is under way."""

    status = 409
    vi = "Một trong hai bản ghi đang nằm trong việc gộp khác chưa xong. Hãy xử lý việc đó trước."
    en = "One of the two records is part of another joining that is not over. Settle that one first."


class BeingJoined(Refusal):
    """The record is about to be joined to another, of which one holds a post that decides, signs or appoints:
    nobody opens a way into either meanwhile."""

    status = 409
    vi = (
        "Bản ghi này đang chờ gộp, và một trong hai bản ghi giữ vị trí quyết định, ký hoặc quản trị, nên "
        "chưa đặt mật khẩu hay gắn tài khoản được. Hãy chờ gộp xong, hoặc rút việc gộp trước."
    )
    en = (
        "The record is about to be joined to another, and one of the two holds a post that decides, signs or "
        "administers, so no password is set and no account tied. Wait until they are joined, or take that "
        "back first."
    )


class JoiningClosed(Refusal):
    """It was approved already, is in force, or was taken back."""

    status = 409
    vi = (
        "Việc gộp này đã được duyệt, đã rút lại hoặc đã có hiệu lực. Đã có hiệu lực thì không tách ra được "
        "nữa: hãy lập bản ghi mới cho người kia và chuyển từng việc bằng thao tác thường."
    )
    en = (
        "It was approved, taken back, or is in force already. What is in force cannot be taken apart: make a "
        "new record for the other person and move each thing by the usual acts."
    )


class JoiningTooSoon(Refusal):
    """Those it concerns have at least the rest of the day to object."""

    status = 409
    vi = "Ngày gộp phải sau hôm nay, để người liên quan kịp phản hồi. Hãy chọn từ ngày mai."
    en = "The day must be later than today, so that those it concerns can object. Choose tomorrow or later."
