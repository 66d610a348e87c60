"""Field codes of Word documents: those that start a program, or take something from elsewhere."""

import re
from typing import Final

from services.intake.domain.refusals import AttachmentActive

_NESTED: Final = "\ufffc"
_STARTS: Final = re.compile(r"DDE|CONTROL\b|HTMLCONTROL\b", re.IGNORECASE)
_TAKES: Final = re.compile(
    r"(?:LINK|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|RD|AUTOTEXTLIST)\b", re.IGNORECASE
)
_PICTURE: Final = re.compile(r"INCLUDEPICTURE\b", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]+:/{2}(?!/[a-z]:)|(?<![\w:\\])\\{2,4}[\w.]", re.IGNORECASE)
_ON_THE_WEB: Final = re.compile(r"https?://", re.IGNORECASE)
_COMPUTED: Final = re.compile(r"=|IF\ufffc", re.IGNORECASE)


def require_harmless_code(code: str) -> None:
    """Refused is a code that starts a program (DDE), one that takes text or an object from another machine,
    and one whose name is made by another field: nobody could know what it is.

    A picture from the Web stays: so pages are pasted, and it is fetched only when somebody asks for it."""
    said = code.lstrip().lstrip("\"'“”").lstrip()
    name = said.split(maxsplit=1)[0] if said else ""
    if _STARTS.match(said) or (_NESTED in name and not _COMPUTED.match(name)):
        raise AttachmentActive
    if not _TAKES.match(said):
        return
    where = _ON_THE_WEB.sub("", said) if _PICTURE.match(said) else said
    if _ELSEWHERE.search(where):
        raise AttachmentActive


class Fields:
    """The fields of one text, in its order; a code may come in many pieces, and with other fields in it."""

    def __init__(self) -> None:
        self._open: list[list[str] | None] = []

    def begin(self) -> None:
        """A field begins, maybe within the code of another one."""
        if self._open and (around := self._open[-1]) is not None:
            around.append(_NESTED)
        self._open.append([])

    def says(self, text: str) -> None:
        """A piece of text; outside of codes it says nothing."""
        if self._open and (code := self._open[-1]) is not None:
            code.append(text)

    def shows(self) -> None:
        """The code is over; what follows is its result."""
        if self._open:
            self._judge()
            self._open[-1] = None

    def end(self) -> None:
        """The field is over."""
        if self._open:
            self._judge()
            self._open.pop()

    def close(self) -> None:
        """The text is over, and every field that was left open."""
        while self._open:
            self.end()

    def _judge(self) -> None:
        code = self._open[-1]
        if code is not None:
            require_harmless_code("".join(code))
