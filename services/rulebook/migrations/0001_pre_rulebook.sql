-- Calendars with the breaks of units, seasons with rounds, policy packs and their drafts, changes of rules.

create table calendars (
  version int primary key,
  holidays date[] not null,
  make_up_days date[] not null,
  reason text not null,
  made_by uuid,
  made_at timestamptz not null
);
create trigger calendars_are_final before update or delete on calendars for each row execute function refuse_change();

create table calendar_changes (
  position bigint generated always as identity primary key,
  version int not null unique references calendars,
  unit_id uuid,
  post_id uuid
);
comment on table calendar_changes is 'Append only: which version changes anything under which unit (null: everywhere), and in which post it was made. Written one at a time, so that positions are committed in their order.';
create trigger calendar_changes_are_final before update or delete on calendar_changes for each row execute function refuse_change();

create table breaks (
  id uuid primary key,
  unit_id uuid not null,
  first_day date not null,
  last_day date not null,
  name text not null,
  since_version int not null references calendars,
  ended_version int references calendars,
  check (last_day >= first_day)
);
comment on table breaks is 'No row is deleted: a clock quotes the version of the calendar that it was computed from.';
create index breaks_by_unit on breaks (unit_id);

create table seasons (
  id uuid primary key,
  code text not null unique,
  name text not null,
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  check (closes_at >= opens_at)
);

create table rounds (
  id uuid primary key,
  season_id uuid not null references seasons,
  code text not null,
  level text,
  application_field text,
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  unique (season_id, code),
  check (closes_at >= opens_at)
);
comment on table rounds is 'level is that of the unit that files, null for every level; application_field null for every field.';

create table late_filings (
  id uuid primary key,
  season_id uuid not null references seasons,
  unit_id uuid not null,
  until timestamptz not null,
  document text not null,
  reason text not null,
  given_by uuid not null,
  given_at timestamptz not null
);
comment on table late_filings is 'Whoever is above a unit lets it, and all under it, file after the end.';
create index late_filings_by_season on late_filings (season_id, given_at desc, id desc);

create table policy_packs (
  name text not null,
  version int not null,
  content jsonb not null,
  effective_from date not null,
  effective_to date,
  drafted_by uuid,
  published_by uuid,
  published_at timestamptz not null,
  primary key (name, version)
);
create trigger published_packs_are_final before update or delete on policy_packs for each row execute function refuse_change();

create table policy_drafts (
  id uuid primary key,
  name text not null,
  pack_version int not null,
  content jsonb not null,
  state text not null default 'DRAFT' check (state in ('DRAFT', 'CHECKED', 'PUBLISHED', 'DROPPED')),
  drafted_by uuid not null,
  drafted_at timestamptz not null,
  edited_by uuid not null,
  edited_at timestamptz not null,
  published_by uuid,
  published_at timestamptz,
  version int not null default 1,
  check ((state = 'PUBLISHED') = (published_by is not null)),
  check ((state = 'PUBLISHED') = (published_at is not null)),
  check (published_by <> drafted_by and published_by <> edited_by)
);
create index policy_drafts_by_time on policy_drafts (drafted_at desc, id desc);
comment on table policy_drafts is 'Packs on their way: edited and checked by one person, published by another.';

create table transitions (
  id uuid primary key,
  revision bigint generated always as identity unique,
  from_pack text not null,
  to_pack text not null,
  to_version int not null,
  level_moves jsonb not null,
  reverses uuid references transitions,
  state text not null default 'DRAFT' check (state in ('DRAFT', 'APPROVED', 'RUNNING', 'DONE', 'CANCELLED', 'REVERTED')),
  made_by uuid not null,
  made_at timestamptz not null,
  planned_at timestamptz,
  settled_by uuid,
  settled_at timestamptz,
  done_at timestamptz,
  version int not null default 1,
  check ((state = 'DRAFT') = (settled_by is null)),
  check (state in ('DRAFT', 'CANCELLED') or (planned_at is not null and settled_by <> made_by))
);
comment on table transitions is 'A dry run until a second person approves. reverses names the transition whose dossiers this one gives back.';
create unique index transitions_one_at_a_time on transitions ((true)) where state in ('DRAFT', 'APPROVED', 'RUNNING');
create index transitions_by_time on transitions (made_at desc, id desc);

create table transition_dossiers (
  transition_id uuid not null references transitions,
  dossier_id uuid not null,
  code text not null,
  unit_id uuid not null,
  season_id uuid not null,
  class text not null check (class in ('UNCHANGED', 'MOVED', 'NEEDS_CHOICE', 'BLOCKED')),
  reason text not null,
  stage text not null,
  step text not null,
  marks text not null,
  from_level text,
  to_level text,
  choices text[] not null,
  choice text,
  chosen_by uuid,
  told_at timestamptz,
  answer_class text,
  answer_reason text,
  answer_level text,
  answered_at timestamptz,
  primary key (transition_id, dossier_id),
  check (answered_at is null or told_at is not null),
  check ((choice is null) = (chosen_by is null))
);
create index transition_dossiers_by_class on transition_dossiers (transition_id, class, dossier_id);
create index transition_dossiers_untold on transition_dossiers (transition_id, dossier_id)
  where told_at is null and (class = 'MOVED' or choice is not null);
create index transition_dossiers_unanswered on transition_dossiers (transition_id, dossier_id) where told_at is not null and answered_at is null;

-- What other services read (language/views.py). A view keeps its columns for ever; new ones come at its end.

create view packs_v1 as
select name, version, content, effective_from, effective_to, published_at from policy_packs;
comment on view packs_v1 is 'Published packs; no row ever changes. In force on a day: the one that came into force last, in its newest version.';

create view calendars_v1 as
select version, holidays, make_up_days, reason, made_by, made_at from calendars;
comment on view calendars_v1 is 'Every version; the newest is in force.';

create view breaks_v1 as
select id, unit_id, first_day, last_day, name, since_version, ended_version from breaks;
comment on view breaks_v1 is 'A break of a unit and all under it holds in the versions of the calendar from since_version on, before ended_version.';

create view calendar_editions_v1 as
select e.position, e.version, e.unit_id, c.reason, c.made_by, e.post_id, c.made_at as changed_at
from calendar_changes e join calendars c on c.version = e.version;
comment on view calendar_editions_v1 is 'Every change of the calendar, in the order of position nothing is missed. unit_id is the unit under which it changes anything, null for everywhere.';

create view seasons_v1 as
select id, code, name, (opens_at at time zone 'Asia/Ho_Chi_Minh')::date as opens_on,
  (closes_at at time zone 'Asia/Ho_Chi_Minh')::date as closes_on, opens_at, closes_at
from seasons;

create view rounds_v1 as
select id, season_id, code, level, application_field, opens_at, closes_at from rounds;

create view late_filings_v1 as
select id, season_id, unit_id, until from late_filings;
comment on view late_filings_v1 is 'The unit and all under it may file in the season until then, though it or its rounds are closed.';
