-- Successions of units: acts by which units end, pass to others, move or get another name.

create table successions (
  id uuid primary key,
  document text not null,
  from_day date not null,
  steps jsonb not null,
  unit_ids uuid[] not null,
  state text not null check (state in ('DRAFT', 'APPROVED', 'IN_FORCE', 'CANCELLED')),
  drafted_by uuid not null,
  drafted_at timestamptz not null,
  approved_by uuid,
  approved_at timestamptz,
  in_force_at timestamptz,
  held_up_at timestamptz,
  position bigint unique,
  version int not null default 1,
  check (approved_by is null or approved_by <> drafted_by),
  check ((state = 'IN_FORCE') = (position is not null))
);
comment on table successions is 'unit_ids: every unit that the act names. held_up_at: its day came, but something open has no place to go. position: the order in which acts came into force.';
create index successions_due on successions (from_day, id) where state = 'APPROVED';
create index successions_by_time on successions (drafted_at desc, id desc);

create table unit_names (
  unit_id uuid not null references units,
  name text not null,
  last_day date not null,
  primary key (unit_id, last_day)
);
comment on table unit_names is 'Names that units had until an act gave them another.';

alter table posts add column passed_to uuid references posts;
comment on column posts.passed_to is 'The post has ended with its unit, and its work is done in that one.';

create or replace view posts_v1 as
select p.id, p.kind, p.title, p.unit_id, u.path as unit_path, p.passed_to
from posts p join units u on u.id = p.unit_id;

alter table units add column successor_id uuid references units;
comment on column units.successor_id is 'By an act that unit took over when this one ended.';
create index units_by_successor on units (successor_id) where successor_id is not null;

create or replace view units_v1 as
select id, code, name, level, parent_id, path, valid_from, valid_to, successor_id from units;

create view successions_v1 as
select position, id, from_day, state = 'IN_FORCE' as in_force, unit_ids
from successions
where state = 'IN_FORCE' or (state = 'APPROVED' and held_up_at is null);
comment on view successions_v1 is 'Approved acts about units. Until one that is due is in force, nothing begins in its units. position counts up as acts come into force.';
comment on view units_v1 is 'path runs from the root to the unit itself; both days of validity are included. A unit that has ended lies below the one that succeeded it, successor_id.';
