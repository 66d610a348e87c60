"""The levels of units at which councils may sit."""

from typing import Final

ORDER: Final = ("PROVINCE", "DISTRICT", "COMMUNE", "SCHOOL")
"""From above to below: each at most once on a path, in this order, and made from above. Other units (a
branch, a department) are made by anybody who administers the unit above them, and so hold no council."""
