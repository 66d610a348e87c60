"""A person's account: made, its password set by an administrator or changed by its holder, closed, opened
again, signed out everywhere."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from casework.history.record import record
from casework.notices import Matter, NewNotice, notify
from kit.auth import Principal
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.events.base import Fact
from language.events.organisation import AccountClosed, AccountReopened, SignedOutEverywhere
from language.messages.notices import NoticeKind
from language.refusals import CodeTaken
from services.organisation.domain.levels import FROM_ABOVE
from services.organisation.domain.refusals import AppointedByYou, NoAccount
from services.organisation.operations.recording import account_saved
from services.organisation.operations.rights import another_admin_over, own_or_admin
from services.organisation.sign_in.domain.account import Account
from services.organisation.sign_in.domain.refusals import PasswordWrong
from services.organisation.sign_in.operations import passwords, signing_in
from services.organisation.sign_in.store import accounts
from services.organisation.store import people


class Done(StrEnum):
    """What somebody else did to an account, as its holder is told."""

    PASSWORD_SET = "PASSWORD_SET"  # noqa: S105 - what was done, no password
    LINKED = "LINKED"
    UNLINKED = "UNLINKED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"
    SIGNED_OUT = "SIGNED_OUT"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """An account as its holder and administrators see it."""

    username: str
    has_password: bool
    must_change: bool
    closed_at: datetime | None


async def tell(tx: Tx, person_id: UUID, fact: Fact, actor: Actor, done: Done) -> None:
    """Record what somebody did to an account, and tell its holder, unless it was the holder."""
    event_id = await record(tx, fact, about=person_id, actor=actor)
    if actor.person_id != person_id:
        person = await people.get_person(tx, person_id)
        matter = Matter(subject_id=person_id, subject_code=person.code)
        told = NewNotice(
            event_id=event_id,
            person_id=person_id,
            kind=NoticeKind.ACCOUNT_CHANGED,
            matter=matter,
            detail=done,
        )
        await notify(tx, [told])


async def read_account(tx: Tx, caller: Principal, person_id: UUID) -> AccountState:
    """The account, for its holder and administrators over the person."""
    await own_or_admin(tx, caller, person_id)
    return _state(_there(await accounts.find_account_of(tx, person_id)))


async def set_account(
    tx: Tx, caller: Principal, person_id: UUID, username: str, password: str | None
) -> AccountState:
    """Make a person's account or set its password, as an administrator over the person's units. Such a
    password is changed by the holder at the next sign-in."""
    # The person's lock stands for that of an account which is not there yet.
    await people.get_person(tx, person_id, lock=True)
    actor = await another_admin_over(tx, caller, person_id)
    before = await accounts.lock_account_of(tx, person_id)
    if password:
        await require_not_appointed_by(tx, caller, person_id)
        passwords.require_hard(password, username)
    # Not before the rights are known: a hash takes long.
    password_hash = await passwords.hash_password(password) if password else None
    if not await accounts.save_account(tx, username, person_id, password_hash, set_by=caller.person_id):
        raise CodeTaken(code=username)
    fact = account_saved(before, username, password_set=password_hash is not None)
    if password:
        await tell(tx, person_id, fact, actor, Done.PASSWORD_SET)
    else:
        await record(tx, fact, about=person_id, actor=actor)
    return _state(_there(await accounts.find_account_of(tx, person_id)))


async def require_not_appointed_by(tx: Tx, caller: Principal, person_id: UUID) -> None:
    """`AppointedByYou` where the caller gave this person a post that decides, signs or appoints."""
    if await people.was_appointed_by(tx, person_id, caller.person_id, FROM_ABOVE, local_day(tx.now)):
        raise AppointedByYou


async def change_own_password(tx: Tx, caller: Principal, old: str, new: str, now: datetime) -> AccountState:
    """The holder chooses another password, with the old one; whoever was signed in no longer is."""
    account = _there(await accounts.lock_account_of(tx, caller.person_id))
    if not await passwords.is_right(old, account.password_hash):
        raise PasswordWrong
    new_hash = await signing_in.choose(account, old, new)
    await signing_in.change(tx, caller.person_id, new_hash, now)
    return _state(_there(await accounts.find_account_of(tx, caller.person_id)))


async def sign_out_everywhere(tx: Tx, caller: Principal, person_id: UUID, now: datetime) -> AccountState:
    """Whoever is signed in as the person no longer is: for the holder, and administrators over the person."""
    actor = await own_or_admin(tx, caller, person_id)
    account = _there(await accounts.lock_account_of(tx, person_id))
    await accounts.sign_out(tx, person_id, now)
    await tell(tx, person_id, SignedOutEverywhere(), actor, Done.SIGNED_OUT)
    return _state(account)


async def close_account(tx: Tx, caller: Principal, person_id: UUID, reason: str) -> AccountState:
    """Nobody signs in as the person any more, and tokens that are out are worth nothing. Closed already, it
    stays as it is."""
    actor = await another_admin_over(tx, caller, person_id)
    account = _there(await accounts.lock_account_of(tx, person_id))
    if account.disabled_at is None:
        await accounts.set_closed(tx, person_id, tx.now)
        await tell(tx, person_id, AccountClosed(reason=reason), actor, Done.CLOSED)
    return _state(_there(await accounts.find_account_of(tx, person_id)))


async def reopen_account(
    tx: Tx, caller: Principal, person_id: UUID, reason: str, now: datetime
) -> AccountState:
    """The person signs in again; tokens from before it was closed stay worthless."""
    actor = await another_admin_over(tx, caller, person_id)
    account = _there(await accounts.lock_account_of(tx, person_id))
    if account.disabled_at is not None:
        await accounts.set_closed(tx, person_id, None)
        await accounts.sign_out(tx, person_id, now)
        await tell(tx, person_id, AccountReopened(reason=reason), actor, Done.REOPENED)
    return _state(_there(await accounts.find_account_of(tx, person_id)))


def _there(account: Account | None) -> Account:
    if account is None:
        raise NoAccount
    return account


def _state(account: Account) -> AccountState:
    return AccountState(
        username=account.username,
        has_password=account.password_hash is not None,
        must_change=account.must_change,
        closed_at=account.disabled_at,
    )
