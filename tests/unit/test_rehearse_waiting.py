"""For what the check at the end of a season waits, and what the rules themselves leave open."""

from uuid import uuid4

import pytest
from temporalio.client import WorkflowExecutionStatus

from language.ids import DossierId
from language.names import payout_workflow_id
from rehearsal.playing import is_of_the_rules
from rehearsal.runs import payout_violation

RUNNING, FAILED = WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.FAILED
PAYOUT = payout_workflow_id(DossierId(uuid4()), "UNIT")


def test_a_payout_whose_award_waits_for_people_is_left_open_by_the_rules() -> None:
    assert is_of_the_rules(payout_violation(PAYOUT, RUNNING, {PAYOUT}))


@pytest.mark.parametrize(
    ("status", "unsettled"),
    [(RUNNING, set[str]()), (FAILED, {PAYOUT}), (FAILED, set[str]()), (None, {PAYOUT})],
    ids=["its award is settled", "it failed", "it failed at the end", "nobody knows"],
)
def test_a_payout_that_only_has_not_heard_yet_is_waited_for(
    status: WorkflowExecutionStatus | None, unsettled: set[str]
) -> None:
    violation = payout_violation(PAYOUT, status, unsettled)
    assert PAYOUT in violation
    assert not is_of_the_rules(violation)
