-- Delegations with their scope, and posts held only until somebody is appointed.

create table delegations (
  id uuid primary key,
  grantor_id uuid not null references people,
  delegate_id uuid not null references people,
  starts_on date not null,
  ends_on date not null,
  post_kinds text[] not null,
  levels text[] not null,
  tasks text[] not null,
  unit_id uuid not null references units,
  units_below boolean not null,
  reason text not null,
  made_at timestamptz not null,
  cancelled_at timestamptz,
  check (ends_on >= starts_on),
  check (delegate_id <> grantor_id)
);
comment on table delegations is 'Whose work goes to whom, from when to when; an empty array of kinds, levels or tasks stands for all of them.';
create index delegations_by_grantor on delegations (grantor_id, starts_on) where cancelled_at is null;

alter table holdings add column acting boolean not null default false;
comment on column holdings.acting is 'Acts in the post while nobody is appointed to it.';
