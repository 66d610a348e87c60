"""What review holds of people: seats, sheets, decisions, complaints, and the stages of their dossiers."""

from typing import Final

from casework.personal.fate import RECOGNITION
from casework.personal.held import OF_THE_MATTER, Held, PersonalData
from casework.personal.shared import with_shared
from casework.personal.ties import Tie, TieKind
from language.words.base import Words

_BALLOT: Final = Words("phiếu kín không cho ai xem lại", "a secret ballot is shown to nobody again")
_BY_SIGHT: Final = Words(
    "điểm và nhận xét của Hội đồng: ai được xem, khi nào, do quy định; xem ở trang của vụ xét",
    "the council's marks and reasons: the rules say who reads them when; they stand on the stage's page",
)

PERSONAL_DATA: Final[PersonalData] = with_shared(
    held=[
        Held(
            table="stages",
            persons=["decider_id", "decider_on_behalf_of", "moved_by"],
            also="t.id in (select stage_id from stage_authors where person_id = any($1))",
            shown="id dossier_id dossier_code level unit_id opened_at due_at state decider_id "
            "decider_post_id "
            "decider_on_behalf_of outcome decision_number decided_at moved_by annulled_at annulled_by",
            hidden={
                "reasons ground average_score grade score_deviation proposed": _BY_SIGHT,
                "unit_path plan plan_hash plan_version rule_version previous_decision_number last_level "
                "handed_up decision_event_id season_id lowered_quorum may_decide_alone decided_alone "
                "moved_to_level version opened_anew_as": OF_THE_MATTER,
            },
            fate=RECOGNITION,
        ),
        Held(
            table="stage_authors",
            persons=["person_id"],
            shown="stage_id person_id",
            fate=RECOGNITION,
        ),
        Held(
            table="seats",
            persons=["person_id", "on_behalf_of", "replaced_by"],
            shown="stage_id seat_no role person_id post_id on_behalf_of state replaced_by",
            fate=RECOGNITION,
        ),
        Held(
            table="score_sheets",
            persons=["person_id"],
            shown="id stage_id person_id state scores remarks remark total submitted_at version "
            "vote_is_secret",
            made={"vote": "case when not t.vote_is_secret then t.vote end"},
            fate=RECOGNITION,
        ),
        Held(
            table="taken_back_sheets",
            also="t.sheet_id in (select id from score_sheets where person_id = any($1))",
            shown="sheet_id version scores remarks remark total submitted_at taken_back_at reason",
            hidden={"vote": _BALLOT, "event_id": OF_THE_MATTER},
            fate=RECOGNITION,
        ),
        Held(
            table="recusals",
            persons=["person_id"],
            shown="stage_id person_id reason recused_at",
            hidden={"event_id": OF_THE_MATTER},
            fate=RECOGNITION,
        ),
        Held(
            table="complaints",
            persons=["complainant_id", "ended_by"],
            shown="id stage_id dossier_id dossier_code level unit_id complainant_id reason filed_at "
            "due_at ended "
            "ended_at ended_by answer instance",
            hidden={
                "unit_path first_number settler_post rule_version version check_revision": OF_THE_MATTER,
            },
            fate=RECOGNITION,
        ),
        Held(
            table="complaints_barred",
            persons=["person_id"],
            shown="complaint_id person_id",
            fate=RECOGNITION,
        ),
        Held(
            table="decision_acts",
            persons=["actor_id"],
            shown="id stage_id kind decision_number paper_number issued_on reason actor_id acted_at",
            hidden={"ordinal event_id signer reasons new_stage_id": OF_THE_MATTER},
            fate=RECOGNITION,
        ),
    ],
    ties=[
        Tie(
            kind=TieKind.CASE,
            statement="select complainant_id as person_id, ended_at as until, dossier_id from "
            "complaints where complainant_id = any($1)",
        ),
        Tie(
            kind=TieKind.RECOGNITION,
            statement="select a.person_id, s.decided_at as until, s.dossier_id from stage_authors a "
            "join stages s on s.id = a.stage_id where a.person_id = any($1) and s.outcome = "
            "'RECOGNISED' and s.annulled_at is null",
        ),
        Tie(
            kind=TieKind.RECOGNITION,
            statement="select decider_id as person_id, decided_at as until, dossier_id from stages "
            "where decider_id = any($1) and outcome = 'RECOGNISED' and annulled_at is null",
        ),
    ],
)
