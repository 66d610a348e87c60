"""Which authors can be told of their dossier: the one place that says so, for every service."""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID


class NamedAuthor(Protocol):
    """As a request, a dossier or an award names an author."""

    @property
    def person_id(self) -> UUID:
        """Who it is; of an author whom the organisation does not know, an id of the dossier's own."""

    @property
    def outside(self) -> bool:
        """The organisation does not know the author."""


def can_be_told(author: NamedAuthor) -> bool:
    """Who is named as from outside has no account, and so no inbox: what the office has to tell, it tells on
    paper."""
    return not author.outside


def who_can_be_told(authors: Iterable[NamedAuthor]) -> tuple[UUID, ...]:
    """Those of them, in their order."""
    return tuple(author.person_id for author in authors if can_be_told(author))
