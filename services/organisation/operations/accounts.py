"""A person's account: made, its password set by an administrator or changed by its holder, closed, opened
again, signed out everywhere."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from casework.history.record import record
from kit.auth import Principal
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.events.organisation import AccountClosed, AccountReopened, SignedOutEverywhere
from language.ids import PersonId
from language.posts.reach import AbsenceChanged
from language.refusals import CodeTaken
from services.organisation.domain.refusals import NoAccount
from services.organisation.operations.recording import account_saved
from services.organisation.operations.rights import (
    another_admin_over,
    own_or_admin,
    require_not_ruling,
)
from services.organisation.operations.roster_changes import write_change
from services.organisation.sign_in.domain.account import Account
from services.organisation.sign_in.domain.refusals import InvitedWithPassword, PasswordWrong
from services.organisation.sign_in.operations import password_links, passwords, signing_in
from services.organisation.sign_in.operations.telling import Done, tell
from services.organisation.sign_in.operations.ways_in import require_not_appointed_by
from services.organisation.sign_in.store import accounts
from services.organisation.sign_in.store.one_time_codes import are_in_use
from services.organisation.store import people


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """An account as its holder and administrators see it."""

    username: str
    has_password: bool
    must_change: bool
    one_time_codes: bool
    closed_at: datetime | None


async def read_account(tx: Tx, caller: Principal, person_id: UUID) -> AccountState:
    """The account, for its holder and administrators over the person."""
    await own_or_admin(tx, caller, person_id)
    return await _state(tx, person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an administrator has an account be: its name, and a password, which the holder changes at the next
    sign-in; or an invitation, by which the holder chooses one."""

    username: str
    password: str | None = field(default=None, repr=False)
    invite: bool = False


async def set_account(
    tx: Tx, caller: Principal, person_id: UUID, wanted: Wanted, now: datetime, life: timedelta
) -> AccountState:
    """Make a person's account, set its password or invite the person, as an administrator over the person's
    units. Whoever administers the province gets a password from two. An invitation holds for `life`."""
    # The person's lock stands for that of an account which is not there yet.
    await people.get_person(tx, person_id, lock=True)
    actor = await another_admin_over(tx, caller, person_id)
    if wanted.password and wanted.invite:
        raise InvitedWithPassword
    before = await accounts.lock_account_of(tx, person_id)
    if wanted.password or wanted.invite:
        await require_not_ruling(tx, person_id)
        await require_not_appointed_by(tx, caller.person_id, person_id)
    await _save(tx, actor, person_id, wanted, before)
    if wanted.invite:
        account = _there(await accounts.find_account_of(tx, person_id))
        await password_links.invite(tx, actor, account, now, life)
    return await _state(tx, person_id)


async def _save(tx: Tx, actor: Actor, person_id: UUID, wanted: Wanted, before: Account | None) -> None:
    username, password = wanted.username, wanted.password
    if password:
        passwords.require_hard(password, username)
    # Not before the rights are known: a hash takes long.
    password_hash = await passwords.hash_password(password) if password else None
    if not await accounts.save_account(tx, username, person_id, password_hash, set_by=actor.person_id):
        raise CodeTaken(code=username)
    fact = account_saved(before, username, password_set=password_hash is not None)
    if (password or before is None) and not wanted.invite:
        await tell(tx, person_id, fact, actor, Done.PASSWORD_SET if password else Done.MADE)
    else:
        await record(tx, fact, about=person_id, actor=actor)


async def write_password(tx: Tx, actor: Actor, account: Account, password_hash: str, *, set_by: UUID) -> None:
    """Another password for an account that is there; its holder is told, and chooses the next one."""
    await accounts.save_account(tx, account.username, account.person_id, password_hash, set_by=set_by)
    fact = account_saved(account, account.username, password_set=True)
    await tell(tx, account.person_id, fact, actor, Done.PASSWORD_SET)


async def change_own_password(tx: Tx, caller: Principal, old: str, new: str, now: datetime) -> AccountState:
    """The holder chooses another password, with the old one; whoever was signed in no longer is."""
    account = _there(await accounts.lock_account_of(tx, caller.person_id))
    if not await passwords.is_right(old, account.password_hash):
        raise PasswordWrong
    new_hash = await signing_in.choose(account, old, new)
    await signing_in.change(tx, caller.person_id, new_hash, now)
    return await _state(tx, caller.person_id)


async def sign_out_everywhere(tx: Tx, caller: Principal, person_id: UUID, now: datetime) -> AccountState:
    """Whoever is signed in as the person no longer is: for the holder, and administrators over the person."""
    actor = await own_or_admin(tx, caller, person_id)
    _there(await accounts.lock_account_of(tx, person_id))
    await accounts.sign_out(tx, person_id, now)
    await tell(tx, person_id, SignedOutEverywhere(), actor, Done.SIGNED_OUT)
    return await _state(tx, person_id)


async def close_account(tx: Tx, caller: Principal, person_id: UUID, reason: str) -> AccountState:
    """Nobody signs in as the person any more, and tokens that are out are worth nothing; the work goes to
    whoever acts in the person's posts. Closed already, it stays as it is. Of whoever administers the province
    two close it."""
    actor = await another_admin_over(tx, caller, person_id)
    account = _there(await accounts.lock_account_of(tx, person_id))
    await require_not_ruling(tx, person_id)
    await write_closed(tx, actor, account, reason)
    return await _state(tx, person_id)


async def write_closed(tx: Tx, actor: Actor, account: Account, reason: str) -> None:
    """The account is closed, and its holder told; comes last in the transaction."""
    if account.disabled_at is None:
        await accounts.set_closed(tx, account.person_id, tx.now)
        await tell(tx, account.person_id, AccountClosed(reason=reason), actor, Done.CLOSED)
        await _write_absence(tx, account.person_id)


async def reopen_account(
    tx: Tx, caller: Principal, person_id: UUID, reason: str, now: datetime
) -> AccountState:
    """The person signs in again, and has the own work again; tokens from before it was closed stay worthless.
    Of whoever administers the province two open it."""
    actor = await another_admin_over(tx, caller, person_id)
    account = _there(await accounts.lock_account_of(tx, person_id))
    await require_not_ruling(tx, person_id)
    await write_reopened(tx, actor, account, reason, now)
    return await _state(tx, person_id)


async def write_reopened(tx: Tx, actor: Actor, account: Account, reason: str, now: datetime) -> None:
    """The account is open again, and its holder told; comes last in the transaction."""
    if account.disabled_at is not None:
        await accounts.set_closed(tx, account.person_id, None)
        await accounts.sign_out(tx, account.person_id, now)
        await tell(tx, account.person_id, AccountReopened(reason=reason), actor, Done.REOPENED)
        await _write_absence(tx, account.person_id)


async def _write_absence(tx: Tx, person_id: UUID) -> None:
    """From today on somebody else acts in the posts of whoever cannot sign in, or no longer does."""
    await write_change(tx, [AbsenceChanged(person_id=PersonId(person_id))], local_day(tx.now), None)


def _there(account: Account | None) -> Account:
    if account is None:
        raise NoAccount
    return account


async def _state(tx: Tx, person_id: UUID) -> AccountState:
    account = _there(await accounts.find_account_of(tx, person_id))
    return AccountState(
        username=account.username,
        has_password=account.password_hash is not None,
        must_change=account.must_change,
        one_time_codes=await are_in_use(tx, person_id),
        closed_at=account.disabled_at,
    )
