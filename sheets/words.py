"""What a reader doubts, in both languages. One sentence for each kind, with what would do."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class DoubtKind(StrEnum):
    """Why a cell, or a row, is not simply what it says."""

    # Read in one way: told, and taken so when the list is confirmed.
    FRACTION = "FRACTION"
    ROUNDED = "ROUNDED"
    MONTH_ONLY = "MONTH_ONLY"
    YEAR_ONLY = "YEAR_ONLY"
    SERIAL_DAY = "SERIAL_DAY"
    DAY_MONTH_TURNED = "DAY_MONTH_TURNED"
    SHORT_YEAR = "SHORT_YEAR"
    IN_CAPITALS = "IN_CAPITALS"
    FORM_OF_ADDRESS = "FORM_OF_ADDRESS"
    IN_UNITS = "IN_UNITS"
    ABOUT = "ABOUT"
    SMALL_AMOUNT = "SMALL_AMOUNT"
    SAME_TITLE = "SAME_TITLE"
    PERSON_BY_NAME = "PERSON_BY_NAME"
    SCHOOL_ALIKE = "SCHOOL_ALIKE"
    BIRTH_DIFFERS = "BIRTH_DIFFERS"
    HIDDEN_ROW = "HIDDEN_ROW"
    HIDDEN_COLUMN = "HIDDEN_COLUMN"
    # Has to be answered.
    SHARE_UNREADABLE = "SHARE_UNREADABLE"
    SHARE_MISSING = "SHARE_MISSING"
    SHARES_NOT_HUNDRED = "SHARES_NOT_HUNDRED"
    DAY_UNREADABLE = "DAY_UNREADABLE"
    DAY_UNLIKELY = "DAY_UNLIKELY"
    MONEY_UNREADABLE = "MONEY_UNREADABLE"
    KIND_UNKNOWN = "KIND_UNKNOWN"
    NAME_MISSING = "NAME_MISSING"
    NAME_UNLIKELY = "NAME_UNLIKELY"
    TITLE_MISSING = "TITLE_MISSING"
    NO_DOSSIER_ABOVE = "NO_DOSSIER_ABOVE"
    TEXT_TOO_LONG = "TEXT_TOO_LONG"
    FORMULA_FAILED = "FORMULA_FAILED"
    PERSON_UNKNOWN = "PERSON_UNKNOWN"
    PERSON_UNSURE = "PERSON_UNSURE"
    PERSON_OTHER_NAME = "PERSON_OTHER_NAME"
    PERSON_ELSEWHERE = "PERSON_ELSEWHERE"
    PERSON_TWICE = "PERSON_TWICE"
    SCHOOL_UNKNOWN = "SCHOOL_UNKNOWN"
    SCHOOL_UNSURE = "SCHOOL_UNSURE"
    LISTED_BEFORE = "LISTED_BEFORE"
    CODE_UNFIT = "CODE_UNFIT"
    USERNAME_UNFIT = "USERNAME_UNFIT"
    MAIL_UNFIT = "MAIL_UNFIT"
    LEVEL_UNKNOWN = "LEVEL_UNKNOWN"
    POST_UNKNOWN = "POST_UNKNOWN"
    CELL_EMPTY = "CELL_EMPTY"


_KINDS: Final = tuple(DoubtKind)
ASKING: Final = frozenset(_KINDS[_KINDS.index(DoubtKind.SHARE_UNREADABLE) :])
"""The doubts that somebody has to answer before the row can be used."""

SENTENCES: Final[Mapping[DoubtKind, tuple[str, str]]] = MappingProxyType(
    {
        DoubtKind.FRACTION: (
            "“{value}” được hiểu là {read} %.",
            "“{value}” is taken for {read} %.",
        ),
        DoubtKind.ROUNDED: (
            "“{value}” được làm tròn thành {read}.",
            "“{value}” is rounded to {read}.",
        ),
        DoubtKind.MONTH_ONLY: (
            "“{value}” chỉ có tháng, được hiểu là ngày {read}. Hãy ghi đủ ngày nếu biết.",
            "“{value}” says the month only and is taken for {read}. Write the day if it is known.",
        ),
        DoubtKind.YEAR_ONLY: (
            "“{value}” chỉ có năm. Hãy ghi đủ ngày, tháng, năm nếu biết.",
            "“{value}” says the year only. Write day, month and year if they are known.",
        ),
        DoubtKind.SERIAL_DAY: (
            "Số “{value}” được hiểu là ngày {read}.",
            "The number “{value}” is taken for the day {read}.",
        ),
        DoubtKind.DAY_MONTH_TURNED: (
            "“{value}” không có tháng như vậy, được hiểu là ngày {read} (tháng trước, ngày sau).",
            "“{value}” has no such month and is taken for {read} (month before day).",
        ),
        DoubtKind.SHORT_YEAR: (
            "“{value}” ghi năm hai chữ số, được hiểu là ngày {read}.",
            "“{value}” has a year of two digits and is taken for {read}.",
        ),
        DoubtKind.IN_CAPITALS: (
            "Tên viết hoa toàn bộ “{value}” được ghi là “{read}”.",
            "The name in capitals “{value}” is written “{read}”.",
        ),
        DoubtKind.FORM_OF_ADDRESS: (
            "“{value}” được ghi là “{read}”, bỏ danh xưng.",
            "“{value}” is written “{read}”, without the form of address.",
        ),
        DoubtKind.IN_UNITS: (
            "“{value}” được hiểu là {read} đồng.",
            "“{value}” is taken for {read} đồng.",
        ),
        DoubtKind.ABOUT: (
            "“{value}” là số ước chừng, được hiểu là {read} đồng.",
            "“{value}” is an estimate and is taken for {read} đồng.",
        ),
        DoubtKind.SMALL_AMOUNT: (
            (
                "Số tiền “{value}” nhỏ bất thường: {read} đồng. Hãy xem có phải ghi theo nghìn hoặc triệu "
                "đồng không."
            ),
            (
                "The amount “{value}” is unusually small: {read} đồng. See whether thousands or millions "
                "are meant."
            ),
        ),
        DoubtKind.SAME_TITLE: (
            "Tên sáng kiến này đã có ở ô {read}. Hãy xem có phải một sáng kiến ghi hai lần không.",
            "This title stands in cell {read} too. See whether one initiative is listed twice.",
        ),
        DoubtKind.PERSON_BY_NAME: (
            "“{value}” được hiểu là {read}: cùng tên và đơn vị, danh sách không ghi ngày sinh.",
            "“{value}” is taken for {read}: same name and unit, and the list says no birth date.",
        ),
        DoubtKind.SCHOOL_ALIKE: (
            "“{value}” được hiểu là {read}.",
            "“{value}” is taken for {read}.",
        ),
        DoubtKind.BIRTH_DIFFERS: (
            "Ngày sinh của “{value}” trong dữ liệu của đơn vị là {read}, khác danh sách. Hồ sơ ghi theo danh "
            "sách; hãy kiểm tra lại.",
            "The organisation has another birth date for “{value}”: {read}. The dossier goes by the list; "
            "check it.",
        ),
        DoubtKind.HIDDEN_ROW: (
            "Dòng này bị ẩn trong bảng tính và vẫn được đọc. Nếu không thuộc danh sách, hãy xóa dòng đó.",
            "This row is hidden in the spreadsheet and is read all the same. If it is not meant, delete it.",
        ),
        DoubtKind.HIDDEN_COLUMN: (
            "Cột “{value}” bị ẩn trong bảng tính và vẫn được đọc. Nếu không dùng, hãy xóa cột đó.",
            "The column “{value}” is hidden in the spreadsheet and is read all the same. Or delete it.",
        ),
        DoubtKind.SHARE_UNREADABLE: (
            "Không đọc được tỷ lệ “{value}”. Hãy ghi một số phần trăm, ví dụ 60 hoặc 33,33.",
            "The share “{value}” cannot be read. Write a number of per cent, such as 60 or 33,33.",
        ),
        DoubtKind.SHARE_MISSING: (
            "Thiếu tỷ lệ đóng góp của tác giả “{read}”. Hãy ghi một số phần trăm.",
            "The share of the author “{read}” is missing. Write a number of per cent.",
        ),
        DoubtKind.SHARES_NOT_HUNDRED: (
            "Tổng tỷ lệ của sáng kiến này là {read} %, phải đúng 100 %. Hãy sửa tỷ lệ của các tác giả.",
            "The shares of this initiative sum to {read} %; they must be exactly 100 %. Correct the shares.",
        ),
        DoubtKind.DAY_UNREADABLE: (
            "Không đọc được ngày “{value}”. Hãy ghi ngày/tháng/năm, ví dụ 18/04/2022.",
            "The day “{value}” cannot be read. Write day/month/year, such as 18/04/2022.",
        ),
        DoubtKind.DAY_UNLIKELY: (
            "“{value}” là ngày {read}, khó có thể đúng. Hãy kiểm tra lại năm.",
            "“{value}” is {read}, which can hardly be. Check the year.",
        ),
        DoubtKind.MONEY_UNREADABLE: (
            "Không đọc được số tiền “{value}”. Hãy ghi số đồng, ví dụ 31.500.000 hoặc 11 triệu.",
            "The amount “{value}” cannot be read. Write đồng, such as 31.500.000 or 11 triệu.",
        ),
        DoubtKind.KIND_UNKNOWN: (
            (
                "Không rõ loại giải pháp “{value}”. Hãy ghi một trong: giải pháp kỹ thuật, giải pháp quản "
                "lý, giải pháp tác nghiệp, ứng dụng tiến bộ kỹ thuật."
            ),
            (
                "The kind of solution “{value}” is not known. Write one of: giải pháp kỹ thuật, giải pháp "
                "quản lý, giải pháp tác nghiệp, ứng dụng tiến bộ kỹ thuật."
            ),
        ),
        DoubtKind.NAME_MISSING: (
            "Thiếu họ và tên tác giả. Hãy ghi đủ họ và tên.",
            "The author's name is missing. Write the full name.",
        ),
        DoubtKind.NAME_UNLIKELY: (
            "“{value}” không giống họ và tên của một người. Hãy ghi mỗi tác giả một dòng, đủ họ và tên.",
            "“{value}” does not look like one person's name. Give each author a row with the full name.",
        ),
        DoubtKind.TITLE_MISSING: (
            (
                "Dòng này có số thứ tự nhưng thiếu tên sáng kiến. Hãy ghi tên, hoặc bỏ số thứ tự nếu là "
                "đồng tác giả."
            ),
            (
                "This row has a number and no title. Write the title, or remove the number if this is a "
                "co-author."
            ),
        ),
        DoubtKind.NO_DOSSIER_ABOVE: (
            "Dòng đồng tác giả này không có sáng kiến nào phía trên. Hãy ghi tên sáng kiến.",
            "This co-author's row has no initiative above it. Write the title.",
        ),
        DoubtKind.PERSON_UNKNOWN: (
            (
                "Không thấy ai tên “{value}” với ngày sinh này trong các đơn vị của bạn. Hãy kiểm tra tên và "
                "ngày sinh, hoặc chọn người."
            ),
            (
                "Nobody named “{value}” with this birth date is in your units. Check name and birth date, or "
                "choose the person."
            ),
        ),
        DoubtKind.PERSON_UNSURE: (
            "Chưa chắc “{value}” là ai. Hãy chọn một người trong danh sách gợi ý, hoặc ghi đủ ngày sinh.",
            "It is not certain who “{value}” is. Choose one of the candidates, or write the birth date.",
        ),
        DoubtKind.PERSON_OTHER_NAME: (
            "Người được chọn cho “{value}” có tên khác: {read}. Hãy chọn lại, hoặc sửa tên trong danh sách.",
            "The person chosen for “{value}” has another name: {read}. Choose again, or correct the list.",
        ),
        DoubtKind.PERSON_ELSEWHERE: (
            (
                "Tác giả đầu tiên “{value}” không giữ vị trí nào ở {read}. Hãy ghi tác giả của đơn vị "
                "này lên "
                "đầu, hoặc sửa đơn vị."
            ),
            (
                "The first author “{value}” holds no post in {read}. Put an author of that unit first, or "
                "correct the unit."
            ),
        ),
        DoubtKind.PERSON_TWICE: (
            "“{value}” và tác giả ở ô {read} là một người. Hãy bỏ một dòng.",
            "“{value}” and the author in cell {read} are one person. Remove one of the rows.",
        ),
        DoubtKind.SCHOOL_UNKNOWN: (
            "Không thấy đơn vị “{value}” trong các đơn vị của bạn. Hãy sửa tên, hoặc chọn đơn vị.",
            "There is no unit “{value}” among yours. Correct its name, or choose the unit.",
        ),
        DoubtKind.SCHOOL_UNSURE: (
            "Có nhiều đơn vị tên “{value}”. Hãy chọn một.",
            "Several units are named “{value}”. Choose one.",
        ),
        DoubtKind.LISTED_BEFORE: (
            "Tác giả đã có hồ sơ tên này trong đợt: lập ngày {read}. Hồ sơ này sẽ không được lập lần nữa.",
            "The author has a dossier of this title in the season, begun on {read}. It is not made again.",
        ),
        DoubtKind.CODE_UNFIT: (
            "Mã “{value}” chỉ được gồm chữ không dấu, số, dấu chấm, gạch ngang, gạch dưới, tối đa 64 ký tự.",
            "The code “{value}” may hold only letters without marks, digits, dots, hyphens and underscores, "
            "at most 64.",
        ),
        DoubtKind.USERNAME_UNFIT: (
            (
                "Tên đăng nhập “{value}” chỉ được gồm chữ thường không dấu, số, dấu chấm, gạch ngang, từ 2 "
                "ký tự."
            ),
            "The name to sign in with “{value}” may hold only small letters, digits, dots and hyphens, from "
            "2 on.",
        ),
        DoubtKind.MAIL_UNFIT: (
            "“{value}” không phải địa chỉ thư điện tử. Hãy sửa hoặc để trống.",
            "“{value}” is no mail address. Correct it or leave it empty.",
        ),
        DoubtKind.LEVEL_UNKNOWN: (
            "Không rõ cấp “{value}”. Hãy ghi một trong: {read}.",
            "The level “{value}” is not known. Write one of: {read}.",
        ),
        DoubtKind.POST_UNKNOWN: (
            "Không rõ loại vị trí “{value}”. Hãy ghi một trong: {read}.",
            "The kind of post “{value}” is not known. Write one of: {read}.",
        ),
        DoubtKind.CELL_EMPTY: (
            "Ô này còn trống. Hãy điền, hoặc xóa cả dòng.",
            "This cell is empty. Fill it in, or take out the whole row.",
        ),
        DoubtKind.TEXT_TOO_LONG: (
            "Nội dung dài {read} ký tự, quá dài. Hãy rút gọn.",
            "The text has {read} characters, which is too long. Shorten it.",
        ),
        DoubtKind.FORMULA_FAILED: (
            "Công thức trong ô không cho kết quả (“{value}”). Hãy ghi nội dung của ô bằng chữ hoặc số.",
            "The formula in this cell gives no value (“{value}”). Write what it should say.",
        ),
    }
)


class LeftOutKind(StrEnum):
    """Why something of a workbook was not read."""

    HIDDEN_SHEET = "HIDDEN_SHEET"
    SHEET_WITHOUT_LIST = "SHEET_WITHOUT_LIST"
    COLUMN_UNKNOWN = "COLUMN_UNKNOWN"
    ROW_BESIDE_LIST = "ROW_BESIDE_LIST"


LEFT_OUT: Final[Mapping[LeftOutKind, tuple[str, str]]] = MappingProxyType(
    {
        LeftOutKind.HIDDEN_SHEET: (
            "Trang tính bị ẩn nên không đọc. Nếu thuộc danh sách, hãy bỏ ẩn (Unhide) rồi gửi lại.",
            "The sheet is hidden, so it is not read. Unhide it and send the list again if it belongs to it.",
        ),
        LeftOutKind.SHEET_WITHOUT_LIST: (
            "Trang tính không có dòng tiêu đề cột của danh sách nên không đọc.",
            "The sheet has no row that names the columns of a list, so it is not read.",
        ),
        LeftOutKind.COLUMN_UNKNOWN: (
            "Không rõ cột này là gì nên không đọc. Nếu cần, hãy đặt lại tên cột.",
            "What this column holds is not known, so it is not read. Give it another name if it is needed.",
        ),
        LeftOutKind.ROW_BESIDE_LIST: (
            "Dòng không phải của danh sách (tiêu đề, tổng cộng, chữ ký) nên không đọc.",
            "The row is not one of the list (a heading, a sum, a signature), so it is not read.",
        ),
    }
)
