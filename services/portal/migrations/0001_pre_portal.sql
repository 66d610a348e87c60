-- Who is signed in at the pages. Nothing here is a fact of the province: it may all be lost, and people sign in again.

create table sessions (
  id uuid primary key,
  secret_hash bytea not null unique,
  person_id uuid not null,
  program text not null,
  sealed text not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  ends_at timestamptz not null
);
comment on table sessions is 'Browsers that somebody is signed in with. The cookie holds the secret, this table its digest and, sealed, the tokens.';
comment on column sessions.program is 'What the browser calls itself, so that its owner knows which one it is.';
create index sessions_of_person on sessions (person_id);
create index sessions_by_end on sessions (ends_at);

create table kept_forms (
  id uuid primary key,
  sealed text not null,
  kept_until timestamptz not null
);
comment on table kept_forms is 'What somebody sent after the session had ended: kept for an hour, to be sent after signing in again.';
create index kept_forms_by_end on kept_forms (kept_until);
