"""One-time codes of whoever is signed in: set up with the password, renewed and removed with a code."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kit.auth import Principal
from kit.db import Tx
from language.events.actor import Actor
from services.organisation.domain.refusals import NoAccount
from services.organisation.sign_in.domain.account import Account
from services.organisation.sign_in.domain.refusals import OneTimeCodeWrong, PasswordWrong
from services.organisation.sign_in.operations import one_time_codes, passwords
from services.organisation.sign_in.operations.one_time_codes import (
    CodeRules,
    NewSecret,
    RecoveryCodes,
    Standing,
)
from services.organisation.sign_in.store import accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What somebody who is signed in typed, and when in real time."""

    typed: str = field(repr=False)
    now: datetime


async def read_codes(tx: Tx, caller: Principal, rules: CodeRules) -> Standing:
    """What the caller has."""
    return await one_time_codes.standing(tx, rules, caller.person_id)


async def begin(tx: Tx, caller: Principal, rules: CodeRules, shown: Shown) -> NewSecret:
    """What an application makes codes of; it counts from the first code on. Asks for the password, for a
    session may be stolen."""
    account = await _own(tx, caller.person_id)
    if not await passwords.is_right(shown.typed, account.password_hash):
        raise PasswordWrong
    return await one_time_codes.begin(tx, rules, account, shown.now)


async def confirm(tx: Tx, caller: Principal, rules: CodeRules, shown: Shown) -> RecoveryCodes:
    """The first code: from now on signing in takes one."""
    account = await _own(tx, caller.person_id)
    made = await one_time_codes.confirm(tx, rules, account.person_id, shown.typed, shown.now)
    if made is None:
        raise OneTimeCodeWrong
    return made


async def renew_recovery(tx: Tx, caller: Principal, rules: CodeRules, shown: Shown) -> RecoveryCodes:
    """Other recovery codes, for a code."""
    await _require_code(tx, caller, rules, shown)
    return await one_time_codes.renew_recovery(tx, caller.person_id)


async def remove(tx: Tx, caller: Principal, rules: CodeRules, shown: Shown) -> Standing:
    """Signing in takes no code any more, unless a post demands them: then others are set up first."""
    await _require_code(tx, caller, rules, shown)
    await one_time_codes.remove(tx, caller.person_id, Actor(person_id=caller.person_id))
    return await read_codes(tx, caller, rules)


async def _require_code(tx: Tx, caller: Principal, rules: CodeRules, shown: Shown) -> None:
    account = await _own(tx, caller.person_id)
    await one_time_codes.require_code(tx, rules, account.person_id, shown.typed, shown.now)


async def _own(tx: Tx, person_id: UUID) -> Account:
    account = await accounts.lock_account_of(tx, person_id)
    if account is None:
        raise NoAccount
    return account
