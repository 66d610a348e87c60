"""Choosing a password by a link that a mail brings: on the invitation of an administrator, or because it was
forgotten. The secret of a link is made where the mail is sent, and is never here but when it is shown."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kit.db import Database, Tx
from kit.ids import new_id
from language.deadline.arithmetic import local_day
from language.events.accounts import InvitationSent, PasswordLinkSent, PasswordLinkUsed
from language.events.actor import CLOCK_ACTED, Actor
from services.organisation.domain.act_refusals import BeingJoined
from services.organisation.domain.refusals import AppointedByYou
from services.organisation.sign_in.domain.account import Account
from services.organisation.sign_in.domain.password_links import (
    PasswordLink,
    ShownLink,
    digest_of,
    require_good,
    shown_link,
)
from services.organisation.sign_in.domain.refusals import (
    AccountClosed,
    AddressByAppointer,
    InvitedToClosed,
    LinkReplaced,
    LinkUnknown,
    NowhereToInvite,
    PasswordUnchanged,
)
from services.organisation.sign_in.operations import waiting
from services.organisation.sign_in.operations.passwords import hash_password, is_right, require_hard
from services.organisation.sign_in.operations.telling import Done, tell_anyway
from services.organisation.sign_in.operations.ways_in import require_not_appointed_by
from services.organisation.sign_in.store import accounts, password_links
from services.organisation.sign_in.store.one_time_codes import are_in_use
from services.organisation.store import administrators, people

ANSWERED_AFTER = 0.3
"""Seconds that the answer to a forgotten password takes at least: what is written of an account that is there
is not to be seen by a watch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The code of a mail, the password chosen with it, and from which address."""

    code: str = field(repr=False)
    password: str = field(repr=False)
    address: str


async def invite(tx: Tx, actor: Actor, account: Account, now: datetime, life: timedelta) -> None:
    """Have the person mailed a link; what was mailed before is good no more. Whether the actor may is the
    caller's question. The account is locked."""
    if account.disabled_at is not None:
        raise InvitedToClosed
    address = (await people.get_person(tx, account.person_id)).mail_address
    if address is None:
        raise NowhereToInvite
    if await _is_entered_by_appointer(tx, account, address):
        raise AddressByAppointer
    told = _Told(actor=actor, fact=InvitationSent, done=Done.INVITED)
    await _send(tx, told, account, address, (now, life))


async def ask(database: Database, username: str, address: str, life: timedelta) -> None:
    """Somebody has forgotten the password of this name. What becomes of it is told in the mail, and to nobody
    else: the answer is the same after the same time, whether there is such an account or not."""
    answered_at = asyncio.get_running_loop().time() + ANSWERED_AFTER
    if await waiting.count_link_asked(database, username, address):
        now = database.clock.real_now()
        async with database.transaction() as tx:
            account = await accounts.find_account(tx, username)
            if account is not None and await accounts.lock_account_of(tx, account.person_id) == account:
                await _send_if_possible(tx, account, now, life)
    await asyncio.sleep(answered_at - asyncio.get_running_loop().time())


async def _send_if_possible(tx: Tx, account: Account, now: datetime, life: timedelta) -> None:
    address = (await people.get_person(tx, account.person_id)).mail_address
    if account.disabled_at is not None or address is None:
        return
    if await _takes_two(tx, account) or await _is_entered_by_appointer(tx, account, address):
        return
    await _send(tx, _ASKED, account, address, (now, life))


async def _takes_two(tx: Tx, account: Account) -> bool:
    """An administrator who alone changes the mail address of one who administers the province would be in:
    but not where the account asks for a code, which no mail gives."""
    rules = await administrators.rules_province(tx, account.person_id, local_day(tx.now))
    return rules and not await are_in_use(tx, account.person_id)


async def _is_entered_by_appointer(tx: Tx, account: Account, address: str) -> bool:
    """Whoever wrote down the address may read what goes there. The same person may not open a way into the
    account of somebody to whom they gave a post that decides; a one-time code keeps them out."""
    entered_by = await password_links.who_entered(tx, account.person_id, address)
    if entered_by is None or await are_in_use(tx, account.person_id):
        return False
    try:
        await require_not_appointed_by(tx, entered_by, account.person_id)
    except (AppointedByYou, BeingJoined):
        return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """How a link that is mailed is recorded and told: by whom, and as what."""

    actor: Actor
    fact: type[InvitationSent] | type[PasswordLinkSent]
    done: Done


_ASKED = _Told(actor=CLOCK_ACTED, fact=PasswordLinkSent, done=Done.LINK_ASKED)


async def _send(
    tx: Tx, told: _Told, account: Account, address: str, span: tuple[datetime, timedelta]
) -> None:
    link_id, (now, life) = new_id(), span
    event_id = await tell_anyway(tx, account.person_id, told.fact(link_id=link_id), told.actor, told.done)
    await accounts.end_links(tx, account.person_id)
    link = PasswordLink(
        id=link_id,
        person_id=account.person_id,
        event_id=event_id,
        is_invitation=told.done is Done.INVITED,
        address_digest=digest_of(address),
        sent_at=now,
        good_until=now + life,
    )
    await password_links.insert_link(tx, link)


async def use(database: Database, chosen: Chosen) -> str:
    """Choose a password by a link: whoever was signed in no longer is, one-time codes stay, and the person is
    told. Each link is looked at after it was counted, and once more when the account is locked. The name to
    sign in with."""
    await waiting.count_link_shown(database, chosen.address)
    shown = shown_link(chosen.code)
    if shown is None:
        raise LinkUnknown
    now = database.clock.real_now()
    async with database.reading() as tx:
        _, account = await _opened(tx, shown, now)
    require_hard(chosen.password, account.username)
    if await is_right(chosen.password, account.password_hash):
        raise PasswordUnchanged
    password_hash = await hash_password(chosen.password)
    async with database.transaction() as tx:
        # Of two at once the second waits here, and finds the link used.
        locked = await accounts.lock_account_of(tx, account.person_id)
        link, _ = await _opened(tx, shown, now)
        if locked != account:
            raise LinkReplaced
        await password_links.set_used(tx, link.id, now)
        await accounts.change_password(tx, account.person_id, password_hash, now)
        own = Actor(person_id=account.person_id)
        await tell_anyway(tx, account.person_id, PasswordLinkUsed(link_id=link.id), own, Done.LINK_USED)
        await waiting.take_back_link_shown(tx, chosen.address)
    return account.username


async def _opened(tx: Tx, shown: ShownLink, now: datetime) -> tuple[PasswordLink, Account]:
    """The link and its account. What has become of it is told only to whoever has its secret."""
    link = await password_links.find_link(tx, shown.link_id)
    if link is None or not await password_links.was_mailed(tx, shown.link_id, shown.digest):
        raise LinkUnknown
    account = await accounts.find_account_of(tx, link.person_id)
    if account is None:
        raise LinkUnknown
    if account.disabled_at is not None:
        raise AccountClosed
    require_good(link, (await people.get_person(tx, link.person_id)).mail_address, now)
    return link, account
