-- What every service keeps in its own schema: the journal of what happened, the outbox, answers to repeated requests, tasks.

create table events (
  seq bigint generated always as identity primary key,
  event_id uuid not null unique,
  subject_id uuid not null,
  kind text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  actor_id uuid,
  on_behalf_of uuid,
  post_id uuid,
  rule_version text,
  rule text,
  detail jsonb not null default '{}'
);
comment on table events is 'Append only: who did what to which subject, when, on whose behalf, under which rules. actor_id is null when the clock acted.';
create index events_by_subject on events (subject_id, seq);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'events are never changed or deleted';
end $$;
create trigger events_are_final before update or delete on events for each row execute function refuse_change();

create table outbox (
  id bigint generated always as identity primary key,
  event_id uuid not null unique,
  workflow_id text not null,
  action text not null check (action in ('START', 'SIGNAL')),
  name text not null,
  payload jsonb not null,
  search_attributes jsonb not null default '{}',
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  attempts int not null default 0,
  next_try_at timestamptz not null default now(),
  outcome text
);
comment on table outbox is 'Facts on their way to a workflow, delivered at least once and in order for each workflow.';
create index outbox_waiting on outbox (workflow_id, id) where delivered_at is null;

create table idempotency_keys (
  caller_id uuid not null,
  key text not null,
  request_hash text not null,
  status int,
  headers jsonb,
  body bytea,
  created_at timestamptz not null default now(),
  primary key (caller_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

create table tasks (
  id uuid primary key,
  kind text not null,
  subject_id uuid not null,
  subject_code text not null,
  about_id uuid not null,
  level text,
  unit_id uuid not null,
  unit_path uuid[] not null,
  assignee_id uuid not null,
  on_behalf_of uuid,
  state text not null check (state in ('WAITING', 'OPEN', 'DONE', 'CANCELLED')),
  opened_at timestamptz not null,
  due_at timestamptz not null,
  closed_at timestamptz
);
comment on table tasks is 'The inbox: one row a person and a piece of work, written in the transaction of the fact.';
create index tasks_by_assignee on tasks (assignee_id, due_at, id) where state in ('WAITING', 'OPEN');
create index tasks_by_unit on tasks using gin (unit_path) where state in ('WAITING', 'OPEN');
create index tasks_by_due on tasks (due_at, id);
create index tasks_about on tasks (about_id);

create table rungs_fired (
  about_id uuid not null,
  rung_id text not null,
  action text not null,
  finding text not null,
  planned_at timestamptz not null,
  fired_at timestamptz not null,
  rule text not null,
  primary key (about_id, rung_id)
);
comment on table rungs_fired is 'A rung is a unique row, written under the lock that also guards the acts: it cannot fire twice.';
