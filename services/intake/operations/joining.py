"""What stands under the record of a person that was joined to another: authors, who files, answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from casework.joined import Joined
from casework.joining_watch import PersonColumn
from kit.db import Tx
from language.events.casework import StandsUnderKept
from language.joined import JoinedAs
from services.intake.domain.joining import join_answers, join_authors
from services.intake.operations.moving import record_of
from services.intake.store import answers, dossiers, joined_records


class Authorship:
    """Dossiers and drafts that name the joined record."""

    async def things(self, tx: Tx, joined: Joined) -> Sequence[UUID]:
        """See the base."""
        return await joined_records.dossiers_of(tx, joined.joined_id)

    async def carry_over(self, tx: Tx, joined: Joined, thing_id: UUID) -> None:
        """The author, and whoever files for all; shares under both records are added."""
        dossier = await dossiers.lock_dossier(tx, thing_id)
        kept_id, joined_id = joined.kept_id, joined.joined_id
        roles: list[JoinedAs] = []
        was_both = kept_id in dossier.author_ids and joined_id in dossier.author_ids
        if joined_id in dossier.author_ids:
            roles.append(JoinedAs.AUTHOR)
            authors = join_authors(dossier.content.authors, joined_id, kept_id)
            await dossiers.save_content(tx, dossier.id, replace(dossier.content, authors=authors))
        said = join_answers(
            await answers.answers_of(tx, dossier.id), joined_id, kept_id, are_both_authors=was_both
        )
        await joined_records.drop_answers(tx, dossier.id, joined.both)
        if said:
            await answers.keep_answer(tx, dossier.id, said)
        if await joined_records.pass_filing(tx, dossier.id, kept_id, joined_id):
            roles.append(JoinedAs.FILER)
        if roles:
            fact = StandsUnderKept(
                kept_id=kept_id,
                joined_id=joined_id,
                about_id=dossier.id,
                level=None,
                joined_as=tuple(roles),
                was_both=was_both,
            )
            await record_of(tx, dossier, fact)


FOLLOWERS: Final = (Authorship(),)
COLUMNS: Final = (
    PersonColumn(table="attachments", column="added_by"),
    PersonColumn(table="uploads", column="begun_by"),
    PersonColumn(table="dossiers", column="prepared_by"),
    PersonColumn(table="dossiers", column="handed_in_by"),
)
