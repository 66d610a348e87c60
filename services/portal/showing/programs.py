"""Browsers as people know them, by what they say of themselves."""

from collections.abc import Mapping
from typing import Final

_BROWSERS: Final[Mapping[str, str]] = {
    "coc_coc_browser": "Cốc Cốc",
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""The first that is named is it: each names those after it as well."""
_SYSTEMS: Final[Mapping[str, str]] = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Macintosh": "macOS",
    "Linux": "Linux",
}


def program(told: str) -> str:
    """`Chrome, Android`; nothing of what is not known."""
    found = (
        next((said for part, said in known.items() if part in told), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))
