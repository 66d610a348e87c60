"""How people are told, and what becomes of a mail."""

from enum import StrEnum


class Mode(StrEnum):
    """Whether a kind of notice is mailed as it comes, gathered in a daily mail, or only kept in the inbox."""

    NOW = "NOW"
    DIGEST = "DIGEST"
    OFF = "OFF"


class Language(StrEnum):
    """The language of a person's mails."""

    VI = "vi"
    EN = "en"


class MailState(StrEnum):
    """UNSURE: the server may have it, so it is not sent again by itself. FAILED: refused, or tried too
    often. NEEDLESS: when its time came nothing in it was open any more, so it was not sent."""

    WAITING = "WAITING"
    SENDING = "SENDING"
    SENT = "SENT"
    UNSURE = "UNSURE"
    FAILED = "FAILED"
    NEEDLESS = "NEEDLESS"
