"""A dossier that names one person under two records names them once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from services.intake.domain.agreement import Answer, AuthorAnswer
from services.intake.domain.dossier import Author


def join_authors(authors: Sequence[Author], joined_id: UUID, kept_id: UUID) -> tuple[Author, ...]:
    """The kept record in the joined one's place; where both are named, once, at the first of the two places
    and with both shares together. The kept record's particulars go before."""
    own = [author for author in authors if author.person_id in (joined_id, kept_id)]
    if not own:
        return tuple(authors)
    first = next((author for author in own if author.person_id == kept_id), own[0])
    other = own[-1] if first is own[0] else own[0]
    one = replace(
        first,
        person_id=kept_id,
        outside=False,
        date_of_birth=first.date_of_birth or other.date_of_birth,
        workplace=first.workplace or other.workplace,
        job_title=first.job_title or other.job_title,
        qualification=first.qualification or other.qualification,
        contribution_percent=sum((author.contribution_percent for author in own), Decimal()),
    )
    return tuple(
        one if author is own[0] else author
        for author in authors
        if author is own[0] or author.person_id not in (joined_id, kept_id)
    )


def join_answers(
    answers: Mapping[UUID, AuthorAnswer], joined_id: UUID, kept_id: UUID, *, are_both_authors: bool
) -> AuthorAnswer | None:
    """What the person has said of the share: of two shares, that of both together where both were confirmed;
    otherwise the person is asked anew."""
    kept, joined = answers.get(kept_id), answers.get(joined_id)
    if not are_both_authors:
        only = joined or kept
        return replace(only, person_id=kept_id) if only else None
    if kept and joined and kept.answer is joined.answer is Answer.CONFIRMED:
        later = max(kept, joined, key=lambda answer: answer.answered_at)
        return replace(later, person_id=kept_id, percent=kept.percent + joined.percent)
    return None
