-- Units, people, posts and who holds them when, leave, delegations; accounts and keys.

create table units (
  id uuid primary key,
  parent_id uuid references units,
  path uuid[] not null,
  code text not null unique,
  name text not null,
  level text not null,
  valid_from date not null,
  valid_to date,
  version int not null default 1,
  check (path[array_length(path, 1)] = id)
);
create index units_by_path on units using gin (path);
create index units_by_code on units (code, id);

create table people (
  id uuid primary key,
  code text not null unique,
  full_name text not null,
  folded_name text not null,
  date_of_birth date,
  mail_address text,
  version int not null default 1
);
comment on column people.mail_address is 'Where the office knows the person to be reached; what the person chooses in the postroom goes before it.';
create index people_by_folded_name on people using gin (folded_name public.gin_trgm_ops);

create table posts (
  id uuid primary key,
  unit_id uuid not null references units,
  kind text not null,
  title text not null,
  unique (unit_id, kind, title)
);

create table holdings (
  id uuid primary key,
  post_id uuid not null references posts,
  person_id uuid not null references people,
  held_from date not null,
  held_to date,
  acting boolean not null default false,
  check (held_to is null or held_to >= held_from),
  exclude using gist (post_id with =, person_id with =, daterange(held_from, held_to, '[]') with &&)
);
comment on column holdings.acting is 'Acts in the post while nobody is appointed to it.';
create index holdings_by_person on holdings (person_id);
create index holdings_by_post on holdings (post_id, held_from, id);

create table leaves (
  id uuid primary key,
  person_id uuid not null references people,
  starts_on date not null,
  ends_on date not null,
  cancelled_at timestamptz,
  check (ends_on >= starts_on)
);
create index leaves_by_person on leaves (person_id, starts_on) where cancelled_at is null;

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

create table accounts (
  username text primary key,
  person_id uuid not null unique references people,
  password_hash text,
  failed_attempts int not null default 0,
  last_failed_at timestamptz
);

create table signing_keys (
  id text primary key,
  private_jwk jsonb not null,
  created_at timestamptz not null
);

create table authorization_codes (
  code_hash text primary key,
  client_id text not null,
  redirect_uri text not null,
  code_challenge text not null,
  nonce text,
  person_id uuid not null references people,
  expires_at timestamptz not null
);

-- What other services read (language/views.py). A view keeps its columns for ever; new ones come at its end.

create view units_v1 as
select id, code, name, level, parent_id, path, valid_from, valid_to from units;
comment on view units_v1 is 'path runs from the root to the unit itself; both days of validity are included.';

create view persons_v1 as
select p.id, p.full_name, p.mail_address, a.person_id is not null as has_account
from people p left join accounts a on a.person_id = p.id;
comment on view persons_v1 is 'has_account: the person can sign in. mail_address is where the office knows the person to be reached.';

create view known_people_v1 as
select id, code, full_name, folded_name, date_of_birth from people;
comment on view known_people_v1 is 'Who is meant by a name in a list. Readers show it to those who administer or receive in the person''s units, and to nobody else.';

create view names_v1 as
select id, full_name from people;
comment on view names_v1 is 'Whom the organisation knows, for whoever needs no more than that.';

create view posts_v1 as
select p.id, p.kind, p.title, p.unit_id, u.path as unit_path
from posts p join units u on u.id = p.unit_id;

create view holdings_v1 as
select id, post_id, person_id, held_from, held_to, acting from holdings;
comment on view holdings_v1 is 'Held from the first day to the last, both included. acting: only until somebody is appointed.';

create view leave_v1 as
select id, person_id, starts_on, ends_on from leaves where cancelled_at is null;
comment on view leave_v1 is 'Days on which a person is away, both included; what was taken back is not there.';

create view delegations_v1 as
select id, grantor_id, delegate_id, starts_on, ends_on, post_kinds, levels, tasks, unit_id, units_below, reason, made_at
from delegations where cancelled_at is null;
comment on view delegations_v1 is 'Of several by one grantor the one made last goes before. An empty array of kinds, levels or tasks stands for all of them.';
