-- The statutory clock of everything that has a deadline: what it runs on, what moved it, where it stands.

create table clocks (
  about_id uuid primary key,
  subject_id uuid not null,
  subject_code text not null,
  kind text not null,
  level text,
  unit_id uuid not null,
  unit_path uuid[] not null,
  workflow_id text not null,
  rule_version text not null,
  rule text not null,
  budget jsonb not null,
  ladder jsonb not null,
  calendar jsonb not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  rungs jsonb not null,
  revision int not null default 1,
  closed_at timestamptz
);
comment on table clocks is 'One row a check, stage or approval: its budget, its ladder and the calendar it was computed from, by value.';
create index clocks_running on clocks (due_at, about_id) where closed_at is null;
create index clocks_running_by_unit on clocks using gin (unit_path) where closed_at is null;
create index clocks_by_subject on clocks (subject_id, opened_at);
