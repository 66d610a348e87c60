"""What the rulebook holds of people: who made, changed and published which rules."""

from typing import Final

from casework.personal.fate import BY_ID_ONLY
from casework.personal.held import OF_THE_MATTER, Held, PersonalData
from casework.personal.shared import with_shared

PERSONAL_DATA: Final[PersonalData] = with_shared(
    held=[
        Held(
            table="calendars",
            persons=["made_by"],
            shown="version reason made_by made_at",
            hidden={"holidays make_up_days": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
        Held(
            table="late_filings",
            persons=["given_by"],
            shown="id season_id unit_id until document reason given_by given_at",
            fate=BY_ID_ONLY,
        ),
        Held(
            table="policy_drafts",
            persons=["drafted_by", "edited_by", "published_by"],
            shown="id name pack_version state drafted_by drafted_at edited_by edited_at published_by "
            "published_at",
            hidden={"content version": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
        Held(
            table="policy_packs",
            persons=["drafted_by", "published_by"],
            shown="name version effective_from effective_to drafted_by published_by published_at",
            hidden={"content": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
        Held(
            table="transitions",
            persons=["made_by", "settled_by"],
            shown="id state made_by made_at settled_by settled_at done_at",
            hidden={
                "revision from_pack to_pack to_version level_moves reverses planned_at version": OF_THE_MATTER
            },
            fate=BY_ID_ONLY,
        ),
        Held(
            table="transition_dossiers",
            persons=["chosen_by"],
            shown="transition_id dossier_id code choice chosen_by",
            hidden={
                "unit_id season_id class reason stage step marks from_level to_level choices told_at "
                "answer_class answer_reason answer_level answered_at": OF_THE_MATTER
            },
            fate=BY_ID_ONLY,
        ),
    ],
)
