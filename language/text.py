"""Vietnamese text for search: case and marks folded away, and nothing in it a wildcard."""

import unicodedata


def fold(text: str) -> str:
    """Lower case without marks, `đ` as `d`, single spaces: `Đặng Thị Hoà` → `dang thi hoa`."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())


def containing(text: str) -> str:
    """The pattern for `like` that finds this text anywhere; its own `%`, `_` and `\\` are plain letters."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
