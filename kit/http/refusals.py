"""Refusals of the edge itself, before any operation is asked."""

from language.refusals import Refusal


class RequestInvalid(Refusal):
    """A field is missing, unknown or out of range; `errors` in the answer names each."""

    status = 422
    vi = "Dữ liệu gửi lên chưa đúng: {summary_vi}. Hãy sửa các mục được nêu rồi gửi lại."
    en = "The request is not valid: {summary}. Correct the fields named in `errors` and send it again."


class TextUnsafe(Refusal):
    """A null byte in the address."""

    status = 400
    vi = "Địa chỉ có ký tự rỗng (null). Hãy bỏ ký tự đó."
    en = "The address holds a null byte. Leave it out."


class BodyTooLarge(Refusal):
    """The body is larger than this endpoint takes."""

    status = 413
    vi = "Dữ liệu gửi lên quá lớn. Hãy giảm dung lượng rồi gửi lại."
    en = "The body is larger than this endpoint takes. Send less."


class IdempotencyKeyMissing(Refusal):
    """Every command needs a key, so that sending it twice does it once. It salts what is kept of the request,
    so a short one will not do."""

    status = 400
    vi = (
        "Thiếu tiêu đề Idempotency-Key hoặc khóa không đúng dạng (16–200 ký tự ASCII). Hãy tạo một khóa "
        "ngẫu nhiên, ví dụ UUID, cho mỗi lệnh mới."
    )
    en = (
        "The Idempotency-Key header (16-200 ASCII characters) is missing or malformed. Make a random "
        "key, such as a UUID, for each new command."
    )


class IdempotencyKeyReused(Refusal):
    """The key was used before for another request."""

    status = 422
    vi = "Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy tạo khóa mới."
    en = "This Idempotency-Key was used for another request. Make a new key."


class IfMatchMissing(Refusal):
    """An edit must say which version it edits."""

    status = 428
    vi = "Thiếu tiêu đề If-Match. Hãy đọc lại bản ghi và gửi kèm ETag của nó."
    en = "The If-Match header is missing or malformed. Read the resource and send its ETag."


class EditConflict(Refusal):
    """Somebody else changed the resource meanwhile."""

    status = 412
    vi = "Bản ghi đã được sửa ở nơi khác (phiên bản hiện tại {current}). Hãy đọc lại rồi sửa tiếp."
    en = "The resource was changed elsewhere (version {current} now). Read it again and repeat the edit."


class CursorInvalid(Refusal):
    """The cursor was not made by this list."""

    status = 422
    vi = "Con trỏ trang không hợp lệ. Hãy dùng nguyên giá trị `next` của trang trước."
    en = "The page cursor is not valid. Use the `next` value of the previous page as it is."


class RouteUnknown(Refusal):
    """No such address."""

    status = 404
    vi = "Không có địa chỉ này. Xem danh sách ở /docs."
    en = "There is no such address. See /docs."


class MethodUnknown(Refusal):
    """The address does not take this method."""

    status = 405
    vi = "Địa chỉ này không nhận phương thức đó. Xem /docs."
    en = "This address does not take that method. See /docs."


class ServiceBusy(Refusal):
    """The database or another part is away; nothing was done."""

    status = 503
    vi = "Hệ thống đang tạm bận, chưa ghi nhận gì. Hãy gửi lại với cùng Idempotency-Key sau ít giây."
    en = (
        "The system is busy and nothing was recorded. Send the same request with the same "
        "Idempotency-Key in a few seconds."
    )


class TooManyAtOnce(Refusal):
    """All connections to the database were busy for as long as a request may wait; nothing was done."""

    status = 503
    vi = "Quá nhiều yêu cầu cùng lúc, chưa ghi nhận gì. Hãy gửi lại với cùng Idempotency-Key sau ít giây."
    en = (
        "Too many requests at once, and nothing was recorded. Send the same request with the same "
        "Idempotency-Key in a few seconds."
    )


class BadRequest(Refusal):
    """The request cannot be read."""

    status = 400
    vi = "Không đọc được yêu cầu ({reason}). Hãy gửi JSON đúng cú pháp, mã hóa UTF-8."
    en = "The request cannot be read ({reason}). Send well-formed JSON in UTF-8."
