"""Two records of one person: as what somebody stands in a matter, and how the person signs in afterwards."""

from enum import StrEnum


class JoinedAs(StrEnum):
    """As what somebody stands in a matter, or what else stands under a person's id."""

    AUTHOR = "AUTHOR"
    FILER = "FILER"
    MEMBER = "MEMBER"
    DECIDER = "DECIDER"
    PAYEE = "PAYEE"
    SIGNER = "SIGNER"
    LIST_MAKER = "LIST_MAKER"
    ASSIGNEE = "ASSIGNEE"
    DRAFTER = "DRAFTER"
    READER = "READER"
    SETTINGS = "SETTINGS"
    HOLDER = "HOLDER"
    ABSENT = "ABSENT"
    GRANTOR = "GRANTOR"
    DELEGATE = "DELEGATE"


class SignInAfter(StrEnum):
    """How the person signs in from then on. KEPT: with the kept record's account; MOVED: with that of the
    joined one, for the kept one had none; NONE: with neither, for neither had one."""

    KEPT = "KEPT"
    MOVED = "MOVED"
    NONE = "NONE"
