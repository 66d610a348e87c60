"""What intake holds of people: their dossiers, files, answers, and what they looked at."""

from typing import Final

from casework.personal.held import DERIVED, OF_THE_MATTER, Held, PersonalData
from casework.personal.shared import with_shared

_OWN_DOSSIERS: Final = "(select dossier_id from dossier_authors where person_id = any($1))"
_IS_AUTHOR: Final = "exists (select from dossier_authors a where a.dossier_id = {} and a.person_id = any($1))"
# Of authors the own entry; who took part beside them is somebody else.
_OWN_CONTENT: Final = (
    "case when {} then t.content - 'participants' || jsonb_build_object('authors', coalesce((select "
    "jsonb_agg(one) from jsonb_array_elements(t.content -> 'authors') one "
    "where (one ->> 'person_id')::uuid = any($1)), '[]')) end"
)

PERSONAL_DATA: Final[PersonalData] = with_shared(
    held=[
        Held(
            table="dossiers",
            persons=["created_by", "taken_over_by", "prepared_by", "handed_in_by"],
            also=f"t.id in {_OWN_DOSSIERS}",
            shown="id code state season_id unit_id created_by taken_over_by prepared_by handed_in_by "
            "created_at "
            "title register_number register_year filed_at agreed_at answer_due_on check_due_at "
            "supplement_due_at withdrawal_requested_at closed_at levels version",
            made={"content": _OWN_CONTENT.format(_IS_AUTHOR.format("t.id"))},
            hidden={
                "folded_title folded_authors search_text": DERIVED,
                "unit_path plan_hash rule_version check_officers supplement_budget moved_at check_revision "
                "check_rules check_id": OF_THE_MATTER,
            },
        ),
        Held(
            table="dossier_authors",
            persons=["person_id"],
            shown="dossier_id position person_id percent outside",
        ),
        Held(
            table="author_answers",
            persons=["person_id"],
            shown="dossier_id person_id answer percent reason answered_at",
        ),
        Held(
            table="filed_versions",
            persons=["filed_by", "author_ids[]"],
            shown="dossier_id number filed_by filed_at author_ids attachment_ids",
            made={"content": _OWN_CONTENT.format("t.author_ids && $1")},
        ),
        Held(
            table="attachments",
            persons=["added_by"],
            also=f"t.dossier_id in {_OWN_DOSSIERS}",
            shown="id dossier_id sha256 filename media_type size_bytes added_by added_at removed_at",
        ),
        Held(
            table="uploads",
            persons=["begun_by"],
            shown="id dossier_id begun_by filename size_bytes received_bytes attachment_id begun_at "
            "touched_at",
        ),
        Held(
            table="looks",
            persons=["person_id"],
            shown="id dossier_id person_id part looked_at",
            hidden={"hour": DERIVED},
        ),
    ],
)
