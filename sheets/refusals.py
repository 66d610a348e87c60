"""Why a workbook as a whole cannot be read."""

from collections.abc import Callable, Iterable

from language.refusals import OWN_WORDS, Refusal, cut


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


class TextCodingUnknown(Refusal):
    """A table as text whose letters are kept in a way that cannot be told for sure: one of the old ones."""

    status = 415
    vi = (
        "Tệp CSV không ở dạng Unicode (có thể là mã cũ như TCVN3, VNI hoặc Windows-1258) nên không đọc "
        "chắc được chữ. Hãy mở tệp bằng Excel, lưu lại (Save As) dạng “CSV UTF-8” hoặc .xlsx rồi gửi lại."
    )
    en = (
        "The CSV file is not in Unicode (perhaps in an old coding such as TCVN3, VNI or Windows-1258), so "
        "its letters cannot be told for sure. Open it in Excel, save it as “CSV UTF-8” or .xlsx and send it "
        "again."
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


class CellUnknown(Refusal):
    """Something is said about a cell that the workbook does not have, or that is not asked about. Nothing is
    ignored: a correction at a misspelt address would be lost."""

    status = 400
    longest_fact = OWN_WORDS
    vi = (
        "Không có gì để trả lời ở ô: {cells}. Hãy ghi địa chỉ ô đúng như trong bản xem trước, ví dụ “Danh "
        "sách!C7”."
    )
    en = (
        "Nothing can be answered at the cell: {cells}. Write the address as the preview has it, such as "
        "“Danh sách!C7”."
    )


_NAMED = 5


def require_cells(asked: Iterable[str], is_there: Callable[[str], bool]) -> None:
    """Every cell of which something is said is there."""
    unknown = [cell for cell in asked if not is_there(cell)]
    if unknown:
        raise CellUnknown(cells=", ".join(cut(cell, 100) for cell in unknown[:_NAMED]))


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
