-- Cases that cannot go on by themselves.

create table alarms (
  id uuid primary key,
  kind text not null,
  case_type text not null,
  about_id uuid not null,
  subject_id uuid not null,
  subject_code text not null,
  level text,
  unit_id uuid not null,
  unit_path uuid[] not null,
  raised_at timestamptz not null,
  cleared_at timestamptz
);
comment on table alarms is 'The alarm list: what cannot go on by itself. Work that nobody is there for is on it by tasks.unreachable_since.';
create unique index alarms_standing on alarms (about_id, kind) where cleared_at is null;
create index alarms_by_unit on alarms using gin (unit_path) where cleared_at is null;
create index alarms_by_time on alarms (raised_at, id) where cleared_at is null;
