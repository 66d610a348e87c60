"""What each role may do in a real database: its own work, others' published views, and nothing that would
undo a fact."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from kit.db import Connection
from language.names import SERVICES, TaskQueue
from language.views import READ_BY, View
from processes.migrate import DataFromBefore, bring_up_to_date
from processes.roles import Grant, granted, owner_of, role_of, wanted_grants
from tests.conftest import Cluster

HISTORY = {"events", "chain", "links", "checkpoints", "clock_moves"}
APPEND_ONLY = {
    "organisation": HISTORY | {"roster_changes", "late_papers"},
    "rulebook": HISTORY | {"calendars", "calendar_changes", "policy_packs"},
    "intake": HISTORY | {"plans", "filed_versions", "looks"},
    "review": HISTORY | {"taken_back_sheets", "recusals", "decision_acts"},
    "payout": HISTORY | {"ledger_entries"},
    "postroom": HISTORY,
}
"""The tables to which rows are only ever added; to read and to add is all that anybody may."""
UNCHANGEABLE = {"event_values"}
"""Rows that may go, as a personal value is erased, but are never altered."""
READ_ONLY = {"schema_migrations"}
COLUMNS = {
    View.UNITS: "id code name level parent_id path valid_from valid_to successor_id",
    View.PERSONS: "id full_name mail_address has_account code",
    View.FORMER_ADDRESSES: "event_id person_id mail_address",
    View.ACCOUNT_LINKS: "event_id id person_id mail_address good_until",
    View.KNOWN_PEOPLE: "id code full_name folded_name date_of_birth",
    View.NAMES: "id full_name",
    View.POSTS: "id kind title unit_id unit_path passed_to",
    View.HOLDINGS: "id post_id person_id held_from held_to acting",
    View.LEAVE: "id person_id starts_on ends_on",
    View.ABSENCES: "id person_id starts_on ends_on account_closed",
    View.DELEGATIONS: "id grantor_id delegate_id starts_on ends_on post_kinds levels tasks unit_id "
    "units_below reason made_at",
    View.ROSTER_CHANGES: "position from_day until_day post_ids changed_at",
    View.IDENTITIES: "issuer subject person_id disabled tokens_not_before",
    View.LATE_PAPERS: "position change_id cause first_day last_day person_id holding_id post_id acting "
    "delegation_id delegate_id post_ids from_ids to_ids changed_at",
    View.SUCCESSIONS: "position id from_day in_force unit_ids",
    View.JOININGS: "position joined_id kept_id",
    View.AWARDS: "id dossier_id dossier_code unit_id state",
    View.PAYMENT_LISTS: "id number year unit_id state",
    View.PACKS: "name version content effective_from effective_to published_at",
    View.CALENDARS: "version holidays make_up_days reason made_by made_at",
    View.BREAKS: "id unit_id first_day last_day name since_version ended_version",
    View.INTAKE_LAPSED: "about_id subject_id subject_code unit_id unit_path opened_at runs_until budget "
    "ladder fired moves",
    View.SEASONS: "id code name opens_on closes_on opens_at closes_at",
    View.ROUNDS: "id season_id code level application_field opens_at closes_at",
    View.LATE_FILINGS: "id season_id unit_id until",
    View.CALENDAR_EDITIONS: "position version unit_id reason made_by post_id changed_at holding_id",
    View.PLANS: "hash version body",
    View.DOSSIERS: "id code season_id unit_id state check_state check_revision plan_hash authors filed_at "
    "closed_at rules_revision transition_id passage rule_version acted_at answered_at moved_revision "
    "rules_moved_at route_before title first_author filers",
    View.DOSSIER_HEADS: "id code season_id search_text",
    View.DOSSIER_AUTHORS: "dossier_id person_id",
    View.STAGES: "id dossier_id level unit_id state opened_at is_last plan_hash marks due_at is_suspended "
    "in_successor",
    View.COLLECTED: "service position",
    View.ACCOUNT_LINK_DIGESTS: "link_id digest",
    View.ASKED: "kind subject_id person_id",
    View.DECISIONS: "id stage_id dossier_id level unit_id outcome proposed decision_number decided_at grade "
    "plan_hash annulled_at annulled_by",
    View.ANNULMENTS: "id stage_id dossier_id level unit_id kind decision_number reason new_stage_id acted_at",
    View.UPHELD_COMPLAINTS: "id dossier_id check_revision ended_at",
}
TASK_COLUMNS = "id kind subject_id about_id assignee_id post_id state due_at level"
HISTORY_COLUMNS = {
    "events_v1": "seq event_id subject_id kind version occurred_at recorded_at actor_id on_behalf_of post_id "
    "through rule_version rule detail",
    "event_values_v1": "event_id field salt value",
    "chain_v1": "position event_id hash",
    "links_v1": "subject_id ordinal event_id position bucket hash",
    "checkpoints_v1": "number position day made_at head root previous public_key signature",
    "checkpoint_buckets_v1": "bucket root",
}
"""Every service publishes its history; so far intake reads that of review and payout."""
NOTICE_COLUMNS = (
    "position id event_id person_id kind subject_id subject_code level due_at detail reference happened_at "
    "reason amount_dong"
)
"""The contract of each view: these columns in this order. New ones are added at the end; nothing else
changes."""
CALLERS = {
    "organisation.identities_v1",
    "organisation.posts_v1",
    "organisation.holdings_v1",
    "organisation.joinings_v1",
    "organisation.units_v1",
    "organisation.late_papers_v1",
}
OF_PEOPLE = {f"{owner}.of_people_v1" for owner in ("rulebook", "intake", "review", "payout", "postroom")}
OF_PEOPLE_COLUMNS = "person_id joined_as about_id is_open"
ROSTER = {
    "organisation.leave_v1",
    "organisation.absences_v1",
    "organisation.delegations_v1",
    "organisation.roster_changes_v1",
    "organisation.successions_v1",
}
CLOCKS = {"rulebook.calendars_v1", "rulebook.breaks_v1", "rulebook.calendar_editions_v1"}
NOTICES = {f"{owner}.notices_v1" for owner in ("organisation", "rulebook", "intake", "review", "payout")}
HISTORIES = {f"{owner}.{view}" for owner in ("review", "payout") for view in HISTORY_COLUMNS}
ALARMS = {f"{owner}.alarms_v1" for owner in ("organisation", "rulebook", "intake", "review", "payout")}
RUNNING = {"intake.clocks_v1", "review.clocks_v1", "payout.clocks_v1"}
ACT_COLUMNS = (
    "event_id subject_id subject_code kind occurred_at actor_id on_behalf_of post_id holding_id delegation_id"
)
FIRED_COLUMNS = (
    "about_id subject_id subject_code unit_id unit_path opened_at runs_until budget ladder fired moves"
)
CLOCK_COLUMNS = "about_id subject_id kind unit_id unit_path opened_at due_at runs_until"
ABOUT = {"intake.dossiers_v1", "intake.dossier_heads_v1", "intake.dossier_authors_v1"}
TASKS = {"intake.tasks_v1", "review.tasks_v1", "payout.tasks_v1"}
MAY_READ: dict[str, set[str]] = {
    "organisation": {
        "intake.dossiers_v1",
        "review.stages_v1",
        "review.clocks_v1",
        "payout.awards_v1",
        "payout.payment_lists_v1",
        "postroom.collected_v1",
        "postroom.account_link_digests_v1",
        "rulebook.seasons_v1",
        "rulebook.rounds_v1",
        "rulebook.late_filings_v1",
        "rulebook.packs_v1",
        *TASKS,
        *OF_PEOPLE,
    }
    | {f"{owner}.acts_v1" for owner in ("rulebook", "intake", "review", "payout", "postroom")},
    "rulebook": CALLERS
    | RUNNING
    | {f"{owner}.fired_clocks_v1" for owner in ("intake", "review", "payout")}
    | {"intake.lapsed_terms_v1"}
    | {"intake.dossiers_v1", "review.stages_v1", "review.decisions_v1", "organisation.names_v1"}
    | {"postroom.collected_v1"},
    "intake": CALLERS
    | ROSTER
    | CLOCKS
    | HISTORIES
    | {"rulebook.rounds_v1", "rulebook.late_filings_v1"}
    | {"rulebook.packs_v1", "rulebook.seasons_v1", "review.stages_v1", "review.decisions_v1"}
    | {"organisation.known_people_v1", "organisation.names_v1", "review.annulments_v1"}
    | {"postroom.collected_v1", "review.upheld_complaints_v1"}
    | TASKS - {"intake.tasks_v1"},
    "review": CALLERS
    | ROSTER
    | CLOCKS
    | {*ABOUT, "intake.plans_v1", "intake.acts_v1", "postroom.collected_v1", "organisation.names_v1"}
    | TASKS - {"review.tasks_v1"},
    "payout": CALLERS
    | ROSTER
    | CLOCKS
    | {"review.decisions_v1", "review.annulments_v1", *ABOUT, "intake.plans_v1"}
    | {"organisation.names_v1", "postroom.collected_v1"},
    "postroom": {
        "organisation.persons_v1",
        "organisation.names_v1",
        "organisation.former_addresses_v1",
        "organisation.account_links_v1",
        "rulebook.packs_v1",
        "intake.asked_v1",
        *CALLERS,
        *NOTICES,
        *TASKS,
        *ALARMS,
    },
}
"""What each role may read of others. Whoever adds a reader writes it down here and in
docs/architecture.md."""


@pytest.fixture(scope="module")
async def admin_url(postgres: Cluster) -> str:
    return await postgres.fresh()


@asynccontextmanager
async def _as(postgres: Cluster, admin_url: str, service: str) -> AsyncIterator[Connection]:
    conn = await asyncpg.connect(postgres.url(admin_url, service))
    try:
        yield conn
    finally:
        await conn.close()


@asynccontextmanager
async def _admin(admin_url: str) -> AsyncIterator[Connection]:
    conn = await asyncpg.connect(admin_url)
    try:
        yield conn
    finally:
        await conn.close()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "statement",
    [
        "truncate events",
        "truncate idempotency_keys",
        "update events set kind = 'x'",
        "delete from events",
        "insert into schema_migrations (name, checksum) values ('x', 'x')",
        "alter table events disable trigger all",
        "alter table events disable trigger events_are_final",
        "alter table events disable row level security",
        "drop trigger events_are_final on events",
        "drop table events",
        "alter table events add column x int",
        "create table things (id int)",
        "create table public.things (id int)",
        "create function refuse_change() returns trigger language plpgsql as 'begin return new; end'",
        "create or replace function project_rungs() returns trigger language plpgsql as 'begin end'",
        "set session_replication_role = replica",
        f"set role {owner_of()}",
        "set role sangkien_admin",
        "create role stranger",
        "copy events to program 'true'",
    ],
)
async def test_a_role_undoes_no_fact_and_changes_no_table(
    postgres: Cluster, admin_url: str, service: TaskQueue, statement: str
) -> None:
    async with _as(postgres, admin_url, service) as conn:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.DuplicateFunctionError)):
            await conn.execute(statement)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_role_reads_of_others_only_the_views_in_the_list(
    postgres: Cluster, admin_url: str, service: TaskQueue
) -> None:
    async with _admin(admin_url) as admin:
        rows = await admin.fetch(
            "select schemaname || '.' || tablename as name from pg_tables where schemaname = any($1) "
            "union all select schemaname || '.' || viewname from pg_views where schemaname = any($1)",
            [other for other in SERVICES if other is not service],
        )
    readable = set()
    async with _as(postgres, admin_url, service) as conn:
        for row in rows:
            try:
                await conn.fetch(f"select * from {row['name']} limit 1")
            except asyncpg.InsufficientPrivilegeError:
                continue
            readable.add(row["name"])
    assert readable == MAY_READ[service] == {str(view) for view in READ_BY[service]}


@pytest.mark.parametrize("service", SERVICES)
async def test_a_role_has_in_its_own_schema_what_it_needs_and_nothing_more(
    admin_url: str, service: TaskQueue
) -> None:
    async with _admin(admin_url) as conn:
        given = {grant for grant in await granted(conn) if grant.role == role_of(service)}
        tables = {
            row["tablename"]
            for row in await conn.fetch("select tablename from pg_tables where schemaname = $1", service)
        }
        owners = await conn.fetch(
            "select distinct tableowner from pg_tables where schemaname = any($1)", list(SERVICES)
        )
        functions = await conn.fetch(
            "select distinct pg_get_userbyid(proowner) as owner from pg_proc "
            "where pronamespace = any($1::text[]::regnamespace[])",
            list(SERVICES),
        )
    by_table: dict[str, set[str]] = {}
    for grant in given:
        if grant.schema == service and grant.relation in tables:
            by_table.setdefault(str(grant.relation), set()).add(grant.privilege)
    assert by_table.keys() == tables
    everything = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    for table, privileges in by_table.items():
        wanted = {"SELECT", "INSERT"} if table in APPEND_ONLY[service] else everything
        wanted = wanted - {"UPDATE"} if table in UNCHANGEABLE else wanted
        assert privileges == ({"SELECT"} if table in READ_ONLY else wanted), table
    assert {row["tableowner"] for row in owners} == {row["owner"] for row in functions} == {owner_of()}


async def test_nobody_empties_an_append_only_table_not_even_its_owner(admin_url: str) -> None:
    async with _admin(admin_url) as conn:
        for schema, tables in APPEND_ONLY.items():
            for table in tables:
                with pytest.raises(asyncpg.RaiseError):
                    await conn.execute(f"truncate {schema}.{table} cascade")


async def test_views_have_the_columns_of_their_contract(admin_url: str) -> None:
    async with _admin(admin_url) as conn:
        rows = await conn.fetch(
            "select table_schema || '.' || table_name as view, "
            "string_agg(column_name, ' ' order by ordinal_position) as columns "
            "from information_schema.columns where table_schema = any($1) and table_name like '%\\_v_' "
            "group by 1",
            list(SERVICES),
        )
    assert {row["view"]: row["columns"] for row in rows} == {
        **{str(view): told for view, told in COLUMNS.items()},
        **{f"{owner}.{view}": told for owner in SERVICES for view, told in HISTORY_COLUMNS.items()},
        **{f"{owner}.notices_v1": NOTICE_COLUMNS for owner in SERVICES},
        **{f"{owner}.tasks_v1": TASK_COLUMNS for owner in SERVICES},
        **{f"{owner}.clocks_v1": CLOCK_COLUMNS for owner in SERVICES},
        **{f"{owner}.acts_v1": ACT_COLUMNS for owner in SERVICES},
        **{f"{owner}.fired_clocks_v1": FIRED_COLUMNS for owner in SERVICES},
        **dict.fromkeys(OF_PEOPLE, OF_PEOPLE_COLUMNS),
        **{f"{owner}.alarms_v1": "id kind about_id subject_id raised_at" for owner in SERVICES},
    }


async def test_a_grant_that_is_not_in_the_list_is_taken_away_by_the_next_job(postgres: Cluster) -> None:
    url = await postgres.fresh()
    stray = Grant(role=role_of("intake"), schema="organisation", relation="accounts", privilege="SELECT")
    async with _admin(url) as conn:
        await conn.execute(f"grant {stray.words} to {stray.role}")
        await conn.execute("revoke select on organisation.units_v1 from sangkien_rulebook")
        assert stray in await granted(conn)
        assert await bring_up_to_date(url, postgres.passwords) == []
        assert await granted(conn) == await wanted_grants(conn)
        assert stray not in await granted(conn)


async def test_what_a_pooler_refuses_is_set_at_the_role(postgres: Cluster, admin_url: str) -> None:
    async with _as(postgres, admin_url, "review") as conn:
        told = {
            name: await conn.fetchval(f"show {name}") for name in ("search_path", "plan_cache_mode", "jit")
        }
    assert told == {"search_path": "review, public", "plan_cache_mode": "force_custom_plan", "jit": "off"}


async def test_data_from_before_is_refused_and_left_as_it_is(postgres: Cluster) -> None:
    url = await postgres.empty()
    async with _admin(url) as conn:
        await conn.execute("create schema directory; create table directory.units (id int)")
        with pytest.raises(DataFromBefore) as refused:
            await bring_up_to_date(url, postgres.passwords)
        left = await conn.fetch("select nspname from pg_namespace where nspname = any($1)", list(SERVICES))
    assert not left
    assert "SANGKIEN_DATA" in refused.value.detail_vi
    assert "SANGKIEN_DATA" in refused.value.detail_en
