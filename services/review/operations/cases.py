"""The kinds of case that review has."""

from typing import Final

from casework.case import Cases
from casework.succession_watch import PostColumn, UnitRows
from services.review.operations.complaint_case import COMPLAINT
from services.review.operations.examination import EXAMINATION

CASES: Final = Cases(EXAMINATION, COMPLAINT)
UNIT_ROWS: Final = (
    UnitRows(table="stages", passed_on="state = 'OPEN'"),
    UnitRows(table="complaints", passed_on="ended is null"),
)
POST_COLUMNS: Final = (
    PostColumn(table="seats", column="post_id", about="stage_id"),
    PostColumn(table="stages", column="decider_post_id", about="id"),
)
"""An open stage goes on in its council, in the successor of its unit, and a complaint is settled there; what
was decided keeps the unit of its day."""
