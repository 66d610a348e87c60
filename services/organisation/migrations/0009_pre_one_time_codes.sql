-- One-time codes of accounts, and acts on accounts that take two administrators.

create table one_time_codes (
  person_id uuid primary key references accounts (person_id) on delete cascade,
  sealed_secret text not null,
  begun_at timestamptz not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0
);
comment on table one_time_codes is 'In use from confirmed_at on. sealed_secret: encrypted under a key that is not in the database, for this row only. last_step: the step of the code that was taken last; none up to it is taken again.';

create table recovery_codes (
  person_id uuid not null references one_time_codes on delete cascade,
  code_hash text not null,
  primary key (person_id, code_hash)
);
comment on table recovery_codes is 'Digests of the codes that are not used yet.';

create table account_proposals (
  id uuid primary key,
  person_id uuid not null references people,
  act text not null check (act in ('SET_PASSWORD', 'LINK_IDENTITY', 'REMOVE_CODES')),
  reason text not null,
  password_hash text,
  issuer text,
  subject text,
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  closed_at timestamptz,
  approved_by uuid,
  check (proposed_by <> person_id and approved_by <> person_id and approved_by <> proposed_by),
  check ((act = 'SET_PASSWORD' and closed_at is null) = (password_hash is not null)),
  check ((act = 'LINK_IDENTITY') = (issuer is not null) and (issuer is null) = (subject is null))
);
comment on table account_proposals is 'Closed with who approved it was done, closed without it was dropped. password_hash is kept until then.';
create index account_proposals_open on account_proposals (proposed_at, id) where closed_at is null;
