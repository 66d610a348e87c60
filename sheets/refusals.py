"""Why a workbook as a whole cannot be read."""

from language.refusals import Refusal


class WorkbookUnreadable(Refusal):
    """The content is no spreadsheet that can be opened."""

    status = 415
    vi = (
        "Không mở được tệp như một bảng tính Excel. Hãy mở tệp bằng Excel, bỏ mật khẩu nếu có, lưu lại dạng "
        ".xlsx rồi gửi lại."
    )
    en = (
        "The file cannot be opened as a spreadsheet. Open it in Excel, take off its password if it has one, "
        "save it as .xlsx and send it again."
    )


class WorkbookTooLarge(Refusal):
    """More parts, bytes, rows or columns than a list of people ever has."""

    status = 413
    vi = (
        "Bảng tính quá lớn (tối đa {rows} dòng, {columns} cột, {megabytes} MB sau khi giải nén). Hãy "
        "chia nhỏ "
        "danh sách, xóa dòng và hình không cần."
    )
    en = (
        "The spreadsheet is too large (at most {rows} rows, {columns} columns, {megabytes} MB "
        "unpacked). Split "
        "the list, and delete rows and pictures that it does not need."
    )


class NoListFound(Refusal):
    """No sheet has a header row that names authors and titles."""

    status = 422
    vi = (
        "Không thấy dòng tiêu đề cột trong các trang tính: {sheets}. Cần một dòng có ít nhất hai cột “Họ và "
        "tên tác giả” và “Tên sáng kiến”, trong {rows} dòng đầu."
    )
    en = (
        "No header row was found on the sheets: {sheets}. There must be a row with at least the columns “Họ "
        "và tên tác giả” (author) and “Tên sáng kiến” (title) within the first {rows} rows."
    )


class NoMarksFound(Refusal):
    """The workbook is none of score sheets that was had from here."""

    status = 422
    vi = (
        "Tệp này không phải bảng chấm điểm lấy từ trang “Nhiều phiếu bằng Excel”. Hãy tải bảng mới, chép "
        "điểm sang rồi gửi lại."
    )
    en = (
        "This is no workbook of score sheets from the page “Many at once, with Excel”. Get a new one, copy "
        "the marks into it and send it again."
    )
