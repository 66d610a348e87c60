"""What the organisation holds of people."""

from typing import Final

from casework.personal.fate import BY_ID_ONLY, NAMELESS, WITHOUT_WORDS, Blanked, Goes
from casework.personal.held import DERIVED, OF_THE_MATTER, PROOF, SECRET, Held, PersonalData, Withheld
from casework.personal.shared import with_shared
from casework.personal.ties import Tie, TieKind
from language.events.organisation import PersonCreated
from language.text import fold
from language.words.base import Words

_REGISTER: Final = Words(
    "id còn lại để các dòng khác có chỗ dựa; tên, mã số, ngày sinh còn khi còn công nhận hoặc"
    " tiền thưởng trong thời hạn",
    "the id stays for what refers to it; name, number and birth date as long as a recognition"
    " or money holds them",
)

PERSONAL_DATA: Final[PersonalData] = with_shared(
    held=[
        Held(
            table="people",
            persons=["id", "joined_into"],
            shown="id code full_name date_of_birth mail_address version joined_into",
            hidden={"folded_name": DERIVED},
            fate=Blanked(
                by="id",
                at_once={"mail_address": "null"},
                with_the_name={
                    "code": "t.id::text",
                    "full_name": f"'{NAMELESS}'",
                    "folded_name": f"'{fold(NAMELESS)}'",
                    "date_of_birth": "null",
                },
                is_versioned=True,
                why=_REGISTER,
            ),
        ),
        Held(
            table="accounts",
            persons=["person_id", "password_set_by"],
            shown="username person_id disabled_at tokens_not_before must_change password_set_by",
            hidden={"password_hash": SECRET},
            fate=Goes(by="person_id"),
        ),
        Held(
            table="identities",
            persons=["person_id", "linked_by"],
            shown="id issuer person_id linked_by linked_at",
            made={"subject": "case when t.person_id = any($1) then t.subject end"},
            fate=Goes(by="person_id"),
        ),
        Held(
            table="account_links",
            persons=["person_id"],
            shown="id person_id is_invitation sent_at good_until used_at ended_at",
            hidden={"event_id": PROOF, "address_digest": SECRET},
            fate=Goes(),
        ),
        Held(
            table="account_proposals",
            persons=["person_id", "proposed_by", "approved_by"],
            shown="id person_id act reason proposed_by proposed_at closed_at approved_by",
            made={
                name: f"case when t.person_id = any($1) then t.{name} end" for name in ("issuer", "subject")
            },
            hidden={"password_hash": SECRET},
            fate=Goes(by="person_id"),
        ),
        Held(
            table="administrator_proposals",
            persons=["person_id", "proposed_by"],
            shown="id post_id person_id held_from held_to acting proposed_by proposed_at closed_at",
            hidden={"holding_id ends_id": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
        Held(
            table="device_grants",
            persons=["person_id"],
            shown="client_id address asked_at good_until person_id refused_at",
            hidden={
                "device_code_hash user_code_hash": SECRET,
                "renewable interval_seconds polled_at": DERIVED,
            },
            fate=Goes(),
        ),
        Held(
            table="renewals",
            persons=["person_id"],
            shown="id person_id client_id signed_in_at renewed_at ends_at",
            hidden={"secret_hash previous_hash": SECRET},
            fate=Goes(),
        ),
        Held(
            table="one_time_codes",
            persons=["person_id"],
            shown="person_id begun_at confirmed_at",
            hidden={"sealed_secret last_step": SECRET},
            fate=Goes(),
        ),
        Held(
            table="holdings",
            persons=["person_id"],
            shown="id post_id person_id held_from held_to acting merged_into",
            fate=BY_ID_ONLY,
        ),
        Held(
            table="leaves",
            persons=["person_id"],
            shown="id person_id starts_on ends_on cancelled_at",
            fate=Goes(),
        ),
        Held(
            table="delegations",
            persons=["grantor_id", "delegate_id"],
            shown="id grantor_id delegate_id starts_on ends_on post_kinds levels tasks unit_id units_below "
            "reason made_at cancelled_at",
            fate=Blanked(by="grantor_id", at_once={"reason": f"'{WITHOUT_WORDS}'"}, why=BY_ID_ONLY.why),
        ),
        Held(
            table="joinings",
            persons=["kept_id", "joined_id", "proposed_by", "approved_by"],
            shown="id kept_id joined_id document reason from_day state proposed_by proposed_at approved_by "
            "approved_at in_force_at",
            hidden={"position version": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
        Held(
            table="late_papers",
            persons=["person_id", "delegate_id", "from_ids[]", "to_ids[]"],
            shown="change_id cause first_day last_day person_id delegate_id from_ids to_ids holding_id "
            "post_id "
            "acting delegation_id changed_at",
            hidden={"position post_ids": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
        Held(
            table="successions",
            persons=["drafted_by", "approved_by"],
            shown="id document from_day state drafted_by drafted_at approved_by approved_at in_force_at",
            hidden={"steps unit_ids held_up_at position version": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
    ],
    withheld=[
        Withheld(
            table="authorization_codes",
            persons=["person_id"],
            why=SECRET,
            fate=Goes(),
        ),
        Withheld(
            table="recovery_codes",
            persons=["person_id"],
            why=SECRET,
            fate=Goes(),
        ),
    ],
    ties=[
        Tie(
            kind=TieKind.KNOWN,
            statement="select subject_id as person_id, recorded_at as until, null::uuid as dossier_id "
            f"from events where subject_id = any($1) and kind = '{PersonCreated.__name__}'",
        ),
        Tie(
            kind=TieKind.POST,
            statement="select person_id, held_to as until, null::uuid as dossier_id from holdings where"
            " person_id = any($1) and merged_into is null",
        ),
    ],
)
