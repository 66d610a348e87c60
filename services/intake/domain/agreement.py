"""What authors say of their own shares before a request is handed in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from services.intake.domain.dossier import Author
from services.intake.domain.refusals import SharesNotConfirmed


class Answer(StrEnum):
    """What an author says of the own share."""

    CONFIRMED = "CONFIRMED"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorAnswer:
    """An author's last word on this share; on another one the author has not been heard."""

    person_id: UUID
    answer: Answer
    percent: Decimal
    reason: str | None
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareStanding:
    """How an author's share stands. `is_asked`: the author can sign in and holds a post, or will, and so
    has to confirm it."""

    author: Author
    is_asked: bool
    answer: AuthorAnswer | None

    @property
    def is_agreed(self) -> bool:
        """Nothing stands in the way of handing the request in with this share."""
        return not self.is_asked or (self.answer is not None and self.answer.answer is Answer.CONFIRMED)


def standings(
    authors: Sequence[Author], can_answer: Collection[UUID], answers: Mapping[UUID, AuthorAnswer]
) -> list[ShareStanding]:
    """Each author's, in their order."""
    return [
        ShareStanding(
            author=author,
            is_asked=author.person_id in can_answer,
            answer=_on_this_share(author, answers.get(author.person_id)),
        )
        for author in authors
    ]


def _on_this_share(author: Author, answer: AuthorAnswer | None) -> AuthorAnswer | None:
    return answer if answer and answer.percent == author.contribution_percent else None


def require_agreed(shares: Sequence[ShareStanding], filer: UUID) -> None:
    """Everybody who can be asked has confirmed; who hands the request in confirms by doing so."""
    open_ones = [one.author for one in shares if not one.is_agreed and one.author.person_id != filer]
    if open_ones:
        raise SharesNotConfirmed(names=", ".join(author.full_name for author in open_ones))


def named_anew(old: Sequence[Author], new: Sequence[Author]) -> list[Author]:
    """Those who were not there before, or had another share."""
    shares = {author.person_id: author.contribution_percent for author in old}
    return [author for author in new if shares.get(author.person_id) != author.contribution_percent]


def dropped(old: Sequence[Author], new: Sequence[Author]) -> list[Author]:
    """Those who are there no more."""
    kept = {author.person_id for author in new}
    return [author for author in old if author.person_id not in kept]
