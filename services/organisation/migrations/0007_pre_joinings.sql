-- Two records of one person are joined: one proposes, another approves, in force as a day begins.

alter table people add column joined_into uuid references people;
alter table people add constraint people_joined_into_another check (joined_into <> id);
comment on column people.joined_into is 'The record that stands for this one; never one that is joined itself.';
create index people_joined on people (joined_into) where joined_into is not null;

create table joinings (
  id uuid primary key,
  kept_id uuid not null references people,
  joined_id uuid not null references people,
  document text not null,
  reason text not null,
  from_day date not null,
  state text not null check (state in ('PROPOSED', 'APPROVED', 'IN_FORCE', 'CANCELLED')),
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  approved_by uuid,
  approved_at timestamptz,
  in_force_at timestamptz,
  position bigint unique,
  version int not null default 1,
  check (kept_id <> joined_id),
  check (approved_by is null or approved_by <> proposed_by),
  check (proposed_by not in (kept_id, joined_id)),
  check (approved_by is null or approved_by not in (kept_id, joined_id)),
  check ((state = 'IN_FORCE') = (position is not null))
);
comment on table joinings is 'position: the order in which joinings came into force.';
create index joinings_due on joinings (from_day, id) where state = 'APPROVED';
create index joinings_by_time on joinings (proposed_at desc, id desc);
create index joinings_open_kept on joinings (kept_id) where state in ('PROPOSED', 'APPROVED');
create index joinings_open_joined on joinings (joined_id) where state in ('PROPOSED', 'APPROVED');

alter table holdings add column merged_into uuid references holdings;
comment on column holdings.merged_into is 'A holding of a joined record on days on which the kept one holds the post as well: that one has its days.';

create or replace view holdings_v1 as
select id, post_id, person_id, held_from, held_to, acting from holdings where merged_into is null;

create or replace view known_people_v1 as
select id, code, full_name, folded_name, date_of_birth from people where joined_into is null;

create view joinings_v1 as
select j.position, j.joined_id, p.joined_into as kept_id
from joinings j join people p on p.id = j.joined_id where j.state = 'IN_FORCE';
comment on view joinings_v1 is 'Which record stands for which: kept_id is never one that was joined itself. position counts up as joinings come into force.';
