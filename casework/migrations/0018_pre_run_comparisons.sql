-- What a service knows of its runs, compared with what Temporal knows.

create table run_comparisons (
  id uuid primary key,
  asked_at timestamptz not null,
  restored_at timestamptz,
  reached text not null default '',
  total int,
  examined int not null default 0,
  finished_at timestamptz
);
comment on table run_comparisons is 'Asked for by an administrator, carried out by whoever leads in it. reached is the last run that was examined; runs from before restored_at are not trusted. Kept for some days.';
create index run_comparisons_waiting on run_comparisons (asked_at) where finished_at is null;

create table run_findings (
  comparison_id uuid not null references run_comparisons on delete cascade,
  workflow_id text not null,
  about_id uuid not null,
  kind text not null,
  primary key (comparison_id, workflow_id)
);
