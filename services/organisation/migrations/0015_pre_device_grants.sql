-- Sign-ins that a program without a browser has asked for, until somebody confirms them on a page (RFC 8628).

create table device_grants (
  device_code_hash text primary key,
  user_code_hash text not null unique,
  client_id text not null,
  renewable boolean not null,
  address text not null,
  asked_at timestamptz not null,
  good_until timestamptz not null,
  interval_seconds integer not null,
  polled_at timestamptz,
  person_id uuid,
  refused_at timestamptz
);
comment on table device_grants is 'Instants are real time. A row goes when its tokens are given, when it was refused and the program has heard so, or an hour after its time.';
comment on column device_grants.address is 'From where it was asked for: told to whoever is to confirm it.';
comment on column device_grants.interval_seconds is 'The program asks no more often than that; each time it does, it has to wait five seconds longer.';
comment on column device_grants.person_id is 'Who has confirmed it.';
create index device_grants_by_end on device_grants (good_until);
create index device_grants_of_person on device_grants (person_id) where person_id is not null;
