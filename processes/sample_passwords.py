"""`python -m processes.sample_passwords NAME…`: passwords for accounts of the sample province, as if their
holders had chosen them, so that anybody can try the pages as each of them. Prints one line of JSON. For
instances with made-up people only."""

import asyncio
import json
import secrets
import sys
from collections.abc import Sequence

from kit.clock import Clock
from kit.service import open_database
from kit.settings import settings_of
from processes.migrate import folders_of
from processes.starting import refusals_told
from services.organisation.app import SERVICE as ORGANISATION
from services.organisation.sign_in.operations.passwords import hash_password
from services.organisation.sign_in.store import accounts


async def give(names: Sequence[str]) -> dict[str, str]:
    """One password for all of them, since all are made up; the accounts that are there with it."""
    settings = settings_of(ORGANISATION.settings, ORGANISATION.name)
    database = await open_database(ORGANISATION.name, settings, Clock(), folders_of(ORGANISATION.name))
    password = secrets.token_urlsafe(12)
    digest = await hash_password(password)
    given = {}
    try:
        for name in names:
            async with database.transaction() as tx:
                account = await accounts.find_account(tx, name)
                if account is not None:
                    now = database.clock.real_now()
                    await accounts.change_password(tx, account.person_id, digest, now)
                    given[name] = password
    finally:
        await database.close()
    return given


def main() -> None:
    """The accounts named on the command line."""
    with refusals_told():
        given = asyncio.run(give(sys.argv[1:]))
    sys.stdout.write(json.dumps(given) + "\n")


if __name__ == "__main__":
    main()
