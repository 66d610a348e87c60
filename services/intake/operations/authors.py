"""The people in a dossier: who they are, what they say of their shares, and what they are told."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from casework.joined import stand_for
from casework.notices import NewNotice, notify, notify_of
from kit.auth import Principal
from kit.db import Tx
from language.authors import can_be_told
from language.deadline.arithmetic import local_day
from language.events.base import Fact
from language.events.intake import ShareConfirmed, ShareDeclined
from language.messages.notices import NoticeKind
from services.intake.domain.agreement import (
    Answer,
    AuthorAnswer,
    ShareStanding,
    dropped,
    named_anew,
    require_agreed,
    standings,
)
from services.intake.domain.dossier import EDITABLE, Author, Dossier, DossierContent
from services.intake.domain.refusals import AuthorUnknown, NotAnAuthor, ShareChanged, WrongState
from services.intake.operations.moving import matter_of, record_of
from services.intake.operations.reading import author_of, lock_readable, read_dossier
from services.intake.store import answers
from services.intake.store.people import known_people


async def with_known_names(tx: Tx, content: DossierContent) -> DossierContent:
    """The content with the organisation's names in place of those that were written; whoever is known by the
    id is nobody from outside, and of two records of one person it is the one that stands for both.
    `AuthorUnknown` for an id that is nobody's."""
    now = await stand_for(tx, [author.person_id for author in content.authors])
    standing = (replace(author, person_id=now[author.person_id]) for author in content.authors)
    content = replace(content, authors=tuple(standing))
    known = await known_people(tx, [author.person_id for author in content.authors], local_day(tx.now))
    unknown = [
        str(number)
        for number, author in enumerate(content.authors, 1)
        if author.person_id not in known and not author.outside
    ]
    if unknown:
        raise AuthorUnknown(numbers=", ".join(unknown))
    named = (
        replace(author, full_name=known[author.person_id].full_name, outside=False)
        if author.person_id in known
        else author
        for author in content.authors
    )
    return replace(content, authors=tuple(named))


async def tell_of_authors(
    tx: Tx,
    event_id: UUID,
    dossier: Dossier,
    old: Sequence[Author],
    new: Sequence[Author],
    by: UUID | None = None,
) -> None:
    """Who was named, or has another share, is asked for a word; who was dropped is told. Who did it (the
    filer, unless somebody else is named) knows."""
    named, left = named_anew(old, new), dropped(old, new)
    told = [(author, NoticeKind.SHARE_TO_CONFIRM) for author in named]
    told += [(author, NoticeKind.AUTHOR_DROPPED) for author in left]
    matter = matter_of(dossier, dossier.supplement_due_at)
    await notify(
        tx,
        [
            NewNotice(event_id=event_id, person_id=author.person_id, kind=kind, matter=matter)
            for author, kind in told
            if can_be_told(author) and author.person_id != (by or dossier.filer_id)
        ],
    )


async def shares_of(tx: Tx, dossier: Dossier) -> list[ShareStanding]:
    """How each author's share stands."""
    known = await known_people(tx, dossier.author_ids, local_day(tx.now))
    can_answer = {person.id for person in known.values() if person.can_answer}
    return standings(dossier.content.authors, can_answer, await answers.answers_of(tx, dossier.id))


async def read_shares(tx: Tx, caller: Principal, dossier_id: UUID) -> list[ShareStanding]:
    """The same, for whoever may see the dossier."""
    return await shares_of(tx, await read_dossier(tx, caller, dossier_id))


async def require_shares_agreed(tx: Tx, caller: Principal, dossier: Dossier) -> None:
    """Every author who can be asked has confirmed; the caller, who hands it in, does so now."""
    require_agreed(await shares_of(tx, dossier), caller.person_id)
    await confirm_own(tx, caller, dossier)


async def confirm_own(tx: Tx, caller: Principal, dossier: Dossier) -> None:
    """The caller stands by the own share, if there is one."""
    for author in dossier.content.authors:
        if author.person_id == caller.person_id:
            await answers.keep_answer(tx, dossier.id, _confirmed(tx, author))


def _confirmed(tx: Tx, author: Author) -> AuthorAnswer:
    return AuthorAnswer(
        person_id=author.person_id,
        answer=Answer.CONFIRMED,
        percent=author.contribution_percent,
        reason=None,
        answered_at=tx.now,
    )


async def _lock_for_author(tx: Tx, caller: Principal, dossier_id: UUID) -> tuple[Dossier, Author]:
    dossier = await lock_readable(tx, caller, dossier_id)
    own = next((one for one in dossier.content.authors if one.person_id == caller.person_id), None)
    if own is None:
        raise NotAnAuthor
    if dossier.state not in EDITABLE:
        raise WrongState(state=dossier.state)
    return dossier, own


async def confirm_share(tx: Tx, caller: Principal, dossier_id: UUID, percent: Decimal) -> list[ShareStanding]:
    """The author stands by the own share, which is the one that the author has seen."""
    dossier, own = await _lock_for_author(tx, caller, dossier_id)
    if percent != own.contribution_percent:
        raise ShareChanged(percent=own.contribution_percent)
    fact = ShareConfirmed(contribution_percent=own.contribution_percent)
    return await _answered(tx, caller, dossier, _confirmed(tx, own), fact)


async def decline_share(tx: Tx, caller: Principal, dossier_id: UUID, reason: str) -> list[ShareStanding]:
    """The author does not stand by it: nothing is handed in before the filer has changed the authors, or the
    author has confirmed after all."""
    dossier, own = await _lock_for_author(tx, caller, dossier_id)
    answer = replace(_confirmed(tx, own), answer=Answer.DECLINED, reason=reason)
    fact = ShareDeclined(contribution_percent=own.contribution_percent, reason=reason)
    return await _answered(tx, caller, dossier, answer, fact)


async def _answered(
    tx: Tx, caller: Principal, dossier: Dossier, answer: AuthorAnswer, fact: Fact
) -> list[ShareStanding]:
    await answers.keep_answer(tx, dossier.id, answer)
    event_id = await record_of(tx, dossier, fact, author_of(caller))
    await notify_of(tx, event_id, fact, matter_of(dossier, None), {dossier.filer_id} - {caller.person_id})
    return await shares_of(tx, dossier)
