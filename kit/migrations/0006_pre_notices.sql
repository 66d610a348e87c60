-- What people are to be told, written in the transaction of the fact; the relay carries it to the directory.

create table notices (
  id uuid primary key,
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
  carried_by uuid,
  unique (event_id, person_id, kind)
);
comment on table notices is 'One fact for one person, never a name. carried_by is the event of the outbox row that takes it to the directory.';
create index notices_waiting on notices (id) where carried_by is null;
