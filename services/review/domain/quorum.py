"""How many members must have marked."""

from dataclasses import dataclass

from language.plan.review_plan import Share
from language.plan.rule_kinds import CountedOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """The share as it stands now, of the seats that the rules give the council, or of the members that were
    found where the rules say so. Waived: the decision need not wait for members any longer."""

    share: Share
    seats: int
    waived: bool = False

    def needed(self, members: int) -> int:
        """How many sheets are enough."""
        return self.share.of(self.seats if self.share.counted_over is CountedOver.SEATS else members)

    def met_by(self, sheets: int, members: int) -> bool:
        """So many sheets of so many members are enough. Where nobody sits there is nobody to wait for: the
        superior has to end the stage."""
        return self.waived or members == 0 or sheets >= self.needed(members)
