"""Who may change what is known about people."""

from collections.abc import Collection, Sequence
from uuid import UUID

from casework import rights
from kit.auth import Principal
from kit.db import Tx
from language.deadline.arithmetic import local_day
from language.events.actor import Actor
from language.posts.kinds import ADMINS, PostKind
from services.organisation.domain.refusals import (
    AccountLinkedByYou,
    AccountNotTakenOver,
    AccountTakesTwo,
    OwnAccount,
    OwnAppointment,
)
from services.organisation.sign_in.store import accounts, identities
from services.organisation.store import administrators, delegations, joinings, people


async def any_admin(tx: Tx, caller: Principal) -> Actor:
    """People belong to no unit: any administrator may add them."""
    return await rights.require_any(tx, caller, ADMINS)


async def own_or_admin(tx: Tx, caller: Principal, person_id: UUID) -> Actor:
    """The person, or an administrator over the person's units."""
    if caller.person_id == person_id:
        return Actor(person_id=person_id)
    await people.get_person(tx, person_id)
    return await admin_over_person(tx, caller, person_id)


async def admin_over_person(tx: Tx, caller: Principal, person_id: UUID) -> Actor:
    """An administrator over every unit in which the person holds a post, or will: else a school could take
    over a province's account. Who holds no post is the province's."""
    paths = await people.units_of_people(tx, [person_id], local_day(tx.now))
    return await rights.require_over_all(tx, caller, ADMINS, paths)


async def admin_over_identity(tx: Tx, caller: Principal, person_id: UUID) -> Actor:
    """Who the person is and how the person signs in: also an administrator over the units whose work was
    delegated to the person, for whoever signs in so does that work."""
    actor = await admin_over_person(tx, caller, person_id)
    if stood_in_for := await delegations.units_of_delegate(tx, person_id, local_day(tx.now)):
        await rights.require_over_all(tx, caller, ADMINS, stood_in_for)
    return actor


def is_province_administrator(kind: PostKind, unit_path: Sequence[UUID]) -> bool:
    """A post that rules the whole province, and is given by two."""
    return kind in ADMINS and len(unit_path) == 1


async def another_admin_over(tx: Tx, caller: Principal, person_id: UUID) -> Actor:
    """An administrator over every unit of the person, who is somebody else: who the person is and how the
    person signs in takes another pair of eyes."""
    await people.get_person(tx, person_id)
    actor = await admin_over_identity(tx, caller, person_id)
    if caller.person_id == person_id:
        raise OwnAccount
    await people.require_not_joined(tx, [person_id])
    return actor


async def require_appointing(
    tx: Tx, caller: Principal, appointments: Sequence[tuple[UUID, Sequence[UUID]]]
) -> Actor:
    """Somebody else than the people who get posts in the units to which these paths lead, and an
    administrator over those and over every unit in which these people hold posts already: else a school
    could fill another's head with posts."""
    appointed = {person_id for person_id, _ in appointments}
    if caller.person_id in appointed:
        raise OwnAppointment
    elsewhere = await people.units_of_people(tx, appointed, local_day(tx.now))
    return await rights.require_over_all(
        tx, caller, ADMINS, [*(path for _, path in appointments), *elsewhere]
    )


async def require_taken_over(tx: Tx, caller: Principal, appointed: Collection[UUID]) -> None:
    """Nobody of these signs in with a password that the caller has set, or by an account that the caller has
    tied: else one administrator alone would make somebody who decides, signs or appoints. The same holds of
    records that are about to be joined to theirs: their sign-in may become the person's."""
    appointed = await joinings.with_those_to_be_joined(tx, appointed)
    if await accounts.is_any_password_known_to(tx, appointed, caller.person_id):
        raise AccountNotTakenOver
    if await identities.is_any_linked_by(tx, appointed, caller.person_id):
        raise AccountLinkedByYou


async def require_not_ruling(tx: Tx, person_id: UUID) -> None:
    """`AccountTakesTwo` for whoever administers the province, or will: else one of its administrators alone
    would be both pairs of eyes."""
    if await administrators.rules_province(tx, person_id, local_day(tx.now)):
        raise AccountTakesTwo
