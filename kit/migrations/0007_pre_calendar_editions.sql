-- Every change of the calendar that an owner of clocks was told of: a clock that is opened late, by an older calendar, takes it at once.

create table calendar_editions (
  version int primary key,
  unit_id uuid,
  edition jsonb not null
);
comment on table calendar_editions is 'unit_id is the unit under which the edition changes anything, null for everywhere.';
