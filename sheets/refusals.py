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


class NoRowsFound(Refusal):
    """No sheet has the heads of a list of units, people or posts."""

    status = 422
    vi = (
        "Không thấy danh sách đơn vị, người hoặc vị trí trong các trang tính: {sheets}. Hãy đặt tên cột như "
        "trong tệp mẫu, trong {rows} dòng đầu."
    )
    en = (
        "No list of units, people or posts was found on the sheets: {sheets}. Name the columns as in the "
        "empty list, within the first {rows} rows."
    )


class NoStepsFound(Refusal):
    """No row of the sheet names the columns of an act about units."""

    status = 422
    vi = "Không thấy dòng tiêu đề có “Mã đơn vị cũ” và “Cách sắp xếp”. Hãy đặt tên cột như trong tệp mẫu."
    en = (
        "No header with “Mã đơn vị cũ” (old unit) and “Cách sắp xếp” (step) was found. Name the columns as "
        "in the empty sheet."
    )


class StepUnreadable(Refusal):
    """What happens to a unit is not one of the steps."""

    status = 422
    longest_fact = OWN_WORDS
    vi = "Dòng {row}: không hiểu cách sắp xếp “{step}”; hãy ghi một trong: {ways}."
    en = "Row {row}: the step “{step}” cannot be read; write one of: {ways}."


class OldUnitMissing(Refusal):
    """A row of an act says of no unit what happens."""

    status = 422
    vi = "Dòng {row}: thiếu mã đơn vị cũ. Hãy ghi mã, hoặc xóa dòng."
    en = "Row {row}: the old unit is missing. Write its code, or take the row out."


class UnitInSheetTwice(Refusal):
    """The same happens to a unit in two rows."""

    status = 422
    vi = "Dòng {row}: {unit} đã có ở dòng trên. Hãy bỏ một dòng."
    en = "Row {row}: {unit} is named twice. Take one row out."


class UnitInSheetUnknown(Refusal):
    """A unit of the sheet cannot be told."""

    status = 422
    vi = "Dòng {row}: không có đơn vị nào mang mã hoặc tên {unit}, hoặc nhiều đơn vị cùng tên ấy: hãy ghi mã."
    en = "Row {row}: no unit has the code or name {unit}, or several have the name: write the code."


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
