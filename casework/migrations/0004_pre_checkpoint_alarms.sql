-- What the relay finds wrong with the checkpoints.

create table checkpoint_alarms (
  number int primary key check (number > 0),
  id uuid not null unique,
  kind text not null,
  since timestamptz not null
);
comment on table checkpoint_alarms is 'The checkpoints that do not hold, as of the relay''s last look; empty when all hold.';
