"""The kinds of rules that a pack can choose between: how marks are counted, what is voted, checked and
paid."""

from enum import StrEnum
from typing import Final

USUAL_SPREAD_MINUTES: Final = 5
"""Over how many minutes rungs of one instant are spread where a pack says nothing."""


class RungAnchor(StrEnum):
    """The end of the clock from which a rung's offset counts."""

    START = "START"
    DUE = "DUE"


class DayOffEnd(StrEnum):
    """When a term ends whose last day is a day off: on that day, or at the end of the next working day (Civil
    Code 2015, art. 148(5); L)."""

    LAST_DAY = "LAST_DAY"
    NEXT_WORKING_DAY = "NEXT_WORKING_DAY"


class StageInSuccessor(StrEnum):
    """What becomes of a stage that is open in a unit that ends: its council goes on in the successor, or the
    successor opens the level anew with a council of its own, and marks so far are void."""

    GOES_ON = "GOES_ON"
    OPENED_ANEW = "OPENED_ANEW"


class VotingMethod(StrEnum):
    """How the council votes. SECRET_BALLOT: whose vote it was is kept nowhere, only how many there were of
    each."""

    OPEN_VOTE = "OPEN_VOTE"
    SECRET_BALLOT = "SECRET_BALLOT"  # noqa: S105 - a manner of voting


class CountedOver(StrEnum):
    """Whom a share counts: every seat that the rules give the council, filled or not; the members that were
    found; or those present, which are those whose sheets are in."""

    SEATS = "SEATS"
    MEMBERS = "MEMBERS"
    PRESENT = "PRESENT"


class AggregationMethod(StrEnum):
    """How many sheets become one figure. WITHOUT_EXTREMES leaves out one highest and one lowest value of each
    figure."""

    MEAN = "MEAN"
    MEAN_WITHOUT_EXTREMES = "MEAN_WITHOUT_EXTREMES"


class RoundingMode(StrEnum):
    """What happens to the digits that are cut off."""

    HALF_UP = "HALF_UP"
    HALF_EVEN = "HALF_EVEN"
    DOWN = "DOWN"


class DeviationAction(StrEnum):
    """What follows when totals lie too far apart: FLAG is written into the decision's event, EXPLAIN asks the
    decider for reasons as well."""

    FLAG = "FLAG"
    EXPLAIN = "EXPLAIN"


class DecisionActKind(StrEnum):
    """What becomes of a decision after it was made. PAPER: number, date and signer that the office gave it.
    CORRECTION: a second decision mends a typing error of the first. CANCELLATION: a recognition no longer
    holds. REOPENING: what was refused is examined again, after a complaint."""

    PAPER = "PAPER"
    CORRECTION = "CORRECTION"
    CANCELLATION = "CANCELLATION"
    REOPENING = "REOPENING"


class CheckRuleKind(StrEnum):
    """What a rule of the formal check measures."""

    MIN_CONTRIBUTION_PERCENT = "MIN_CONTRIBUTION_PERCENT"
    MAX_AUTHORS = "MAX_AUTHORS"
    MIN_ATTACHMENTS = "MIN_ATTACHMENTS"


class RateBasis(StrEnum):
    """What a rate is paid for."""

    PER_SESSION = "PER_SESSION"
    PER_DOSSIER = "PER_DOSSIER"
    PER_SHEET = "PER_SHEET"


class PaidRole(StrEnum):
    """Who is paid for work in or beside a council."""

    CHAIR = "CHAIR"
    DEPUTY_CHAIR = "DEPUTY_CHAIR"
    SECRETARY = "SECRETARY"
    MEMBER = "MEMBER"
    REVIEWER = "REVIEWER"
    UNION_REPRESENTATIVE = "UNION_REPRESENTATIVE"
    ADMIN_SECRETARY = "ADMIN_SECRETARY"
    GUEST = "GUEST"


class DocumentKind(StrEnum):
    """Papers that a procedure brings forth."""

    RECOGNITION_REQUEST = "RECOGNITION_REQUEST"
    INITIATIVE_DESCRIPTION = "INITIATIVE_DESCRIPTION"
    RECEIPT = "RECEIPT"
    SCORE_SHEET = "SCORE_SHEET"
    SCORE_SUMMARY = "SCORE_SUMMARY"
    MINUTES = "MINUTES"
    RECOGNITION_DECISION = "RECOGNITION_DECISION"
    REFUSAL_NOTICE = "REFUSAL_NOTICE"
    INITIATIVE_CERTIFICATE = "INITIATIVE_CERTIFICATE"
    PAYMENT_LIST = "PAYMENT_LIST"
    ACTIVITY_REPORT = "ACTIVITY_REPORT"


class SeatRole(StrEnum):
    """A seat in a council."""

    CHAIR = "CHAIR"
    DEPUTY_CHAIR = "DEPUTY_CHAIR"
    SECRETARY = "SECRETARY"
    MEMBER = "MEMBER"
    UNION_REPRESENTATIVE = "UNION_REPRESENTATIVE"
