"""What intake holds of people: their dossiers, files, answers, and what they looked at."""

from typing import Final

from casework.personal.fate import BY_ID_ONLY, NAMELESS, WITHOUT_WORDS, Blanked, Goes, Stays
from casework.personal.held import DERIVED, OF_THE_MATTER, Held, PersonalData
from casework.personal.shared import with_shared
from casework.personal.ties import Tie, TieKind
from language.text import fold
from language.words.base import Words

_OWN_DOSSIERS: Final = "(select dossier_id from dossier_authors where person_id = any($1))"
_IS_AUTHOR: Final = "exists (select from dossier_authors a where a.dossier_id = {} and a.person_id = any($1))"
# Of authors the own entry; who took part beside them is somebody else.
_OWN_CONTENT: Final = (
    "case when {} then t.content - 'participants' || jsonb_build_object('authors', coalesce((select "
    "jsonb_agg(one) from jsonb_array_elements(t.content -> 'authors') one "
    "where (one ->> 'person_id')::uuid = any($1)), '[]')) end"
)

# The author's entry without what says who it is; those of other authors stand, and so does the place of each.
_AUTHORS: Final = "jsonb_array_elements(t.content -> 'authors') with ordinality a(one, place)"
_IS_OWN: Final = "(a.one ->> 'person_id')::uuid = any($1)"
_NAMELESS_CONTENT: Final = (
    "case when jsonb_array_length(t.content -> 'authors') = 0 then t.content else "
    f"t.content || jsonb_build_object('authors', (select jsonb_agg(case when {_IS_OWN} then a.one || "
    f"jsonb_build_object('full_name', '{NAMELESS}', 'date_of_birth', null, 'workplace', '', 'job_title', '', "
    f"'qualification', '') else a.one end order by a.place) from {_AUTHORS})) end"
)
# Names are searched in their authors' order, apart by a bar; where they do not fit, none is left.
_NAMELESS_SEARCH: Final = (
    "case when cardinality(string_to_array(t.folded_authors, ' | ')) = jsonb_array_length(t.content -> "
    f"'authors') then (select string_agg(case when {_IS_OWN} then '{fold(NAMELESS)}' else "
    f"split_part(t.folded_authors, ' | ', a.place::int) end, ' | ' order by a.place) from {_AUTHORS}) "
    "else '' end"
)
_KEPT_DOSSIER: Final = Words(
    "hồ sơ đã công nhận hoặc có tiền thưởng giữ nguyên trong thời hạn; hồ sơ khác còn sáng kiến, không còn "
    "tên, ngày sinh, nơi làm việc của người này",
    "a dossier with a recognition or money stays within its term; of others the initiative stays, without "
    "this author's name, birth date and workplace",
)
_FILES: Final = Stays(
    why=Words(
        "tệp là chứng cứ của hồ sơ, nội dung không được đọc; hãy gỡ tay tệp ghi tên người",
        "files are the dossier's evidence and are not read; take out by hand those that name people",
    )
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
            fate=Blanked(
                at_once={"content": _NAMELESS_CONTENT, "folded_authors": _NAMELESS_SEARCH},
                spared=f"t.id = any($2) or not {_IS_AUTHOR.format('t.id')}",
                is_versioned=True,
                why=_KEPT_DOSSIER,
            ),
        ),
        Held(
            table="dossier_authors",
            persons=["person_id"],
            shown="dossier_id position person_id percent outside",
            fate=BY_ID_ONLY,
        ),
        Held(
            table="author_answers",
            persons=["person_id"],
            shown="dossier_id person_id answer percent reason answered_at",
            fate=Blanked(
                at_once={"reason": f"case when t.reason is not null then '{WITHOUT_WORDS}' end"},
                spared="t.dossier_id = any($2)",
                why=_KEPT_DOSSIER,
            ),
        ),
        Held(
            table="filed_versions",
            persons=["filed_by", "author_ids[]"],
            shown="dossier_id number filed_by filed_at author_ids attachment_ids",
            made={"content": _OWN_CONTENT.format("t.author_ids && $1")},
            fate=Blanked(
                at_once={"content": _NAMELESS_CONTENT},
                spared="t.dossier_id = any($2)",
                why=_KEPT_DOSSIER,
            ),
        ),
        Held(
            table="attachments",
            persons=["added_by"],
            also=f"t.dossier_id in {_OWN_DOSSIERS}",
            shown="id dossier_id sha256 filename media_type size_bytes added_by added_at removed_at",
            fate=_FILES,
        ),
        Held(
            table="uploads",
            persons=["begun_by"],
            shown="id dossier_id begun_by filename size_bytes received_bytes attachment_id begun_at "
            "touched_at",
            fate=Goes(),
        ),
        Held(
            table="looks",
            persons=["person_id"],
            shown="id dossier_id person_id part looked_at",
            hidden={"hour": DERIVED},
            fate=BY_ID_ONLY,
        ),
    ],
    ties=[
        Tie(
            kind=TieKind.CASE,
            statement="select a.person_id, d.closed_at as until, d.id as dossier_id from "
            "dossier_authors a join dossiers d on d.id = a.dossier_id where a.person_id = "
            "any($1)",
        )
    ],
)
