-- Decisions that no longer stand, as far as this service has done what follows from them.

create table annulments_followed (
  annulment_id uuid primary key,
  followed_at timestamptz not null
);
comment on table annulments_followed is 'Written in the transaction of what follows, so that it is done once; what a restore takes away is done again.';
