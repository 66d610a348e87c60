-- What the plumbing keeps in every schema: the outbox, the answers to repeated requests, and who leads.

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
  outcome text,
  trouble text check (trouble in ('RUN_UNKNOWN', 'RUN_FAILED', 'FAULT')),
  unknown_since timestamptz,
  given_up_at timestamptz,
  check (delivered_at is null or given_up_at is null),
  check (given_up_at is null or trouble is not null)
);
comment on table outbox is 'Facts on their way to a workflow, delivered at least once and in order for each workflow.';
comment on column outbox.trouble is 'Why a word does not arrive though Temporal answers.';
comment on column outbox.given_up_at is 'It is not tried any more; it stays for somebody to see.';
-- Each of the two says something that is always true, so that it serves its own question only. Statistics say nearly always that next to
-- nothing waits; by them one index is as good as the other, and the wrong one is read from end to end for every lane.
create index outbox_waiting on outbox (workflow_id, id) where delivered_at is null and given_up_at is null and id > 0;
create index outbox_due on outbox (next_try_at)
where delivered_at is null and given_up_at is null and next_try_at > '-infinity';
create index outbox_in_trouble on outbox (id) where trouble is not null and delivered_at is null;
create index outbox_given_up on outbox (workflow_id) where given_up_at is not null;
create index outbox_starts on outbox (workflow_id) where action = 'START';
create index outbox_delivered on outbox (delivered_at) where delivered_at is not null;

create table idempotency_keys (
  caller_id uuid not null,
  key text not null,
  request_hash text not null,
  status int not null,
  headers jsonb not null,
  body bytea not null,
  created_at timestamptz not null default now(),
  primary key (caller_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
comment on column idempotency_keys.key is 'SHA-256 of the Idempotency-Key, which is kept nowhere.';
comment on column idempotency_keys.request_hash is 'Salted with the Idempotency-Key, so that nobody can try what the request may have said.';

create table leaders (
  what text primary key,
  holder uuid not null,
  term bigint not null,
  since timestamptz not null default clock_timestamp(),
  until timestamptz not null,
  session text not null
);
comment on table leaders is 'One row a thing that one process at a time does. The holder renews `until` while its work goes round; `term` grows with every take-over.';
comment on column leaders.session is 'The session of the holder with this server. Where it is gone, nobody waits for `until`.';
