-- Accounts: whose password somebody else knows, ids of linked accounts, and how often somebody tried to sign in.

alter table accounts add column must_change boolean not null default false;
alter table accounts add column password_set_by uuid;
comment on column accounts.must_change is 'Somebody else than its holder has set or seen the password: the holder chooses another before anything else.';
comment on column accounts.password_set_by is 'Who set it, while the holder has not chosen an own one.';

alter table identities add column id uuid not null default gen_random_uuid();
create unique index identities_by_id on identities (id);

create table sign_in_tries (
  key text primary key,
  tries int not null default 0,
  last_at timestamptz not null,
  proven_at timestamptz
);
comment on table sign_in_tries is 'Wrong passwords by name, by address and by both together; the key is a digest. proven_at: the right password came from there.';
create index sign_in_tries_by_age on sign_in_tries (last_at);
