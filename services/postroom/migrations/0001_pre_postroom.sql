-- What people were told, how each wants to be told, and the way out: mails and webhooks. All of it is kept for a time only.

create table notice_settings (
  person_id uuid primary key,
  mail_address text,
  language text not null,
  modes jsonb not null,
  digest_hour int not null check (digest_hour between 0 and 23),
  quiet_from int check (quiet_from between 0 and 23),
  quiet_to int check (quiet_to between 0 and 23),
  version int not null default 1,
  check ((quiet_from is null) = (quiet_to is null))
);

create table received_notices (
  id uuid primary key,
  service text not null,
  event_id uuid not null,
  person_id uuid not null,
  kind text not null,
  subject_id uuid not null,
  subject_code text not null,
  level text,
  due_at timestamptz,
  detail text,
  reference text,
  happened_at timestamptz not null,
  read_at timestamptz,
  reason text,
  amount_dong bigint,
  unique (event_id, person_id, kind)
);
comment on table received_notices is 'The inbox of notices of everybody. It holds all of them, whatever becomes of mails.';
create index received_notices_by_person on received_notices (person_id, happened_at desc, id desc);
create index received_notices_unread on received_notices (person_id, kind) where read_at is null;
create index received_notices_by_time on received_notices (happened_at, id);

create table mails (
  id uuid primary key,
  person_id uuid not null,
  send_at timestamptz not null,
  is_gathered boolean not null,
  state text not null default 'WAITING' check (state in ('WAITING', 'SENDING', 'SENT', 'UNSURE', 'FAILED', 'NEEDLESS')),
  attempts int not null default 0,
  next_try_at timestamptz not null default now(),
  sent_at timestamptz,
  outcome text,
  made_at timestamptz not null,
  claimed_in bigint
);
comment on column mails.claimed_in is 'The term of the leader that claimed it: one that lost the lead meanwhile cannot put it back to be sent again.';
comment on table mails is 'A mail of one notice or of many. SENDING is written before the server is given it; who finds it so after a crash makes it UNSURE.';
comment on column mails.send_at is 'Domain time; next_try_at is real time.';
create index mails_waiting on mails (send_at) where state = 'WAITING';
create unique index mails_gathering on mails (person_id, send_at) where is_gathered;
create index mails_over on mails (send_at, id) where state in ('SENT', 'UNSURE', 'FAILED', 'NEEDLESS');
create index mails_by_state on mails (state, made_at desc, id desc);

create table mail_notices (
  notice_id uuid primary key references received_notices,
  mail_id uuid not null references mails
);
comment on table mail_notices is 'A notice is in one mail only: that is why nobody is mailed twice.';
create index mail_notices_by_mail on mail_notices (mail_id);

create table webhooks (
  id uuid primary key,
  url text not null,
  kinds text[] not null,
  sealed_secret text not null,
  old_sealed_secret text,
  old_secret_until timestamptz,
  made_by uuid not null,
  made_at timestamptz not null,
  off_since timestamptz,
  failures int not null default 0,
  failing_since timestamptz,
  check (old_secret_until is null or old_sealed_secret is not null)
);
comment on column webhooks.sealed_secret is 'Encrypted under a key that is not in the database, for this row only; with the name of the key.';
comment on column webhooks.old_secret_until is 'Real time: until then the secret before signs too.';
comment on column webhooks.failures is 'In a row, since failing_since (real time); too many over a day turn the webhook off.';

create table webhook_deliveries (
  id uuid primary key,
  webhook_id uuid not null references webhooks,
  notice_id uuid not null references received_notices,
  state text not null default 'WAITING' check (state in ('WAITING', 'DELIVERED', 'FAILED')),
  attempts int not null default 0,
  next_try_at timestamptz not null default now(),
  status int,
  outcome text,
  delivered_at timestamptz,
  unique (webhook_id, notice_id)
);
create index webhook_deliveries_waiting on webhook_deliveries (next_try_at) where state = 'WAITING';
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, id desc);
create index webhook_deliveries_by_notice on webhook_deliveries (notice_id);

-- What other services read (language/views.py). A view keeps its columns for ever; new ones come at its end.

create view collected_v1 as
select substr(name, length('notices of ') + 1) as service, position from cursors where name like 'notices of %';
comment on view collected_v1 is 'Up to which position the notices of each service have been read.';
