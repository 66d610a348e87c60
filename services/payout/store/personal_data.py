"""What payout holds of people: their shares, what was booked and paid, and what they signed."""

from typing import Final

from casework.personal.fate import MONEY
from casework.personal.held import OF_THE_MATTER, Held, PersonalData
from casework.personal.shared import with_shared
from casework.personal.ties import Tie, TieKind

PERSONAL_DATA: Final[PersonalData] = with_shared(
    held=[
        Held(
            table="award_shares",
            persons=["person_id", "paid_to"],
            shown="award_id position person_id percent amount_dong outside paid_to",
            fate=MONEY,
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
            fate=MONEY,
        ),
        Held(
            table="ledger_entries",
            persons=["person_id"],
            shown="seq journal_id award_id unit_id account person_id debit_dong credit_dong booked_at",
            fate=MONEY,
        ),
        Held(
            table="payment_list_items",
            persons=["person_id"],
            shown="list_id award_id person_id amount_dong removed_at",
            fate=MONEY,
        ),
        Held(
            table="payment_lists",
            persons=["made_by", "sent_by"],
            also="t.id in (select list_id from payment_list_items where person_id = any($1))",
            shown="id number year unit_id state made_by made_at sent_by sent_at confirmed_at "
            "statement_reference",
            hidden={"unit_path total_dong version rule_version due_at payment_people": OF_THE_MATTER},
            fate=MONEY,
        ),
    ],
    ties=[
        Tie(
            kind=TieKind.MONEY,
            statement="select p.person_id, case when a.state in ('PAID', 'REJECTED', 'REVERSED') then "
            "a.moved_at end as until, a.dossier_id from award_shares s join awards a on a.id "
            "= s.award_id cross join lateral unnest(array[s.person_id, s.paid_to]) "
            "p(person_id) where p.person_id = any($1)",
        ),
        Tie(
            kind=TieKind.MONEY,
            statement="select p.person_id, a.moved_at as until, a.dossier_id from awards a cross join "
            "lateral unnest(array[a.verified_by, a.approved_by]) p(person_id) where "
            "p.person_id = any($1)",
        ),
        Tie(
            kind=TieKind.MONEY,
            statement="select p.person_id, coalesce(l.confirmed_at, l.sent_at, l.made_at) as until, "
            "null::uuid as dossier_id from payment_lists l cross join lateral "
            "unnest(array[l.made_by, l.sent_by]) p(person_id) where p.person_id = any($1)",
        ),
    ],
)
