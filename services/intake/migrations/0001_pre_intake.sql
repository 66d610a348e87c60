-- Dossiers with their authors, attachments, the register of requests, and what changes of rules made of them.

create table dossiers (
  id uuid primary key,
  code text unique,
  state text not null check (state in (
    'DRAFT', 'FILED', 'SUPPLEMENT_REQUESTED', 'ACCEPTED', 'REQUEST_REJECTED', 'RECOGNISED', 'REFUSED', 'WITHDRAWN')),
  season_id uuid not null,
  unit_id uuid not null,
  unit_path uuid[] not null,
  created_by uuid not null,
  created_at timestamptz not null,
  content jsonb not null,
  title text not null default '',
  folded_title text not null default '',
  search_text text not null generated always as (coalesce(lower(code) || ' ', '') || folded_title) stored,
  register_number int,
  register_year int,
  filed_at timestamptz,
  answer_due_on date,
  check_due_at timestamptz,
  rule_version text,
  supplement_budget jsonb,
  supplement_due_at timestamptz,
  moved_at timestamptz,
  check_revision int not null default 0,
  withdrawal_requested_at timestamptz,
  closed_at timestamptz,
  levels jsonb,
  check_rules jsonb not null default '[]',
  version int not null default 1,
  check ((state = 'DRAFT') = (code is null) or state = 'WITHDRAWN')
);
create unique index dossiers_register on dossiers (unit_id, register_year, register_number) where register_number is not null;
comment on column dossiers.check_rules is 'The rules of the formal check, as the frozen plan brought them.';
create index dossiers_open on dossiers (id) where filed_at is not null and closed_at is null;
create index dossiers_by_time on dossiers (created_at desc, id desc);
create index dossiers_by_unit on dossiers using gin (unit_path);
create index dossiers_by_maker on dossiers (created_by);
create index dossiers_by_search_text on dossiers using gin (search_text public.gin_trgm_ops);

create table dossier_authors (
  dossier_id uuid not null references dossiers,
  position int not null,
  person_id uuid not null,
  percent numeric(5, 2) not null,
  primary key (dossier_id, position)
);
create index dossier_authors_by_person on dossier_authors (person_id, dossier_id);

create table registers (
  unit_id uuid not null,
  year int not null,
  last_number int not null,
  primary key (unit_id, year)
);
comment on table registers is 'The last number given in a unit''s register of requests of a year; locked while a number is given, so there are no gaps.';

create table codes (
  year int primary key,
  last_number int not null
);
comment on table codes is 'The last number given in the codes of a year: one counter for all units, so no two dossiers ever have the same code.';

create table attachments (
  id uuid primary key,
  dossier_id uuid not null references dossiers,
  sha256 text not null,
  filename text not null,
  media_type text not null,
  size_bytes bigint not null,
  added_by uuid not null,
  added_at timestamptz not null,
  removed_at timestamptz
);
create index attachments_by_dossier on attachments (dossier_id, added_at) where removed_at is null;

create table rules_changes (
  dossier_id uuid not null references dossiers,
  revision bigint not null,
  transition_id uuid not null,
  class text not null check (class in ('UNCHANGED', 'MOVED', 'NEEDS_CHOICE', 'BLOCKED')),
  passage jsonb not null,
  rule_version_before text,
  rule_version text,
  route_before jsonb not null,
  changed_at timestamptz not null,
  primary key (dossier_id, revision)
);
comment on table rules_changes is 'The journey''s answer to each change of rules; route_before is the way that a reversal gives back.';
create index rules_changes_moved on rules_changes (revision, dossier_id) where class = 'MOVED';
