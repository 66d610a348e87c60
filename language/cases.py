"""Kinds of case, what may be wrong with one, and the grounds on which cases end."""

from enum import StrEnum
from typing import Final

STOPPED: Final = "STOPPED"
"""What is found of a run that an administrator has stopped: it goes on when somebody names it."""


class CaseType(StrEnum):
    """What has a deadline and somebody who must act: the name of its clock."""

    FORMAL_CHECK = "FORMAL_CHECK"
    EXAMINATION = "EXAMINATION"
    AWARD_APPROVAL = "AWARD_APPROVAL"
    PAYMENT_LIST = "PAYMENT_LIST"
    LIST_MAKING = "LIST_MAKING"
    COMPLAINT = "COMPLAINT"


class AlarmKind(StrEnum):
    """Why something is on the alarm list: the work of a case is with nobody who is there, its council is too
    small to reach the quorum, or its ladder has come to the root and nobody acts; an award is to be
    reversed, for its recognition was cancelled; what became known afterwards puts an act into question, and
    nobody has decided about it; the history of the service does not fit; a run does not go
    on: messages do not arrive at it, it ended before what it is about, its own steps fail again and again, or
    what it asks of a service does; or a webhook has turned itself off."""

    NOBODY_THERE = "NOBODY_THERE"
    COUNCIL_TOO_SMALL = "COUNCIL_TOO_SMALL"
    NOBODY_ACTS = "NOBODY_ACTS"
    MONEY_TO_CLAIM_BACK = "MONEY_TO_CLAIM_BACK"
    HISTORY_DOES_NOT_FIT = "HISTORY_DOES_NOT_FIT"
    MESSAGE_DOES_NOT_ARRIVE = "MESSAGE_DOES_NOT_ARRIVE"
    RUN_ENDED = "RUN_ENDED"
    RUN_FAILS = "RUN_FAILS"
    CALL_REFUSED = "CALL_REFUSED"
    ACT_IN_QUESTION = "ACT_IN_QUESTION"
    WEBHOOK_OFF = "WEBHOOK_OFF"


class DoubtCause(StrEnum):
    """What became known only afterwards, and puts into question what was done on days that were over."""

    HOLDING_ENDED = "HOLDING_ENDED"
    HOLDING_BEGUN = "HOLDING_BEGUN"
    LEAVE_ADDED = "LEAVE_ADDED"
    WORK_DELEGATED = "WORK_DELEGATED"
    DELEGATION_ENDED = "DELEGATION_ENDED"
    CALENDAR_CHANGED = "CALENDAR_CHANGED"
    UNIT_ENDED = "UNIT_ENDED"


class QuestionState(StrEnum):
    """An act in question waits for the unit above, stands, or is to be done again."""

    OPEN = "OPEN"
    STANDS = "STANDS"
    DO_AGAIN = "DO_AGAIN"


class QuestionOutcome(StrEnum):
    """What the unit above says of an act in question."""

    STANDS = "STANDS"
    DO_AGAIN = "DO_AGAIN"


class ComplaintEnd(StrEnum):
    """How a complaint about a refusal ends: it is right, and the dossier is examined again; it is not; or its
    author took it back. OVERTAKEN: the refusal no longer stands by another act."""

    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"
    WITHDRAWN = "WITHDRAWN"
    OVERTAKEN = "OVERTAKEN"


class RejectionGround(StrEnum):
    """Why a request is not accepted."""

    FILED_LATE = "FILED_LATE"
    NOT_SUPPLEMENTED = "NOT_SUPPLEMENTED"
    INCOMPLETE = "INCOMPLETE"


class RefusalGround(StrEnum):
    """Why an initiative is not recognised. NOT_EXAMINED: nobody had marked it when the superior had to end
    it."""

    NOT_NOVEL = "NOT_NOVEL"
    NOT_APPLIED = "NOT_APPLIED"
    NO_PRACTICAL_BENEFIT = "NO_PRACTICAL_BENEFIT"
    AGAINST_PUBLIC_ORDER = "AGAINST_PUBLIC_ORDER"
    IP_PROTECTED = "IP_PROTECTED"
    BELOW_THRESHOLD = "BELOW_THRESHOLD"
    VOTE_NOT_REACHED = "VOTE_NOT_REACHED"
    NOT_EXAMINED = "NOT_EXAMINED"


class Vote(StrEnum):
    """What a member answers to 'shall it be recognised?'."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"
    OTHER = "OTHER"


class WindowAct(StrEnum):
    """What an act makes of the time in which a season or a round takes dossiers."""

    EXTENDED = "EXTENDED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"


class Entered(StrEnum):
    """What somebody else entered about a person, as the person is told."""

    LEAVE_ADDED = "LEAVE_ADDED"
    LEAVE_CANCELLED = "LEAVE_CANCELLED"
    POST_TAKEN = "POST_TAKEN"
    POST_LEFT = "POST_LEFT"
    POST_PROPOSED = "POST_PROPOSED"
    DISMISSAL_PROPOSED = "DISMISSAL_PROPOSED"
    PROPOSAL_DROPPED = "PROPOSAL_DROPPED"
    NAME_CHANGED = "NAME_CHANGED"
    BIRTH_CHANGED = "BIRTH_CHANGED"
    MAIL_CHANGED = "MAIL_CHANGED"
    NOTICES_CHANGED = "NOTICES_CHANGED"
    ACCOUNT_MADE = "ACCOUNT_MADE"
    PASSWORD_SET = "PASSWORD_SET"  # noqa: S105 - what was done, no password


class AccountAct(StrEnum):
    """What lets somebody into an account or keeps its holder out, and so takes two administrators where one
    must not be alone."""

    SET_PASSWORD = "SET_PASSWORD"  # noqa: S105 - what is done, no password
    LINK_IDENTITY = "LINK_IDENTITY"
    UNLINK_IDENTITY = "UNLINK_IDENTITY"
    REMOVE_CODES = "REMOVE_CODES"
    CLOSE_ACCOUNT = "CLOSE_ACCOUNT"
    REOPEN_ACCOUNT = "REOPEN_ACCOUNT"


class RunFinding(StrEnum):
    """What does not fit between a service and its run at Temporal: Temporal knows none; it has ended though
    what it is about has not; it began before a restore, so that the two may know different things; the
    service knows nothing that it could be about."""

    RUN_MISSING = "RUN_MISSING"
    RUN_ENDED = "RUN_ENDED"
    RUN_FROM_BEFORE = "RUN_FROM_BEFORE"
    RUN_OF_NOTHING = "RUN_OF_NOTHING"
