"""The first passwords of the administrators: from the environment of the job that makes them, or made up."""

import pytest

from processes.bootstrap import ADMIN, SECOND_ADMIN, FirstPasswords, bootstrap_organisation
from services.organisation.app import SERVICE
from services.organisation.sign_in.domain.refusals import PasswordTooEasy
from services.organisation.sign_in.operations.passwords import is_right
from services.organisation.sign_in.store.accounts import find_account
from tests.conftest import ServiceOpener

FIRST, SECOND = "0f3c9a2e77d1b840aa55", "91be04c7d3f20e6688aa"


async def test_passwords_that_were_given_are_taken_once_and_told_to_nobody(
    open_service: ServiceOpener,
) -> None:
    async with open_service(SERVICE) as service:
        given = {ADMIN: FIRST}
        told = await bootstrap_organisation(service.database, given)
        assert told[ADMIN] is None
        assert told[SECOND_ADMIN], "nobody knows it otherwise"
        again = await bootstrap_organisation(service.database, {ADMIN: SECOND})
        assert again == {ADMIN: None, SECOND_ADMIN: None}
        async with service.database.transaction() as tx:
            account = await find_account(tx, ADMIN)
        assert account is not None
        assert account.must_change
        assert await is_right(FIRST, account.password_hash), "a second first start changes nothing"


def test_the_environment_says_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_PASSWORD", FIRST)
    monkeypatch.delenv("SECOND_FIRST_PASSWORD", raising=False)
    assert FirstPasswords().given() == {ADMIN: FIRST}


def test_what_others_would_guess_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_PASSWORD", "admin")
    with pytest.raises(PasswordTooEasy):
        FirstPasswords().given()
