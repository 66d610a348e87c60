-- Breaks of units (school holidays), versioned with the calendar: a break holds from one version on, until another ends it.

create table breaks (
  id uuid primary key,
  unit_id uuid not null references units,
  first_day date not null,
  last_day date not null,
  name text not null,
  since_version int not null references calendars,
  ended_version int references calendars,
  check (last_day >= first_day)
);
comment on table breaks is 'No row is deleted: a clock quotes the version of the calendar that it was computed from.';
create index breaks_by_unit on breaks (unit_id);
create trigger calendars_are_final before update or delete on calendars for each row execute function refuse_change();
