"""Rows narrowed by the dossier they are about: whose it is, and what people call it, by its code, its title
or the name of an author, without marks.

Who looks for a person or a rare name finds few dossiers, and the rows are led by their ids. What very many
are called is looked for on the way: whoever walks meets one soon."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kit.db import Tx
from language.refusals import Refusal
from language.text import containing, fold
from language.views import View

_MOST_NAMED: Final = 3_000
_SEARCHABLE: Final = re.compile(r"[^\W_]{3}")


class SearchTooShort(Refusal):
    """Among everybody's dossiers a text is looked for by three letters or digits in a row."""

    status = 422
    vi = "Từ tìm quá ngắn. Hãy gõ ít nhất ba chữ cái hoặc chữ số liền nhau."
    en = "The text is too short to search for. Type at least three letters or digits in a row."


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Dossiers of this author, and of which this text is in the code, the title or a name."""

    author_id: UUID | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Those dossiers: by their ids where they are few, by the pattern of what they are called where they are
    not; both None for all."""

    dossier_ids: Sequence[UUID] | None = None
    pattern: str | None = None

    @property
    def arguments(self) -> tuple[object, object]:
        """The two parameters of `narrowed`."""
        return (None if self.dossier_ids is None else list(self.dossier_ids), self.pattern)


ALL: Final = Found()
OF_AUTHOR = f"select dossier_id from {View.DOSSIER_AUTHORS} where person_id = $1"
CALLED = f"select id from {View.DOSSIER_HEADS} where search_text like $1 limit $2"
SEASON_OF: Final = f"(select season_id from {View.DOSSIER_HEADS} where id = {{}})"
"""The season in which a dossier was filed; none of what is no dossier."""


def narrowed(column: str, first: int) -> str:
    """The condition on the column of the dossier's id, with the parameters `first` and the one after it."""
    return f"""
  and (${first}::uuid[] is null or {column} = any(${first}))
  and (${first + 1}::text is null or exists (
    select from {View.DOSSIER_HEADS} h where h.id = {column} and h.search_text like ${first + 1}))
"""


def require_searchable(text: str) -> None:
    """The index of names knows the text; else `SearchTooShort`."""
    if not _SEARCHABLE.search(fold(text)):
        raise SearchTooShort


async def find(tx: Tx, about: About) -> Found:
    """The dossiers that are meant."""
    ids = None
    if about.author_id is not None:
        ids = [row["dossier_id"] for row in await tx.conn.fetch(OF_AUTHOR, about.author_id)]
    if about.text is None:
        return Found(dossier_ids=ids)
    require_searchable(about.text)
    pattern = containing(fold(about.text))
    if ids is not None:
        return Found(dossier_ids=ids, pattern=pattern)
    called = [row["id"] for row in await tx.conn.fetch(CALLED, pattern, _MOST_NAMED + 1)]
    return Found(pattern=pattern) if len(called) > _MOST_NAMED else Found(dossier_ids=called)
