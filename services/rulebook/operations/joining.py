"""Whoever has drafted or planned something is its first pair of eyes, under whichever record."""

from typing import Final

from casework.joining_watch import PersonColumn
from services.rulebook.store.joined_records import OF_DRAFTS

PERSON_COLUMNS: Final = (
    PersonColumn(table="policy_drafts", column="drafted_by", which="state in ('DRAFT', 'CHECKED')"),
    PersonColumn(table="policy_drafts", column="edited_by", which="state in ('DRAFT', 'CHECKED')"),
    PersonColumn(table="transitions", column="made_by", which="state = 'DRAFT'"),
    PersonColumn(
        table="transition_dossiers",
        column="chosen_by",
        which=OF_DRAFTS,
    ),
)
