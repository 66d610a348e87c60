-- Tokens that are renewed while somebody stays signed in at the pages.

create table renewals (
  id uuid primary key,
  person_id uuid not null,
  client_id text not null,
  secret_hash text not null,
  previous_hash text,
  renewed_at timestamptz not null,
  signed_in_at timestamptz not null,
  ends_at timestamptz not null
);
comment on table renewals is 'One row a sign-in: whoever shows the secret gets tokens and the next secret (RFC 6749, 6; RFC 9700, 4.14.2). The one before, shown again later, ends it.';
create index renewals_by_end on renewals (ends_at);
create index renewals_of_person on renewals (person_id);

alter table authorization_codes add column renewable boolean not null default false;
comment on column authorization_codes.renewable is 'The client asked for offline_access: it gets what renews the sign-in, too.';
