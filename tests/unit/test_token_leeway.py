"""Two machines' clocks are never the same: a token holds some seconds around its time, and no longer."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from kit.auth import TokenVerifier, Unauthenticated
from kit.clock import Clock
from tests.conftest import AUDIENCE, ISSUER, TestIssuer

LIFE = 3600


class OtherClock(Clock):
    """The clock of another machine, so many seconds away."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.away = timedelta(seconds=seconds)

    def real_now(self) -> datetime:
        """The instant there."""
        return super().real_now() + self.away


def _verifier(issuer: TestIssuer, clock: Clock) -> TokenVerifier:
    return TokenVerifier(own=ISSUER, audience=AUDIENCE, keys={ISSUER: issuer}, clock=clock)


@pytest.mark.parametrize("seconds", [-7, 0, LIFE - 1, LIFE + 7])
async def test_a_token_holds_some_seconds_around_its_time(issuer: TestIssuer, seconds: int) -> None:
    person = uuid4()
    found = await _verifier(issuer, OtherClock(seconds)).verify(issuer.token(person))
    assert found.subject == str(person)


@pytest.mark.parametrize("seconds", [-30, LIFE + 30])
async def test_a_token_holds_no_longer(issuer: TestIssuer, seconds: int) -> None:
    with pytest.raises(Unauthenticated):
        await _verifier(issuer, OtherClock(seconds)).verify(issuer.token(uuid4()))


async def test_a_token_that_is_remembered_ends_at_the_same_time(issuer: TestIssuer) -> None:
    clock, token = OtherClock(0), issuer.token(uuid4())
    verifier = _verifier(issuer, clock)
    await verifier.verify(token)
    clock.away = timedelta(seconds=LIFE + 7)
    await verifier.verify(token)
    clock.away = timedelta(seconds=LIFE + 30)
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)
