"""What the organisation holds of people."""

from typing import Final

from casework.personal.held import DERIVED, OF_THE_MATTER, PROOF, SECRET, Held, PersonalData, Withheld
from casework.personal.shared import with_shared

PERSONAL_DATA: Final[PersonalData] = with_shared(
    held=[
        Held(
            table="people",
            persons=["id", "joined_into"],
            shown="id code full_name date_of_birth mail_address version joined_into",
            hidden={"folded_name": DERIVED},
        ),
        Held(
            table="accounts",
            persons=["person_id", "password_set_by"],
            shown="username person_id disabled_at tokens_not_before must_change password_set_by",
            hidden={"password_hash": SECRET},
        ),
        Held(
            table="identities",
            persons=["person_id", "linked_by"],
            shown="id issuer person_id linked_by linked_at",
            made={"subject": "case when t.person_id = any($1) then t.subject end"},
        ),
        Held(
            table="account_links",
            persons=["person_id"],
            shown="id person_id is_invitation sent_at good_until used_at ended_at",
            hidden={"event_id": PROOF, "address_digest": SECRET},
        ),
        Held(
            table="account_proposals",
            persons=["person_id", "proposed_by", "approved_by"],
            shown="id person_id act reason proposed_by proposed_at closed_at approved_by",
            made={
                name: f"case when t.person_id = any($1) then t.{name} end" for name in ("issuer", "subject")
            },
            hidden={"password_hash": SECRET},
        ),
        Held(
            table="administrator_proposals",
            persons=["person_id", "proposed_by"],
            shown="id post_id person_id held_from held_to acting proposed_by proposed_at closed_at",
            hidden={"holding_id ends_id": OF_THE_MATTER},
        ),
        Held(
            table="device_grants",
            persons=["person_id"],
            shown="client_id address asked_at good_until person_id refused_at",
            hidden={
                "device_code_hash user_code_hash": SECRET,
                "renewable interval_seconds polled_at": DERIVED,
            },
        ),
        Held(
            table="renewals",
            persons=["person_id"],
            shown="id person_id client_id signed_in_at renewed_at ends_at",
            hidden={"secret_hash previous_hash": SECRET},
        ),
        Held(
            table="one_time_codes",
            persons=["person_id"],
            shown="person_id begun_at confirmed_at",
            hidden={"sealed_secret last_step": SECRET},
        ),
        Held(
            table="holdings",
            persons=["person_id"],
            shown="id post_id person_id held_from held_to acting merged_into",
        ),
        Held(
            table="leaves",
            persons=["person_id"],
            shown="id person_id starts_on ends_on cancelled_at",
        ),
        Held(
            table="delegations",
            persons=["grantor_id", "delegate_id"],
            shown="id grantor_id delegate_id starts_on ends_on post_kinds levels tasks unit_id units_below "
            "reason made_at cancelled_at",
        ),
        Held(
            table="joinings",
            persons=["kept_id", "joined_id", "proposed_by", "approved_by"],
            shown="id kept_id joined_id document reason from_day state proposed_by proposed_at approved_by "
            "approved_at in_force_at",
            hidden={"position version": OF_THE_MATTER},
        ),
        Held(
            table="late_papers",
            persons=["person_id", "delegate_id", "from_ids[]", "to_ids[]"],
            shown="change_id cause first_day last_day person_id delegate_id from_ids to_ids holding_id "
            "post_id "
            "acting delegation_id changed_at",
            hidden={"position post_ids": OF_THE_MATTER},
        ),
        Held(
            table="successions",
            persons=["drafted_by", "approved_by"],
            shown="id document from_day state drafted_by drafted_at approved_by approved_at in_force_at",
            hidden={"steps unit_ids held_up_at position version": OF_THE_MATTER},
        ),
    ],
    withheld=[
        Withheld(table="authorization_codes", persons=["person_id"], why=SECRET),
        Withheld(table="recovery_codes", persons=["person_id"], why=SECRET),
    ],
)
