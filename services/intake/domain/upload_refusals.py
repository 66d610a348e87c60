"""What intake refuses of a file that comes in pieces."""

from language.refusals import Refusal


class PieceOutOfPlace(Refusal):
    """A piece of a file does not begin where the last one ended, or another one is being kept right now."""

    status = 409
    vi = "Phần tệp gửi lên không nối tiếp phần đã nhận. Hãy gửi tiếp từ byte thứ {from_byte}."
    en = "The piece does not follow what was received. Go on from byte {from_byte}."


class PieceBeyondEnd(Refusal):
    """A piece of a file goes on past the size that was named at the beginning."""

    status = 422
    vi = "Phần tệp gửi lên vượt quá {size} byte đã khai khi bắt đầu. Hãy gửi lại tệp từ đầu."
    en = "The piece goes past the {size} bytes that were named at the beginning. Begin the file anew."


class UploadIncomplete(Refusal):
    """A file is finished before all of it came."""

    status = 409
    vi = "Tệp chưa gửi xong. Hãy gửi tiếp từ byte thứ {from_byte} rồi hoàn tất."
    en = "The file has not come whole. Go on from byte {from_byte}, then complete it."


class TooManyUploads(Refusal):
    """A person has begun as many files as may be on their way at once."""

    status = 409
    vi = "Bạn đang gửi dở {most} tệp, là số tối đa. Hãy gửi nốt, bỏ bớt, hoặc chờ đến ngày mai."
    en = "You have {most} unfinished files, the most there may be. Finish some, drop some, or wait for a day."
