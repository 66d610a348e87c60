-- What the plumbing keeps in every schema: the outbox, and the answers to repeated requests.

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
comment on column idempotency_keys.key is 'SHA-256 of the Idempotency-Key, which is kept nowhere.';
comment on column idempotency_keys.request_hash is 'Salted with the Idempotency-Key, so that nobody can try what the request may have said.';
