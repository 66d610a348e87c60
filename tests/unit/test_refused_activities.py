"""How soon a refused activity is tried again."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor

from casework.units import SuccessionUnderWay
from kit.http.problems import problem_response
from kit.temporal import RefusalsAreWaitedOut
from language.refusals import Refusal, UnitUnknown
from tests.refusal_kinds import every_refusal, facts_wanted, refused


class _Refuses(ActivityInboundInterceptor):
    def __init__(self, refusal: Refusal) -> None:
        self._refusal = refusal

    async def execute_activity(self, input: Any) -> Any:
        raise self._refusal


@pytest.mark.parametrize(
    ("refusal", "delay"), [(SuccessionUnderWay(), None), (UnitUnknown(), timedelta(minutes=1))]
)
async def test_what_passes_by_itself_is_tried_again_at_the_pace_of_the_call(
    refusal: Refusal, delay: timedelta | None
) -> None:
    raised = await _raised_by_an_activity(refusal)
    assert (raised.type, raised.next_retry_delay) == (refusal.code, delay)


async def _raised_by_an_activity(refusal: Refusal) -> ApplicationError:
    inbound = RefusalsAreWaitedOut().intercept_activity(_Refuses(refusal))

    async def tried() -> None:
        await inbound.execute_activity(None)  # type: ignore[arg-type]

    with pytest.raises(ApplicationError) as raised:
        await ActivityEnvironment().run(tried)
    return raised.value


async def test_both_edges_say_of_the_same_refusals_that_they_pass_by_themselves() -> None:
    passing = set()
    for kind in every_refusal():
        refusal = refused(kind, dict.fromkeys(facts_wanted(kind), "x"))
        says_when = "Retry-After" in problem_response(refusal).headers
        is_waited_out = (await _raised_by_an_activity(refusal)).next_retry_delay is None
        assert (says_when, is_waited_out) == (refusal.passes_by_itself,) * 2, refusal.code
        passing |= {refusal.code} if refusal.passes_by_itself else set()
    assert {"ServiceBusy", "SuccessionUnderWay", "RecordsBeingJoined"} <= passing
