"""What can be wrong with a row of a list of units, people and posts, and how it is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of the list."""

    UNITS = "units"
    PEOPLE = "people"
    POSTS = "posts"


class FaultKind(StrEnum):
    """Why a row cannot be taken."""

    PARENT_UNKNOWN = "PARENT_UNKNOWN"
    LEVEL_OUT_OF_ORDER = "LEVEL_OUT_OF_ORDER"
    UNIT_TWICE = "UNIT_TWICE"
    UNIT_DIFFERS = "UNIT_DIFFERS"
    TWO_PEOPLE_ONE_CODE = "TWO_PEOPLE_ONE_CODE"
    PERSON_TWICE = "PERSON_TWICE"
    PERSON_DIFFERS = "PERSON_DIFFERS"
    PERSON_NOT_YOURS = "PERSON_NOT_YOURS"
    BIRTH_UNLIKELY = "BIRTH_UNLIKELY"
    USERNAME_TAKEN = "USERNAME_TAKEN"
    PASSWORD_TOO_EASY = "PASSWORD_TOO_EASY"  # noqa: S105 - a fault, no password
    UNIT_UNKNOWN = "UNIT_UNKNOWN"
    PERSON_UNKNOWN = "PERSON_UNKNOWN"
    PERSON_JOINED = "PERSON_JOINED"


FAULTS: Mapping[FaultKind, tuple[str, str]] = {
    FaultKind.PARENT_UNKNOWN: (
        "không có đơn vị cấp trên mã “{other}”; hãy thêm đơn vị đó lên trước, hoặc sửa mã",
        "there is no parent unit “{other}”; add it before this row, or correct its code",
    ),
    FaultKind.LEVEL_OUT_OF_ORDER: (
        "đơn vị cấp “{other}” không thể nằm dưới đơn vị này; hãy chọn đơn vị cấp trên khác",
        "a unit of level “{other}” cannot lie there; choose another parent",
    ),
    FaultKind.UNIT_TWICE: (
        "mã đơn vị đã có ở dòng {other} với nội dung khác; hãy cho mỗi đơn vị một mã",
        "row {other} gives this code to another unit; give each unit its own code",
    ),
    FaultKind.UNIT_DIFFERS: (
        "mã đơn vị đã có và ghi khác ({other}); hãy sửa dòng, hoặc chọn giữ nguyên điều đã có",
        "this code is known and says otherwise ({other}); correct the row, or choose to keep what is known",
    ),
    FaultKind.TWO_PEOPLE_ONE_CODE: (
        "mã người đã có ở dòng {other} với tên hoặc ngày sinh khác; hãy cho mỗi người một mã",
        "row {other} gives this code to somebody of another name or birth date; give each person a code",
    ),
    FaultKind.PERSON_TWICE: (
        "người này đã có ở dòng {other} với tên đăng nhập, mật khẩu hoặc địa chỉ thư khác; hãy ghi mỗi người "
        "một dòng",
        "row {other} names this person with another user name, password or mail address; name each person "
        "once",
    ),
    FaultKind.PERSON_DIFFERS: (
        "mã người đã có và ghi khác ({other}); hãy sửa dòng, hoặc chọn giữ nguyên hay sửa điều đã có",
        "this code is known and says otherwise ({other}); correct the row, or choose to keep or to change "
        "what is known",
    ),
    FaultKind.PERSON_NOT_YOURS: (
        (
            "người này thuộc đơn vị khác nên bạn không sửa được ({other}); hãy nhờ quản trị viên của các "
            "đơn vị đó"
        ),
        "this person belongs to other units, so you cannot change them ({other}); ask their administrator",
    ),
    FaultKind.BIRTH_UNLIKELY: (
        "ngày sinh {other} khó có thể đúng; hãy kiểm tra lại",
        "the birth date {other} can hardly be right; check it",
    ),
    FaultKind.USERNAME_TAKEN: (
        "tên đăng nhập “{other}” thuộc về người khác, hoặc người này đã có tên khác; hãy chọn tên khác",
        "the user name “{other}” is somebody else's, or this person has another one; choose another",
    ),
    FaultKind.PASSWORD_TOO_EASY: (
        "mật khẩu quá dễ đoán; hãy đặt mật khẩu khác",
        "the password is too easy to guess; set another",
    ),
    FaultKind.UNIT_UNKNOWN: (
        "không có đơn vị mã “{other}”; hãy sửa mã, hoặc thêm đơn vị vào danh sách",
        "there is no unit “{other}”; correct its code, or add the unit to the list",
    ),
    FaultKind.PERSON_UNKNOWN: (
        "không có người mã “{other}”; hãy sửa mã, hoặc thêm người vào danh sách",
        "there is no person “{other}”; correct the code, or add the person to the list",
    ),
    FaultKind.PERSON_JOINED: (
        "bản ghi này đã gộp vào mã “{other}” của cùng một người; hãy dùng mã đó",
        "this record was joined to “{other}”, which is the same person; use that code",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """A row that cannot be taken: `row` counts from 1 in its part."""

    part: Part
    row: int
    code: str
    kind: FaultKind
    other: str = ""

    @property
    def vi(self) -> str:
        """For people."""
        return FAULTS[self.kind][0].format(other=self.other)

    @property
    def en(self) -> str:
        """The same in English."""
        return FAULTS[self.kind][1].format(other=self.other)
