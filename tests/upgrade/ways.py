"""How far each dossier is brought before the upgrade, and what becomes of it on the way: one at every
step."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rehearsal.hands import Task

STATIONS: Final = (
    "FORMAL_CHECK",
    "SUPPLEMENT",
    *(f"{level} {kind}" for level in ("UNIT", "COMMUNE", "PROVINCE") for kind in ("MARK", "DECIDE")),
    "SETTLE_COMPLAINT",
    "VERIFY_AWARD",
    "APPROVE_AWARD",
    "MAKE_LIST",
    "SEND_LIST",
    "CONFIRM_LIST",
)
"""The tasks that a dossier brings to people, in the order in which they come."""
END: Final = "END"


def station_of(task: Task) -> str:
    """Where the dossier of this task stands."""
    kind = str(task["kind"])
    return f"{task['level']} {kind}" if kind in {"MARK", "DECIDE"} else kind


class Check(StrEnum):
    """What the officer makes of the request."""

    ACCEPT = "ACCEPT"
    SUPPLEMENT = "SUPPLEMENT"
    REJECT = "REJECT"


class After(StrEnum):
    """What is done once the dossier has come so far."""

    NOTHING = "NOTHING"
    COMPLAIN = "COMPLAIN"
    WITHDRAW = "WITHDRAW"
    SUSPEND = "SUSPEND"
    EXTEND = "EXTEND"
    DECIDE_LAST = "DECIDE_LAST"
    """In the last second before the program is stopped."""
    WITHDRAW_LAST = "WITHDRAW_LAST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`until`: the task that is left open, or END. `sheets`: how many of its marks are in. `refused`: its
    first council refuses it; else it recognises, and proposes where it `goes_up`. `waits`: after the upgrade
    nobody touches it until a rung of its clock has fired."""

    name: str
    until: str
    check: Check = Check.ACCEPT
    sheets: int = 0
    refused: bool = False
    goes_up: bool = True
    after: After = After.NOTHING
    waits: bool = False

    @property
    def pays(self) -> bool:
        """It is recognised, which brings money."""
        is_withdrawn = self.after in {After.WITHDRAW, After.WITHDRAW_LAST}
        return self.check is not Check.REJECT and not self.refused and not is_withdrawn

    def is_before(self, station: str) -> bool:
        """The task is on the way to where the dossier is brought. What somebody complains of stays open."""
        if station == "SETTLE_COMPLAINT":
            return False
        return self.until == END or STATIONS.index(station) < STATIONS.index(self.until)


WAYS: Final = (
    Way(name="under check", until="FORMAL_CHECK"),
    Way(name="under check, left to the clock", until="FORMAL_CHECK", waits=True),
    Way(name="supplement awaited", until="SUPPLEMENT", check=Check.SUPPLEMENT),
    Way(name="rejected, complaint under way", until=END, check=Check.REJECT, after=After.COMPLAIN),
    Way(name="being marked", until="UNIT MARK"),
    Way(name="being marked after a supplement", until="UNIT MARK", check=Check.SUPPLEMENT),
    Way(name="being marked, left to the clock", until="UNIT MARK", waits=True),
    Way(name="partly marked", until="UNIT MARK", sheets=2),
    Way(name="being marked, suspended", until="UNIT MARK", after=After.SUSPEND),
    Way(name="being marked, extended", until="UNIT MARK", after=After.EXTEND),
    Way(name="withdrawn under check", until="FORMAL_CHECK", after=After.WITHDRAW),
    Way(name="withdrawn as the program stops", until="UNIT MARK", after=After.WITHDRAW_LAST),
    Way(name="to be decided in the unit", until="UNIT DECIDE"),
    Way(name="decided as the program stops", until="UNIT DECIDE", after=After.DECIDE_LAST),
    Way(name="refused, complaint under way", until=END, refused=True, after=After.COMPLAIN),
    Way(name="refused", until=END, refused=True),
    Way(name="being marked in the commune", until="COMMUNE MARK"),
    Way(name="to be decided in the commune", until="COMMUNE DECIDE"),
    Way(name="being marked in the province", until="PROVINCE MARK"),
    Way(name="to be decided in the province", until="PROVINCE DECIDE"),
    Way(name="award to be verified", until="VERIFY_AWARD", goes_up=False),
    Way(name="award to be verified, left to the clock", until="VERIFY_AWARD", goes_up=False, waits=True),
    Way(name="award to be approved", until="APPROVE_AWARD", goes_up=False),
    Way(name="payment list to be made", until="MAKE_LIST", goes_up=False),
    Way(name="payment list to be sent", until="SEND_LIST", goes_up=False),
    Way(name="payment list to be confirmed", until="CONFIRM_LIST", goes_up=False, waits=True),
    Way(name="paid", until=END, goes_up=False),
)
