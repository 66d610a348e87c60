"""How soon a refused activity is tried again."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor

from casework.units import SuccessionUnderWay
from kit.temporal import RefusalsAreWaitedOut
from language.refusals import Refusal, UnitUnknown


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
    inbound = RefusalsAreWaitedOut().intercept_activity(_Refuses(refusal))

    async def tried() -> None:
        await inbound.execute_activity(None)  # type: ignore[arg-type]

    with pytest.raises(ApplicationError) as raised:
        await ActivityEnvironment().run(tried)
    assert (raised.value.type, raised.value.next_retry_delay) == (refusal.code, delay)
