"""Who may give a person an account, or change it."""

from uuid import UUID

from casework.history.journal import note
from kit.auth import Principal
from kit.db import Tx
from language.refusals import CodeTaken
from services.organisation.operations.rights import own_or_admin
from services.organisation.sign_in.store import accounts
from services.organisation.store import people


async def set_account(
    tx: Tx, caller: Principal, person_id: UUID, username: str, password_hash: str | None
) -> str:
    """Make or change a person's account: an administrator over the person's units, or the person."""
    await people.get_person(tx, person_id)
    actor = await own_or_admin(tx, caller, person_id)
    if not await accounts.save_account(tx, username, person_id, password_hash):
        raise CodeTaken(code=username)
    await note(tx, actor, person_id, "AccountChanged")
    return username
