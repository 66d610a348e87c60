"""Whoever somebody else enters something about is told, by a notice that cannot be turned off: of leave,
posts, what the office knows of the person, accounts that came with a list. One notice a person an act."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from casework.history.record import record
from casework.notices import Matter, NewNotice, notify
from kit.db import Tx
from language.cases import Entered
from language.events.actor import Actor
from language.events.base import Change, Fact
from language.events.organisation import (
    AccountChanged,
    AccountMade,
    AdministratorDismissalProposed,
    AdministratorProposalDropped,
    AdministratorProposed,
    LeaveAdded,
    LeaveCancelled,
    PersonChanged,
    PostLeft,
    PostTaken,
)
from language.messages.notices import NoticeKind
from language.posts.kinds import PostKind
from language.words.values import say_day
from services.organisation.store import entered

_OF_POSTS: Final[Mapping[type[Fact], Entered]] = {
    PostTaken: Entered.POST_TAKEN,
    PostLeft: Entered.POST_LEFT,
    AdministratorProposed: Entered.POST_PROPOSED,
    AdministratorDismissalProposed: Entered.DISMISSAL_PROPOSED,
    AdministratorProposalDropped: Entered.PROPOSAL_DROPPED,
}
_ELSE: Final[Mapping[type[Fact], Entered]] = {
    LeaveAdded: Entered.LEAVE_ADDED,
    LeaveCancelled: Entered.LEAVE_CANCELLED,
    AccountMade: Entered.ACCOUNT_MADE,
}


async def record_entered(tx: Tx, fact: Fact, *, about: UUID, actor: Actor) -> UUID:
    """Record what was entered about a person, and tell the person, unless it was the own act."""
    event_id = await record(tx, fact, about=about, actor=actor)
    await tell_entered(tx, [(about, fact)], [event_id], actor)
    return event_id


async def tell_entered(
    tx: Tx, facts: Iterable[tuple[UUID, Fact]], event_ids: Iterable[UUID], actor: Actor
) -> None:
    """Tell everybody whom some of these facts are about, as recorded under these events. Of another mail
    address also whoever did it: it may have been a thief."""
    by_person: dict[UUID, list[tuple[UUID, Fact]]] = {}
    for (about, fact), event_id in zip(facts, event_ids, strict=True):
        if about != actor.person_id or _is_of_former_address(fact):
            by_person.setdefault(about, []).append((event_id, fact))
    kinds = await entered.kinds_of_posts(
        tx, [_post_of(fact) for told in by_person.values() for _, fact in told if type(fact) in _OF_POSTS]
    )
    codes = await entered.codes_of(tx, list(by_person))
    # Units and posts have histories, too, and read no notices.
    await notify(
        tx,
        [
            told
            for person, happened in by_person.items()
            if person in codes and (told := _notice(person, codes[person], happened, kinds))
        ],
    )


def _notice(
    person: UUID, code: str, happened: Sequence[tuple[UUID, Fact]], kinds: Mapping[UUID, PostKind]
) -> NewNotice | None:
    said = [(event_id, fact, one) for event_id, fact in happened for one in _said(fact, kinds)]
    if not said:
        return None
    # The address of before is found by the event that changed it.
    event_id = next((event_id for event_id, fact, _ in said if _is_of_address(fact)), said[0][0])
    return NewNotice(
        event_id=event_id,
        person_id=person,
        kind=NoticeKind.ENTERED_ABOUT_YOU,
        matter=Matter(subject_id=person, subject_code=code),
        detail=",".join(dict.fromkeys(one for _, _, one in said)),
        reference=_days(said[0][1]) if len(said) == 1 else None,
    )


def _said(fact: Fact, kinds: Mapping[UUID, PostKind]) -> list[str]:
    """The codes of what a fact says of its person; of a post with its kind."""
    if code := _OF_POSTS.get(type(fact)):
        return [f"{code}={kinds[_post_of(fact)]}"]
    if isinstance(fact, PersonChanged):
        changed = {
            Entered.NAME_CHANGED: fact.full_name,
            Entered.BIRTH_CHANGED: fact.date_of_birth,
            Entered.MAIL_CHANGED: fact.mail_address,
        }
        return [str(code) for code, change in changed.items() if change]
    if isinstance(fact, AccountChanged):
        return [str(Entered.PASSWORD_SET)] if fact.password_set else []
    return [str(code)] if (code := _ELSE.get(type(fact))) else []


def _is_of_address(fact: Fact) -> bool:
    return isinstance(fact, PersonChanged) and isinstance(fact.mail_address, Change)


def _is_of_former_address(fact: Fact) -> bool:
    return (
        isinstance(fact, PersonChanged)
        and isinstance(fact.mail_address, Change)
        and fact.mail_address.old is not None
    )


def _post_of(fact: Fact) -> UUID:
    match fact:
        case (
            PostTaken()
            | PostLeft()
            | AdministratorProposed()
            | AdministratorDismissalProposed()
            | AdministratorProposalDropped()
        ):
            return fact.post_id
        case _:
            raise AssertionError("only facts of posts name one")


def _days(fact: Fact) -> str | None:
    match fact:
        case LeaveAdded() | LeaveCancelled():
            return _span(fact.starts_on, fact.ends_on)
        case PostTaken() | AdministratorProposed():
            return _span(fact.held_from, fact.held_to)
        case PostLeft() | AdministratorDismissalProposed():
            return _span(None, fact.held_to.new)
        case _:
            return None


def _span(first: date | None, last: date | None) -> str:
    return f"{say_day(first) if first else '…'} – {say_day(last) if last else '…'}"
