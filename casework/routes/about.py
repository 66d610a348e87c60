"""How a request names the dossiers that the rows of a list are about: alike in every list."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from casework.about import About
from kit.http.models import OneLine

Search = Annotated[
    str | None,
    OneLine,
    Query(max_length=100, description="Part of title, code or an author's name, with or without marks"),
]


async def _asked_about(author_id: UUID | None = None, q: Search = None) -> About:
    return About(author_id=author_id, text=q)


AskedAbout = Annotated[About, Depends(_asked_about)]
