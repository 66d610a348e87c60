-- What keeps a run from going on: words that do not arrive, runs that ended before their case, tasks and calls that fail again and again.

create table run_alarms (
  id uuid primary key,
  kind text not null,
  workflow_id text not null,
  found text not null,
  about_id uuid not null,
  subject_code text not null,
  unit_id uuid not null,
  unit_path uuid[] not null,
  raised_at timestamptz not null,
  cleared_at timestamptz
);
comment on table run_alarms is 'about_id is what the run is about: a dossier, a payment list, a change of rules. found is a code, of the last look.';
create unique index run_alarms_standing on run_alarms (workflow_id, kind) where cleared_at is null;
create index run_alarms_by_unit on run_alarms using gin (unit_path) where cleared_at is null;
create index run_alarms_by_time on run_alarms (raised_at, id) where cleared_at is null;
