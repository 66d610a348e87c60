"""Sign-ins that are renewed: each secret once, and one from before ends it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.organisation.app import SERVICE
from services.organisation.sign_in.domain.refusals import GrantInvalid
from services.organisation.sign_in.operations import renewing
from services.organisation.sign_in.store import accounts
from tests.conftest import ServiceOpener, TestService

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
LIFE = timedelta(hours=12)
PERSON = "insert into people (id, code, full_name, folded_name) values ($1, $2, 'x', 'x')"


async def _somebody(service: TestService) -> UUID:
    person_id = uuid4()
    async with service.database.transaction() as tx:
        await tx.conn.execute(PERSON, person_id, person_id.hex)
        await accounts.save_account(tx, person_id.hex[:20], person_id, None)
    return person_id


async def _begun(service: TestService, person_id: UUID) -> str:
    async with service.database.transaction() as tx:
        return await renewing.begin(tx, person_id, "portal", NOW, LIFE)


async def _renewed(service: TestService, token: str, at: datetime, client: str = "portal") -> str | None:
    async with service.database.transaction() as tx:
        found = await renewing.renew(tx, token, client, at)
    return found[1] if found else None


async def test_each_secret_renews_once(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        first = await _begun(service, await _somebody(service))
        second = await _renewed(service, first, NOW + timedelta(hours=1))
        assert second
        assert second != first
        third = await _renewed(service, second, NOW + timedelta(hours=2))
        assert third
        # Somebody else has the first one still: whoever it is, the sign-in is over for both.
        assert await _renewed(service, second, NOW + timedelta(hours=3)) is None
        with pytest.raises(GrantInvalid):
            await _renewed(service, third, NOW + timedelta(hours=3))


async def test_an_answer_that_was_lost_may_be_asked_for_again(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        first = await _begun(service, await _somebody(service))
        assert await _renewed(service, first, NOW)
        again = await _renewed(service, first, NOW + timedelta(seconds=5))
        assert again
        assert await _renewed(service, again, NOW + timedelta(hours=1))


@pytest.mark.parametrize("wrong", ["", "x", f"{UUID(int=7)}.secret", f"{UUID(int=7)}", "\x01.\x02"])
async def test_what_was_never_given_renews_nothing(open_service: ServiceOpener, wrong: str) -> None:
    async with open_service(SERVICE) as service:
        with pytest.raises(GrantInvalid):
            await _renewed(service, wrong, NOW)


async def test_a_sign_in_ends(open_service: ServiceOpener) -> None:
    async with open_service(SERVICE) as service:
        person_id = await _somebody(service)
        late, elsewhere, closed, out, revoked = [await _begun(service, person_id) for _ in range(5)]
        with pytest.raises(GrantInvalid):
            await _renewed(service, late, NOW + LIFE)
        with pytest.raises(GrantInvalid):
            await _renewed(service, elsewhere, NOW, client="another")
        async with service.database.transaction() as tx:
            await renewing.end(tx, revoked)
        with pytest.raises(GrantInvalid):
            await _renewed(service, revoked, NOW)
        async with service.database.transaction() as tx:
            await accounts.sign_out(tx, person_id, NOW + timedelta(minutes=1))
        with pytest.raises(GrantInvalid):
            await _renewed(service, out, NOW + timedelta(minutes=2))
        async with service.database.transaction() as tx:
            await accounts.set_closed(tx, person_id, NOW)
        with pytest.raises(GrantInvalid):
            await _renewed(service, closed, NOW + timedelta(minutes=2))
