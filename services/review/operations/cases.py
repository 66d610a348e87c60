"""The kinds of case that review has."""

from typing import Final

from casework.case import Cases
from casework.succession_watch import PostColumn, UnitRows
from services.review.operations.examination import EXAMINATION

CASES: Final = Cases(EXAMINATION)
UNIT_ROWS: Final = (UnitRows(table="stages", passed_on="state = 'OPEN'"),)
POST_COLUMNS: Final = (
    PostColumn(table="seats", column="post_id", about="stage_id"),
    PostColumn(table="stages", column="decider_post_id", about="id"),
)
"""An open stage goes on in its council, in the successor of its unit; what was decided keeps the unit of its
day."""
