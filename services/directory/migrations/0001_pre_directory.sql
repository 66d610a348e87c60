-- Units, people, posts and who holds them when; accounts and keys; calendars, seasons, policy packs.

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
  version int not null default 1
);
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
  check (held_to is null or held_to >= held_from),
  exclude using gist (post_id with =, person_id with =, daterange(held_from, held_to, '[]') with &&)
);
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

create table calendars (
  version int primary key,
  holidays date[] not null,
  make_up_days date[] not null,
  reason text not null,
  made_by uuid,
  made_at timestamptz not null
);

create table seasons (
  id uuid primary key,
  code text not null unique,
  name text not null,
  opens_on date not null,
  closes_on date not null,
  check (closes_on >= opens_on)
);

create table rounds (
  id uuid primary key,
  season_id uuid not null references seasons,
  code text not null,
  application_field text,
  opens_on date not null,
  closes_on date not null,
  unique (season_id, code),
  check (closes_on >= opens_on)
);

create table policy_packs (
  name text not null,
  version int not null,
  content jsonb not null,
  effective_from date not null,
  effective_to date,
  published_by uuid,
  published_at timestamptz not null,
  primary key (name, version)
);
create trigger published_packs_are_final before update or delete on policy_packs for each row execute function refuse_change();
