"""What the tables that every service has hold of people."""

from typing import Final

from casework.personal.fate import BY_ID_ONLY, IN_THE_CHAIN, ByEvent, Goes
from casework.personal.held import COPY, OF_THE_MATTER, PROOF, Held, PersonalData, Withheld
from casework.personal.ties import Tie
from language.words.base import Words

_ACTS: Final = Words(
    "điều một việc làm chứa đựng được nêu khi việc đó nói về chính người này; còn lại xem ở trang của vụ "
    "việc",
    "what an act holds is shown where it is about the person; else it stands on the matter's page",
)
SHARED: Final = PersonalData(
    held=[
        Held(
            table="events",
            persons=["actor_id", "on_behalf_of"],
            also="t.subject_id = any($1)",
            shown="seq event_id subject_id kind version occurred_at recorded_at actor_id on_behalf_of "
            "post_id "
            "rule_version rule",
            made={"detail": "case when t.subject_id = any($1) then t.detail end"},
            hidden={"through": _ACTS, "key_id mac": PROOF},
            fate=IN_THE_CHAIN,
        ),
        Held(
            table="event_values",
            also="t.event_id in (select event_id from events where subject_id = any($1))",
            shown="event_id field value",
            hidden={"salt": PROOF},
            fate=ByEvent(),
        ),
        Held(
            table="tasks",
            persons=["assignee_id", "on_behalf_of"],
            shown="id kind subject_id subject_code about_id level unit_id assignee_id on_behalf_of state "
            "opened_at due_at closed_at post_id post_kind reminded_at unreachable_since",
            hidden={"unit_path season_id": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
        Held(
            table="clock_moves",
            persons=["actor_id", "on_behalf_of"],
            shown="move_id about_id kind reason actor_id on_behalf_of post_id moved_at",
            hidden={"seq cause budget calendar_version rule old_due_at new_due_at": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
        Held(
            table="questioned_acts",
            persons=["actor_id", "on_behalf_of", "decided_by"],
            shown="id doubt first_day last_day act_id act acted_at actor_id on_behalf_of post_id subject_id "
            "subject_code unit_id raised_at state decided_by decided_at reason",
            hidden={"change_id": OF_THE_MATTER},
            fate=BY_ID_ONLY,
        ),
    ],
    withheld=[
        Withheld(
            table="notices",
            persons=["person_id"],
            why=COPY,
            fate=Goes(),
        ),
        Withheld(
            table="idempotency_keys",
            persons=["caller_id"],
            why=COPY,
            fate=Goes(),
        ),
    ],
)


def with_shared(
    *, held: list[Held], withheld: list[Withheld] | None = None, ties: list[Tie] | None = None
) -> PersonalData:
    """What a service holds of its own and what holds it, and what every service has."""
    return PersonalData(
        held=[*held, *SHARED.held], withheld=[*(withheld or ()), *SHARED.withheld], ties=ties or []
    )
