"""What the postroom holds of people: what they were told, how, and how they want to be told."""

from typing import Final

from casework.personal.fate import BY_ID_ONLY, Goes
from casework.personal.held import OF_THE_MATTER, Held, PersonalData
from casework.personal.shared import with_shared

_OWN_NOTICES: Final = "(select id from received_notices where person_id = any($1))"

PERSONAL_DATA: Final[PersonalData] = with_shared(
    held=[
        Held(
            table="received_notices",
            persons=["person_id"],
            shown="id service event_id person_id kind subject_id subject_code level due_at detail reference "
            "happened_at read_at reason amount_dong",
            fate=Goes(),
        ),
        Held(
            table="notice_settings",
            persons=["person_id"],
            shown="person_id mail_address language modes digest_hour quiet_from quiet_to version",
            fate=Goes(),
        ),
        Held(
            table="mails",
            persons=["person_id"],
            shown="id person_id send_at is_gathered state attempts sent_at outcome made_at former_of "
            "former_address",
            hidden={"next_try_at claimed_in": OF_THE_MATTER},
            fate=Goes(),
        ),
        Held(
            table="mail_notices",
            also=f"t.notice_id in {_OWN_NOTICES}",
            shown="notice_id mail_id",
            fate=Goes(),
        ),
        Held(
            table="webhook_deliveries",
            also=f"t.notice_id in {_OWN_NOTICES}",
            shown="id webhook_id notice_id state delivered_at",
            hidden={"attempts next_try_at status outcome": OF_THE_MATTER},
            fate=Goes(),
        ),
        Held(
            table="webhooks",
            persons=["made_by"],
            shown="id url kinds made_by made_at off_since",
            hidden={"sealed_secret old_sealed_secret old_secret_until failures failing_since": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
    ],
)
