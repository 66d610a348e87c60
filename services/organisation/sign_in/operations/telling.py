"""The holder of an account is told what is done to it, by a notice that cannot be turned off."""

from enum import StrEnum
from uuid import UUID

from casework.history.record import record
from casework.notices import Matter, NewNotice, notify
from kit.db import Tx
from language.events.actor import Actor
from language.events.base import Fact
from language.messages.notices import LinkSent, NoticeKind
from services.organisation.store import people


class Done(StrEnum):
    """What was done to an account, as its holder is told."""

    MADE = "MADE"
    PASSWORD_SET = "PASSWORD_SET"  # noqa: S105 - what was done, no password
    LINKED = "LINKED"
    UNLINKED = "UNLINKED"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"
    SIGNED_OUT = "SIGNED_OUT"
    CODES_CONFIRMED = "CODES_CONFIRMED"
    CODES_REMOVED = "CODES_REMOVED"
    CODES_GUESSED = "CODES_GUESSED"
    RECOVERY_USED = "RECOVERY_USED"
    RECOVERY_RENEWED = "RECOVERY_RENEWED"
    SET_PASSWORD_PROPOSED = "SET_PASSWORD_PROPOSED"  # noqa: S105 - what was done, no password
    LINK_IDENTITY_PROPOSED = "LINK_IDENTITY_PROPOSED"
    UNLINK_IDENTITY_PROPOSED = "UNLINK_IDENTITY_PROPOSED"
    REMOVE_CODES_PROPOSED = "REMOVE_CODES_PROPOSED"
    CLOSE_ACCOUNT_PROPOSED = "CLOSE_ACCOUNT_PROPOSED"
    REOPEN_ACCOUNT_PROPOSED = "REOPEN_ACCOUNT_PROPOSED"
    PROPOSAL_DROPPED = "PROPOSAL_DROPPED"
    INVITED = LinkSent.INVITED.value
    LINK_ASKED = LinkSent.LINK_ASKED.value
    LINK_USED = "LINK_USED"
    DEVICE_SIGNED_IN = "DEVICE_SIGNED_IN"


async def tell(tx: Tx, person_id: UUID, fact: Fact, actor: Actor, done: Done) -> None:
    """Record what somebody did to an account, and tell its holder, unless it was the holder."""
    if actor.person_id == person_id:
        await record(tx, fact, about=person_id, actor=actor)
    else:
        await tell_anyway(tx, person_id, fact, actor, done)


async def tell_anyway(tx: Tx, person_id: UUID, fact: Fact, actor: Actor, done: Done) -> UUID:
    """The same, also where the holder seems to have done it: it may have been a thief. The event's id."""
    event_id = await record(tx, fact, about=person_id, actor=actor)
    person = await people.get_person(tx, person_id)
    told = NewNotice(
        event_id=event_id,
        person_id=person_id,
        kind=NoticeKind.ACCOUNT_CHANGED,
        matter=Matter(subject_id=person_id, subject_code=person.code),
        detail=done,
    )
    await notify(tx, [told])
    return event_id
