"""The kinds of case that review has."""

from typing import Final

from casework.case import Cases
from services.review.operations.examination import EXAMINATION

CASES: Final = Cases(EXAMINATION)
