"""Who may give a person an account, or change it."""

from uuid import UUID

from kit.auth import Principal
from kit.db import Tx
from language.refusals import CodeTaken
from services.organisation.operations.recording import record_account
from services.organisation.operations.rights import own_or_admin
from services.organisation.sign_in.store import accounts
from services.organisation.store import people


async def set_account(
    tx: Tx, caller: Principal, person_id: UUID, username: str, password_hash: str | None
) -> str:
    """Make or change a person's account: an administrator over the person's units, or the person."""
    # The person's lock stands for that of an account which is not there yet.
    await people.get_person(tx, person_id, lock=True)
    actor = await own_or_admin(tx, caller, person_id)
    before = await accounts.lock_account_of(tx, person_id)
    if not await accounts.save_account(tx, username, person_id, password_hash):
        raise CodeTaken(code=username)
    await record_account(tx, before, username, person_id, password_set=password_hash is not None, actor=actor)
    return username
