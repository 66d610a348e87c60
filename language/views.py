"""The published views: what a service lets others read of its rows, and who reads what.

A view is a contract. Its columns keep their names and meaning; a column may be added at its end; any other
change is a new view with the next number beside the old one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from language.names import TaskQueue


class View(StrEnum):
    """A published view, by its full name."""

    UNITS = "organisation.units_v1"
    PERSONS = "organisation.persons_v1"
    FORMER_ADDRESSES = "organisation.former_addresses_v1"
    ACCOUNT_LINKS = "organisation.account_links_v1"
    KNOWN_PEOPLE = "organisation.known_people_v1"
    NAMES = "organisation.names_v1"
    POSTS = "organisation.posts_v1"
    HOLDINGS = "organisation.holdings_v1"
    LEAVE = "organisation.leave_v1"
    ABSENCES = "organisation.absences_v1"
    DELEGATIONS = "organisation.delegations_v1"
    ROSTER_CHANGES = "organisation.roster_changes_v1"
    IDENTITIES = "organisation.identities_v1"
    SUCCESSIONS = "organisation.successions_v1"
    LATE_PAPERS = "organisation.late_papers_v1"
    JOININGS = "organisation.joinings_v1"
    ORGANISATION_ALARMS = "organisation.alarms_v1"
    ORGANISATION_NOTICES = "organisation.notices_v1"
    PACKS = "rulebook.packs_v1"
    CALENDARS = "rulebook.calendars_v1"
    BREAKS = "rulebook.breaks_v1"
    CALENDAR_EDITIONS = "rulebook.calendar_editions_v1"
    SEASONS = "rulebook.seasons_v1"
    ROUNDS = "rulebook.rounds_v1"
    LATE_FILINGS = "rulebook.late_filings_v1"
    RULEBOOK_NOTICES = "rulebook.notices_v1"
    PLANS = "intake.plans_v1"
    DOSSIERS = "intake.dossiers_v1"
    ASKED = "intake.asked_v1"
    DOSSIER_HEADS = "intake.dossier_heads_v1"
    DOSSIER_AUTHORS = "intake.dossier_authors_v1"
    INTAKE_NOTICES = "intake.notices_v1"
    STAGES = "review.stages_v1"
    DECISIONS = "review.decisions_v1"
    ANNULMENTS = "review.annulments_v1"
    UPHELD_COMPLAINTS = "review.upheld_complaints_v1"
    REVIEW_NOTICES = "review.notices_v1"
    PAYOUT_NOTICES = "payout.notices_v1"
    AWARDS = "payout.awards_v1"
    PAYMENT_LISTS = "payout.payment_lists_v1"
    INTAKE_TASKS = "intake.tasks_v1"
    REVIEW_TASKS = "review.tasks_v1"
    PAYOUT_TASKS = "payout.tasks_v1"
    INTAKE_CLOCKS = "intake.clocks_v1"
    REVIEW_CLOCKS = "review.clocks_v1"
    PAYOUT_CLOCKS = "payout.clocks_v1"
    RULEBOOK_ALARMS = "rulebook.alarms_v1"
    INTAKE_ALARMS = "intake.alarms_v1"
    REVIEW_ALARMS = "review.alarms_v1"
    PAYOUT_ALARMS = "payout.alarms_v1"
    RULEBOOK_OF_PEOPLE = "rulebook.of_people_v1"
    INTAKE_OF_PEOPLE = "intake.of_people_v1"
    REVIEW_OF_PEOPLE = "review.of_people_v1"
    PAYOUT_OF_PEOPLE = "payout.of_people_v1"
    POSTROOM_NOTICES = "postroom.notices_v1"
    POSTROOM_ALARMS = "postroom.alarms_v1"
    POSTROOM_OF_PEOPLE = "postroom.of_people_v1"
    COLLECTED = "postroom.collected_v1"
    ACCOUNT_LINK_DIGESTS = "postroom.account_link_digests_v1"
    RULEBOOK_ACTS = "rulebook.acts_v1"
    INTAKE_ACTS = "intake.acts_v1"
    REVIEW_ACTS = "review.acts_v1"
    PAYOUT_ACTS = "payout.acts_v1"
    POSTROOM_ACTS = "postroom.acts_v1"
    INTAKE_FIRED = "intake.fired_clocks_v1"
    INTAKE_LAPSED = "intake.lapsed_terms_v1"
    REVIEW_FIRED = "review.fired_clocks_v1"
    PAYOUT_FIRED = "payout.fired_clocks_v1"
    REVIEW_EVENTS = "review.events_v1"
    REVIEW_EVENT_VALUES = "review.event_values_v1"
    REVIEW_CHAIN = "review.chain_v1"
    REVIEW_LINKS = "review.links_v1"
    REVIEW_CHECKPOINTS = "review.checkpoints_v1"
    REVIEW_CHECKPOINT_BUCKETS = "review.checkpoint_buckets_v1"
    PAYOUT_EVENTS = "payout.events_v1"
    PAYOUT_EVENT_VALUES = "payout.event_values_v1"
    PAYOUT_CHAIN = "payout.chain_v1"
    PAYOUT_LINKS = "payout.links_v1"
    PAYOUT_CHECKPOINTS = "payout.checkpoints_v1"
    PAYOUT_CHECKPOINT_BUCKETS = "payout.checkpoint_buckets_v1"


_CALLERS: Final = frozenset(
    {View.IDENTITIES, View.POSTS, View.HOLDINGS, View.UNITS, View.LATE_PAPERS, View.JOININGS}
)
"""Who calls, and which posts the person holds: what every service judges a request by; and which records are
of one person. And what became known of them afterwards, with where the units lie that decide about it."""
_ROSTER: Final = frozenset(
    {View.LEAVE, View.ABSENCES, View.DELEGATIONS, View.ROSTER_CHANGES, View.SUCCESSIONS}
)
"""Who acts in which post, besides: for whoever gives out work."""
_CLOCKS: Final = frozenset({View.CALENDARS, View.BREAKS, View.CALENDAR_EDITIONS})
NOTICES: Final[Mapping[TaskQueue, View]] = {
    TaskQueue.ORGANISATION: View.ORGANISATION_NOTICES,
    TaskQueue.RULEBOOK: View.RULEBOOK_NOTICES,
    TaskQueue.INTAKE: View.INTAKE_NOTICES,
    TaskQueue.REVIEW: View.REVIEW_NOTICES,
    TaskQueue.PAYOUT: View.PAYOUT_NOTICES,
    TaskQueue.POSTROOM: View.POSTROOM_NOTICES,
}
"""What each service has to tell people: the postroom reads all of them."""
TASKS: Final = frozenset({View.INTAKE_TASKS, View.REVIEW_TASKS, View.PAYOUT_TASKS})
"""Who has work about a dossier: whoever has some reads it."""
CLOCKS: Final = frozenset({View.INTAKE_CLOCKS, View.REVIEW_CLOCKS, View.PAYOUT_CLOCKS})
"""Which clocks run where: whoever changes the calendar sees what that touches."""
ALARMS: Final = frozenset(
    {
        View.ORGANISATION_ALARMS,
        View.RULEBOOK_ALARMS,
        View.INTAKE_ALARMS,
        View.REVIEW_ALARMS,
        View.PAYOUT_ALARMS,
        View.POSTROOM_ALARMS,
    }
)
"""What stands on the alarm lists: the postroom tells of nothing that is mended by then."""
ACTS: Final = frozenset(
    {View.RULEBOOK_ACTS, View.INTAKE_ACTS, View.REVIEW_ACTS, View.PAYOUT_ACTS, View.POSTROOM_ACTS}
)
"""What was done through posts: whoever writes down a paper that came late sees what it puts into question."""
FIRED: Final = frozenset({View.INTAKE_FIRED, View.INTAKE_LAPSED, View.REVIEW_FIRED, View.PAYOUT_FIRED})
"""Clocks of which rungs have fired, and terms that ran out: whoever changes the calendar of days that are
over sees which of them."""
OF_PEOPLE: Final[Mapping[TaskQueue, View]] = {
    TaskQueue.RULEBOOK: View.RULEBOOK_OF_PEOPLE,
    TaskQueue.INTAKE: View.INTAKE_OF_PEOPLE,
    TaskQueue.REVIEW: View.REVIEW_OF_PEOPLE,
    TaskQueue.PAYOUT: View.PAYOUT_OF_PEOPLE,
    TaskQueue.POSTROOM: View.POSTROOM_OF_PEOPLE,
}
"""What stands under whose id in each service: whoever joins two records of one person sees what moves."""
_HISTORIES: Final = frozenset(
    view
    for view in View
    if view.name.startswith(("REVIEW_", "PAYOUT_"))
    and view not in {*NOTICES.values(), *TASKS, *CLOCKS, *ALARMS, *ACTS, *FIRED, *OF_PEOPLE.values()}
    and view not in {View.AWARDS, View.PAYMENT_LISTS}
)
"""The histories that intake puts together with its own to prove a dossier."""
LATER_PACK: Final = "effective_from desc, published_at desc, version desc"
"""Which of the packs that hold on a day is in force: the one that came into force last; of those of one day,
the one that was published last."""
_OPEN_THINGS: Final = frozenset(
    {View.DOSSIERS, View.STAGES, View.REVIEW_CLOCKS, View.AWARDS, View.PAYMENT_LISTS}
)
"""What may be open in a unit: no unit ends over it."""
_ABOUT: Final = frozenset({View.DOSSIERS, View.DOSSIER_HEADS, View.DOSSIER_AUTHORS})
"""Which dossiers there are, whose, and what they are called: for lists of what is about them."""
READ_BY: Final[Mapping[TaskQueue, frozenset[View]]] = {
    TaskQueue.ORGANISATION: _OPEN_THINGS
    | TASKS
    | ACTS
    | {View.SEASONS, View.ROUNDS, View.LATE_FILINGS}
    | {View.PACKS, View.COLLECTED, View.ACCOUNT_LINK_DIGESTS, *OF_PEOPLE.values()},
    TaskQueue.RULEBOOK: _CALLERS
    | CLOCKS
    | FIRED
    | {View.DOSSIERS, View.STAGES, View.DECISIONS, View.NAMES, View.COLLECTED},
    TaskQueue.INTAKE: _CALLERS
    | _ROSTER
    | _CLOCKS
    | _HISTORIES
    | {
        View.PACKS,
        View.SEASONS,
        View.ROUNDS,
        View.LATE_FILINGS,
        View.STAGES,
        View.DECISIONS,
        View.ANNULMENTS,
        View.UPHELD_COMPLAINTS,
        View.KNOWN_PEOPLE,
        View.NAMES,
        View.COLLECTED,
    }
    | (TASKS - {View.INTAKE_TASKS}),
    TaskQueue.REVIEW: _CALLERS
    | _ROSTER
    | _CLOCKS
    | _ABOUT
    | {View.PLANS, View.NAMES, View.COLLECTED, View.INTAKE_ACTS}
    | (TASKS - {View.REVIEW_TASKS}),
    TaskQueue.PAYOUT: _CALLERS
    | _ROSTER
    | _CLOCKS
    | _ABOUT
    | {View.DECISIONS, View.ANNULMENTS, View.PLANS, View.NAMES, View.COLLECTED},
    TaskQueue.POSTROOM: (
        _CALLERS
        | TASKS
        | ALARMS
        | {View.PERSONS, View.FORMER_ADDRESSES, View.ACCOUNT_LINKS, View.NAMES, View.PACKS, View.ASKED}
        | {*NOTICES.values()}
    )
    - {View.POSTROOM_NOTICES, View.POSTROOM_ALARMS},
}
"""The views that each service reads. Its role may read these, and nothing else that is not its own."""
