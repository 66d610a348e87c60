"""What payout holds of people: their shares, what was booked and paid, and what they signed."""

from typing import Final

from casework.personal.held import OF_THE_MATTER, Held, PersonalData
from casework.personal.shared import with_shared

PERSONAL_DATA: Final[PersonalData] = with_shared(
    held=[
        Held(
            table="award_shares",
            persons=["person_id", "paid_to"],
            shown="award_id position person_id percent amount_dong outside paid_to",
        ),
        Held(
            table="awards",
            persons=["verified_by", "approved_by", "ended_by"],
            also="t.id in (select award_id from award_shares where person_id = any($1) or paid_to = any($1))",
            shown="id dossier_id dossier_code level unit_id decision_number state verified_by approved_by "
            "ended_by payment_list_id assessed_at moved_at due_at",
            hidden={
                "unit_path amount_dong rule_version basis verifier_post approver_post replaces revision "
                "version "
                "list_rules payment_people season_id": OF_THE_MATTER
            },
        ),
        Held(
            table="ledger_entries",
            persons=["person_id"],
            shown="seq journal_id award_id unit_id account person_id debit_dong credit_dong booked_at",
        ),
        Held(
            table="payment_list_items",
            persons=["person_id"],
            shown="list_id award_id person_id amount_dong removed_at",
        ),
        Held(
            table="payment_lists",
            persons=["made_by", "sent_by"],
            also="t.id in (select list_id from payment_list_items where person_id = any($1))",
            shown="id number year unit_id state made_by made_at sent_by sent_at confirmed_at "
            "statement_reference",
            hidden={"unit_path total_dong version rule_version due_at payment_people": OF_THE_MATTER},
        ),
    ],
)
