"""Refusals of the edge itself, before any operation is asked."""

from language.refusals import OWN_WORDS, Refusal


class RequestInvalid(Refusal):
    """A field is missing or out of range; `errors` in the answer names each."""

    status = 422
    longest_fact = OWN_WORDS
    vi = "Dữ liệu gửi lên chưa đúng: {summary_vi}. Hãy sửa các mục được nêu rồi gửi lại."
    en = "The request is not valid: {summary}. Correct the fields named in `errors` and send it again."


class FieldUnknown(Refusal):
    """The body has a field that this endpoint does not know; `errors` in the answer names each."""

    status = 400
    longest_fact = OWN_WORDS
    vi = (
        "Dữ liệu gửi lên có mục mà địa chỉ này không biết: {summary_vi}. Hãy bỏ hoặc sửa tên mục rồi gửi lại."
    )
    en = "The body has a field that this address does not know: {summary}. Leave it out or correct its name."


class ParameterUnknown(Refusal):
    """The address has a query parameter that this endpoint does not know. Nothing is ignored: a misspelt
    filter would give everything, and a misspelt dry run would do the thing."""

    status = 400
    longest_fact = OWN_WORDS
    vi = "Địa chỉ này không có tham số: {names}. Các tham số có ở đây: {known}."
    en = "This address has no parameter: {names}. It has these: {known}."


class ParameterRepeated(Refusal):
    """A query parameter that is taken once came more often."""

    status = 400
    longest_fact = OWN_WORDS
    vi = "Tham số chỉ được ghi một lần: {names}. Hãy bỏ các lần ghi thừa."
    en = "The parameter is taken only once: {names}. Leave out the others."


class SortUnknown(Refusal):
    """The list cannot be sorted by that."""

    status = 400
    longest_fact = OWN_WORDS
    vi = "Danh sách này không sắp xếp được theo: {sort}. Các cách sắp xếp có ở đây: {known}."
    en = "This list cannot be sorted by: {sort}. It can by: {known}."


class FieldRepeated(Refusal):
    """An object in the body has a field more than once: programs differ in which of them they take."""

    status = 400
    longest_fact = OWN_WORDS
    vi = "Dữ liệu gửi lên ghi một mục nhiều lần: {names}. Hãy chỉ ghi mỗi mục một lần."
    en = "The body has a field more than once: {names}. Write each once."


class BodyNotTaken(Refusal):
    """A body came where none is taken."""

    status = 400
    vi = "Địa chỉ này không nhận nội dung. Hãy gửi lại không kèm nội dung."
    en = "This address takes no body. Send the request without one."


class NoTableOfThis(Refusal):
    """A table was asked for, of what is no list."""

    status = 406
    vi = "Chỉ danh sách mới xuất được ra bảng tính. Hãy bỏ tiêu đề Accept hoặc gọi địa chỉ của một danh sách."
    en = "Only lists can be had as a table. Leave the Accept header out, or ask for a list."


class BodyTooSlow(Refusal):
    """The body did not come in time; the connection is closed."""

    status = 408
    vi = "Dữ liệu gửi lên quá chậm, chưa ghi nhận gì. Hãy kiểm tra đường truyền rồi gửi lại."
    en = "The body came too slowly, and nothing was recorded. Check the connection and send it again."


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
    """The cursor was not made by this list, or in another order of it."""

    status = 422
    vi = "Con trỏ trang không hợp lệ. Hãy dùng nguyên giá trị `next` của trang trước, với cùng cách sắp xếp."
    en = "The page cursor is not valid. Use the `next` value of the previous page as it is, in its order."


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
    vi = "Không đọc được yêu cầu. Hãy gửi JSON đúng cú pháp, mã hóa UTF-8."
    en = "The request cannot be read ({reason}). Send well-formed JSON in UTF-8."


class ScannerAway(Refusal):
    """Attachments are scanned, and the scanner does not answer."""

    status = 503
    vi = "Phần mềm quét mã độc chưa trả lời nên chưa nhận được tệp. Hãy thử lại sau ít phút."
    en = "The scanner for malware does not answer, so the file was not taken. Try again in some minutes."


class RangeUnfit(Refusal):
    """A part of a file is asked for that lies beyond its end, or ends before it begins."""

    status = 416
    vi = "Tệp chỉ có {size} byte, không có phần được yêu cầu. Hãy bỏ tiêu đề Range hoặc yêu cầu phần có thật."
    en = "The file has {size} bytes and no such part. Leave the Range header out, or ask for a part of it."


class StoreAway(Refusal):
    """Where attachments are kept does not answer, or has no room; nothing was done."""

    status = 503
    vi = (
        "Kho lưu tệp đính kèm tạm thời không dùng được, chưa ghi nhận gì. Hãy gửi lại với cùng "
        "Idempotency-Key sau ít phút."
    )
    en = (
        "Where attachments are kept is away, and nothing was recorded. Send the same request with the same "
        "Idempotency-Key in some minutes."
    )
