"""One-time codes by the clock (RFC 6238): begun with a secret that is shown once, in use from the first code
on, each taken once; and the recovery codes for whoever has lost the device."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from pyotp.exceptions import OTPVerificationError

from casework.roster import held_posts
from kit.db import Tx
from kit.wire import KeyRing, SecretUnreadable
from language.deadline.arithmetic import local_day
from language.events.accounts import (
    OneTimeCodesConfirmed,
    OneTimeCodesRemoved,
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
)
from language.events.actor import Actor
from language.posts.kinds import PostKind
from services.organisation.settings import OrganisationSettings
from services.organisation.sign_in.domain import one_time_codes as domain
from services.organisation.sign_in.domain.account import Account
from services.organisation.sign_in.domain.one_time_codes import CodesOf
from services.organisation.sign_in.domain.refusals import (
    NoOneTimeCodes,
    OneTimeCodeKeyMissing,
    OneTimeCodesInUse,
    OneTimeCodeWrong,
)
from services.organisation.sign_in.operations.telling import Done, tell_anyway
from services.organisation.sign_in.store import one_time_codes as store

_ISSUER: Final = "Sáng Kiến"
_LEEWAY_STEPS: Final = 1
"""Thirty seconds to each side: the clocks of telephones are never quite right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRules:
    """`ring` seals secrets; whoever holds a post of the kinds `demanded_of` signs in with codes only."""

    ring: KeyRing | None
    demanded_of: frozenset[PostKind]

    @classmethod
    def of(cls, settings: OrganisationSettings) -> "CodeRules":
        """What the installation has set."""
        return cls(ring=settings.code_ring, demanded_of=settings.code_posts)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """What an application makes codes of, as text and as the address that it reads. Shown once."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodes:
    """Each stands for a one-time code, once. Shown once."""

    person_id: UUID
    codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a person has. `demanded`: a post that the person holds signs in with codes only."""

    confirmed_at: datetime | None
    recovery_codes_left: int
    demanded: bool


async def standing(tx: Tx, rules: CodeRules, person_id: UUID) -> Standing:
    """The person's codes, without what they are made of."""
    codes = await store.find_codes(tx, person_id)
    return Standing(
        confirmed_at=codes.confirmed_at if codes else None,
        recovery_codes_left=await store.count_recovery(tx, person_id),
        demanded=await are_demanded(tx, rules, person_id),
    )


async def are_demanded(tx: Tx, rules: CodeRules, person_id: UUID) -> bool:
    """The person holds a post that signs in with codes only."""
    if not rules.demanded_of:
        return False
    held = await held_posts(tx, person_id, local_day(tx.now))
    return not rules.demanded_of.isdisjoint(post.kind for post in held)


async def begin(tx: Tx, rules: CodeRules, account: Account, now: datetime) -> NewSecret:
    """A secret that counts from the first code on that is shown of it; one begun before is forgotten. The
    account is locked."""
    if await store.are_in_use(tx, account.person_id):
        raise OneTimeCodesInUse
    if rules.ring is None:
        raise OneTimeCodeKeyMissing
    secret = pyotp.random_base32()
    await store.begin(tx, account.person_id, rules.ring.seal(account.person_id, secret), now)
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=_ISSUER)
    return NewSecret(secret=secret, uri=uri)


async def confirm(
    tx: Tx, rules: CodeRules, person_id: UUID, typed: str, now: datetime
) -> RecoveryCodes | None:
    """From now on the person signs in with codes; nothing where the code is not right. The account is
    locked."""
    codes = await store.find_codes(tx, person_id)
    if codes is None:
        raise NoOneTimeCodes
    if codes.confirmed_at is not None:
        raise OneTimeCodesInUse
    if not await _take_step(tx, rules, codes, typed, now):
        return None
    made = await _new_recovery(tx, person_id)
    own = Actor(person_id=person_id)
    await tell_anyway(tx, person_id, OneTimeCodesConfirmed(), own, Done.CODES_CONFIRMED)
    return made


async def take(tx: Tx, rules: CodeRules, person_id: UUID, typed: str, now: datetime) -> bool:
    """Whether this is a code of now, or a recovery code, that was never taken; it is now. The account is
    locked, so that of two at once one is refused."""
    if domain.is_recovery(typed):
        return await _take_recovery(tx, person_id, typed)
    codes = await store.find_codes(tx, person_id)
    in_use = codes is not None and codes.confirmed_at is not None
    return codes is not None and in_use and await _take_step(tx, rules, codes, typed, now)


async def require_code(tx: Tx, rules: CodeRules, person_id: UUID, typed: str, now: datetime) -> None:
    """`NoOneTimeCodes` without any in use, `OneTimeCodeWrong` where this is none."""
    if not await store.are_in_use(tx, person_id):
        raise NoOneTimeCodes
    if not await take(tx, rules, person_id, typed, now):
        raise OneTimeCodeWrong


async def renew_recovery(tx: Tx, person_id: UUID) -> RecoveryCodes:
    """Others in the place of those from before."""
    made = await _new_recovery(tx, person_id)
    own = Actor(person_id=person_id)
    await tell_anyway(tx, person_id, RecoveryCodesRenewed(), own, Done.RECOVERY_RENEWED)
    return made


async def remove(tx: Tx, person_id: UUID, actor: Actor, proposal_id: UUID | None = None) -> None:
    """The person signs in without codes, by the own act or by two administrators."""
    if not await store.are_in_use(tx, person_id):
        raise NoOneTimeCodes
    await store.remove(tx, person_id)
    fact = OneTimeCodesRemoved(proposal_id=proposal_id)
    await tell_anyway(tx, person_id, fact, actor, Done.CODES_REMOVED)


async def _take_step(tx: Tx, rules: CodeRules, codes: CodesOf, typed: str, now: datetime) -> bool:
    if not domain.is_code(typed):
        return False
    if rules.ring is None:
        raise OneTimeCodeKeyMissing
    try:
        made_of = pyotp.TOTP(rules.ring.unseal(codes.person_id, codes.sealed_secret))
    except SecretUnreadable:
        raise OneTimeCodeKeyMissing from None
    try:
        step = made_of.verify_and_get_timecode(domain.plain(typed), for_time=now, valid_window=_LEEWAY_STEPS)
    except OTPVerificationError:
        return False
    return await store.take_step(tx, codes.person_id, step, now)


async def _take_recovery(tx: Tx, person_id: UUID, typed: str) -> bool:
    if not await store.use_recovery(tx, person_id, domain.recovery_hash(person_id, typed)):
        return False
    fact = RecoveryCodeUsed(codes_left=await store.count_recovery(tx, person_id))
    await tell_anyway(tx, person_id, fact, Actor(person_id=person_id), Done.RECOVERY_USED)
    return True


async def _new_recovery(tx: Tx, person_id: UUID) -> RecoveryCodes:
    made = tuple(
        domain.recovery_code(
            "".join(secrets.choice(domain.RECOVERY_LETTERS) for _ in range(domain.RECOVERY_LENGTH))
        )
        for _ in range(domain.RECOVERY_CODES)
    )
    await store.replace_recovery(tx, person_id, [domain.recovery_hash(person_id, code) for code in made])
    return RecoveryCodes(person_id=person_id, codes=made)
