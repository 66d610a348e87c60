"""What is wrong with a field, in Vietnamese: pydantic speaks English only."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from language.unfit import Unfit
from language.words.content import AUTHOR_FIELDS, CONTENT
from language.words.event_fields import FIELDS
from language.words.facts import say_fact

_DATES = ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact")
_INSTANTS = ("datetime_type", "datetime_parsing", "datetime_from_date_parsing")
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "thiếu mục này",
        "extra_forbidden": "mục này không có trong mẫu",
        "json_invalid": "không phải JSON đúng cú pháp",
        "enum": "phải là một trong: {expected}",
        "literal_error": "phải là một trong: {expected}",
        "string_too_short": "phải có ít nhất {min_length} ký tự",
        "string_too_long": "chỉ được có tối đa {max_length} ký tự",
        "string_pattern_mismatch": "sai dạng, phải theo mẫu {pattern}",
        "too_short": "phải có ít nhất {min_length} phần tử",
        "too_long": "chỉ được có tối đa {max_length} phần tử",
        "greater_than": "phải lớn hơn {gt}",
        "greater_than_equal": "phải từ {ge} trở lên",
        "less_than": "phải nhỏ hơn {lt}",
        "less_than_equal": "không được quá {le}",
        "timezone_aware": "thiếu múi giờ",
        **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "phải là số nguyên"),
        **dict.fromkeys(("bool_type", "bool_parsing"), "phải là true hoặc false"),
        **dict.fromkeys(("string_type", "string_unicode"), "phải là văn bản"),
        **dict.fromkeys(("uuid_type", "uuid_parsing"), "phải là một UUID"),
        **dict.fromkeys(_DATES, "phải là ngày có thật, dạng YYYY-MM-DD"),
        **dict.fromkeys(_INSTANTS, "phải là thời điểm, dạng YYYY-MM-DDThh:mm:ss+07:00"),
    }
)
_OTHER = "giá trị không đúng mẫu"


def in_english(found: Mapping[str, Any]) -> str:
    """The fault in English."""
    own = _own(found)
    return own.en if own else str(found["msg"])


def in_vietnamese(found: Mapping[str, Any]) -> str:
    """The fault in Vietnamese."""
    own = _own(found)
    limits = {name: _limit(value) for name, value in found.get("ctx", {}).items()}
    # Of a text behind a check of our own it is said as of any list.
    kind = f"string_{found['type']}" if isinstance(found.get("input"), str) else found["type"]
    words = _WORDS.get(kind) or _WORDS.get(found["type"], _OTHER)
    return own.vi if own else words.format_map(limits)


def place_in_vietnamese(found: Mapping[str, Any]) -> str:
    """Where in the body it is, in words: “tác giả thứ 1, tỷ lệ đóng góp”. What nobody has a word for, what
    stands in the address, and a field that is not known keep the name they were sent under."""
    place, *inner = found["loc"]
    if place != "body" or not inner or found["type"] == "extra_forbidden":
        return ".".join(str(part) for part in found["loc"])
    said = ""
    for part in inner:
        said += f" thứ {part + 1}" if isinstance(part, int) else f", {_called(part)}"
    return said.removeprefix(", ").strip()


def _called(field: str) -> str:
    words = CONTENT.get(field) or AUTHOR_FIELDS.get(field) or FIELDS.get(field)
    return words.vi if words else field


def _own(found: Mapping[str, Any]) -> Unfit | None:
    """What a check of our own says."""
    error = found.get("ctx", {}).get("error")
    return error if isinstance(error, Unfit) else None


def _limit(value: object) -> str:
    return say_fact(value).vi if isinstance(value, Decimal) else str(value).replace(" or ", " hoặc ")
