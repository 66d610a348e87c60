-- What every service with cases keeps in its own schema: history, tasks, clocks, rungs, notices.

create table events (
  seq bigint generated always as identity primary key,
  event_id uuid not null unique,
  subject_id uuid not null,
  kind text not null,
  version smallint not null default 1,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  actor_id uuid,
  on_behalf_of uuid,
  post_id uuid,
  through jsonb,
  rule_version text,
  rule text,
  detail jsonb not null,
  key_id text not null,
  mac bytea not null
);
comment on table events is 'Append only: who did what to which subject, when, on whose behalf, under which rules. actor_id is null when the clock acted.';
comment on column events.through is 'Ids of the holding, delegation or leave by which the actor could act.';
comment on column events.detail is 'A personal value stands here as {"digest": ...}; the value itself lies in event_values.';
comment on column events.mac is 'HMAC-SHA256 over the canonical bytes of everything but seq, under the key of this id, which is not in the database.';
create index events_by_subject on events (subject_id, seq);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'events are never changed or deleted';
end $$;
create trigger events_are_final before update or delete on events for each row execute function refuse_change();

create table event_values (
  event_id uuid not null,
  field text not null,
  salt bytea not null,
  value jsonb not null,
  primary key (event_id, field)
);
comment on table event_values is 'Personal values of events. Erasing a row leaves the digest in the event, and the chain holds.';
create trigger event_values_stay_as_they_are before update on event_values for each row execute function refuse_change();

create table events_to_chain (
  seq bigint primary key,
  event_id uuid not null
);
comment on table events_to_chain is 'Written with the event, deleted when it has its position: a late commit is never missed.';

create table chain (
  position bigint primary key check (position > 0),
  event_id uuid not null unique,
  hash bytea not null,
  key_id text not null,
  mac bytea not null
);
comment on table chain is 'Insert only, without gaps: each hash covers the event and the hash before it. The mac says that it was chained by who holds the key.';
create trigger chain_is_final before update or delete on chain for each row execute function refuse_change();

create table links (
  subject_id uuid not null,
  ordinal int not null check (ordinal > 0),
  event_id uuid not null unique,
  position bigint not null unique,
  bucket smallint not null,
  hash bytea not null,
  primary key (subject_id, ordinal)
);
comment on table links is 'Insert only: the events of one subject chained among themselves. bucket is the first twelve bits of the SHA-256 of the subject.';
create index links_first on links (bucket, subject_id) include (position) where ordinal = 1;
create trigger links_are_final before update or delete on links for each row execute function refuse_change();

create table checkpoints (
  number int primary key check (number > 0),
  position bigint not null,
  day date not null,
  made_at timestamptz not null,
  head bytea not null,
  root bytea not null,
  previous bytea not null,
  public_key bytea not null,
  signature bytea not null
);
comment on table checkpoints is 'Insert only: signed with Ed25519. head is the hash at the position, root the Merkle root of the subjects'' heads there, previous the hash of the checkpoint before.';
create trigger checkpoints_are_final before update or delete on checkpoints for each row execute function refuse_change();

create table checkpoint_buckets (
  bucket smallint primary key,
  root bytea not null
);
comment on table checkpoint_buckets is 'The Merkle roots of the buckets as of the newest checkpoint, where a bucket is not empty. A cache: the signed root says whether it is right.';

create table history_alarms (
  event_id uuid primary key,
  seq bigint not null,
  kind text not null check (kind in ('FORGED', 'KEY_UNKNOWN', 'MISSING')),
  since timestamptz not null
);
comment on table history_alarms is 'Events that were not chained: their mac does not fit, its key is not known here, or they are gone.';

create view events_v1 as
  select seq, event_id, subject_id, kind, version, occurred_at, recorded_at, actor_id, on_behalf_of, post_id, through,
    rule_version, rule, detail from events;
create view event_values_v1 as select event_id, field, salt, value from event_values;
create view chain_v1 as select position, event_id, hash from chain;
create view links_v1 as select subject_id, ordinal, event_id, position, bucket, hash from links;
create view checkpoints_v1 as
  select number, position, day, made_at, head, root, previous, public_key, signature from checkpoints;
create view checkpoint_buckets_v1 as select bucket, root from checkpoint_buckets;

create table tasks (
  id uuid primary key,
  kind text not null,
  subject_id uuid not null,
  subject_code text not null,
  about_id uuid not null,
  level text,
  unit_id uuid not null,
  unit_path uuid[] not null,
  assignee_id uuid not null,
  on_behalf_of uuid,
  state text not null check (state in ('WAITING', 'OPEN', 'DONE', 'CANCELLED')),
  opened_at timestamptz not null,
  due_at timestamptz not null,
  closed_at timestamptz,
  post_id uuid,
  post_kind text,
  unreachable_since timestamptz,
  reminded_at timestamptz
);
comment on table tasks is 'The inbox: one row a person and a piece of work, written in the transaction of the fact.';
create index tasks_by_assignee on tasks (assignee_id, state, due_at, id);
create index tasks_by_unit on tasks using gin (unit_path) where state in ('WAITING', 'OPEN');
create index tasks_over_by_unit on tasks using gin (unit_path) where state in ('DONE', 'CANCELLED');
create index tasks_pending on tasks (due_at, id) where state in ('WAITING', 'OPEN');
-- One expression, so that it serves its own questions only: over the bare columns it is read from end to end, beside the
-- index that finds little, for every question that names a kind or a state.
create index tasks_alike on tasks ((kind || ' ' || coalesce(level, '') || ' ' || state), due_at, id);
create index tasks_about on tasks (about_id);
create index tasks_by_code on tasks (subject_code);
comment on column tasks.post_id is 'Through which post the work was given; null for work that is the person''s own.';
comment on column tasks.unreachable_since is 'The alarm list: since when neither the holder of the post nor anybody who acts for the holder is there.';
create index tasks_given on tasks (id) where state in ('WAITING', 'OPEN') and post_id is not null;
create index tasks_own on tasks (assignee_id) where state in ('WAITING', 'OPEN') and post_id is null;
create index tasks_unreachable on tasks using gin (unit_path) where state in ('WAITING', 'OPEN') and unreachable_since is not null;
create index tasks_unreachable_since on tasks (unreachable_since, id) where state in ('WAITING', 'OPEN') and unreachable_since is not null;
comment on column tasks.post_kind is 'Work of an office: any holder of a post of this kind in the unit may take it; null for work that is one person''s.';
create index tasks_of_office on tasks (unit_id, post_kind, state, due_at, id) where post_kind is not null;

create table rungs_fired (
  about_id uuid not null,
  rung_id text not null,
  action text not null,
  finding text not null,
  planned_at timestamptz not null,
  fired_at timestamptz not null,
  rule text not null,
  primary key (about_id, rung_id)
);
comment on table rungs_fired is 'A rung is a unique row, written under the lock that also guards the acts: it cannot fire twice.';

create table restores (
  number int primary key,
  at timestamptz not null default now(),
  reason text not null
);
comment on table restores is 'One row each time this schema was restored from a backup: what is said to workflows after it goes before everything said earlier, whatever its number.';

create table clocks (
  about_id uuid primary key,
  subject_id uuid not null,
  subject_code text not null,
  kind text not null,
  level text,
  unit_id uuid not null,
  unit_path uuid[] not null,
  workflow_id text not null,
  rule_version text not null,
  rule text not null,
  budget jsonb not null,
  ladder jsonb not null,
  calendar jsonb not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  rungs jsonb not null,
  revision int not null default 1,
  closed_at timestamptz,
  extension jsonb,
  is_standing boolean not null default false,
  spread_minutes int not null default 5
);
comment on table clocks is 'One row a check, stage or approval: its budget, its ladder and the calendar it was computed from, by value.';
create index clocks_running on clocks (due_at, about_id) where closed_at is null;
create index clocks_running_by_unit on clocks using gin (unit_path) where closed_at is null;
create index clocks_by_subject on clocks (subject_id, opened_at);

comment on column clocks.extension is 'The rule that allows an extension and its limit; null where the rules give none.';
create table clock_moves (
  seq bigint generated always as identity primary key,
  move_id uuid not null unique,
  about_id uuid not null references clocks,
  kind text not null check (kind in ('SUSPENDED', 'RESUMED', 'EXTENDED', 'CALENDAR_CHANGED')),
  cause text check (cause in ('SUPPLEMENT', 'COMPLAINT', 'FORCE_MAJEURE')),
  budget jsonb,
  calendar_version int,
  reason text not null,
  rule text,
  actor_id uuid,
  post_id uuid,
  on_behalf_of uuid,
  moved_at timestamptz not null,
  old_due_at timestamptz not null,
  new_due_at timestamptz not null,
  check ((kind = 'SUSPENDED') = (cause is not null)),
  check ((kind = 'EXTENDED') = (budget is not null)),
  check ((kind = 'CALENDAR_CHANGED') = (calendar_version is not null))
);
comment on table clock_moves is 'Append only: a clock is computed from its row in clocks and these, in their order.';
create index clock_moves_about on clock_moves (about_id, seq);
create trigger clock_moves_are_final before update or delete on clock_moves for each row execute function refuse_change();

create table rungs_ahead (
  about_id uuid not null,
  rung_id text not null,
  at timestamptz not null,
  unit_path uuid[] not null,
  primary key (about_id, rung_id)
);
comment on table rungs_ahead is 'The unfired rungs of running clocks, kept by triggers on clocks and rungs_fired: a projection, never written by hand.';
create index rungs_ahead_in_order on rungs_ahead (at, about_id, rung_id);
create index rungs_ahead_by_unit on rungs_ahead using gin (unit_path);

create function project_rungs() returns trigger language plpgsql as $$
begin
  delete from rungs_ahead where about_id = new.about_id;
  if new.closed_at is null then
    insert into rungs_ahead (about_id, rung_id, at, unit_path)
    select new.about_id, rung ->> 'id', (rung ->> 'at')::timestamptz, new.unit_path from jsonb_array_elements(new.rungs) rung
    where not exists (select from rungs_fired fired where fired.about_id = new.about_id and fired.rung_id = rung ->> 'id');
  end if;
  return null;
end $$;
create trigger rungs_are_projected after insert or update of rungs, closed_at on clocks for each row execute function project_rungs();

create function forget_fired_rung() returns trigger language plpgsql as $$
begin
  delete from rungs_ahead where about_id = new.about_id and rung_id = new.rung_id;
  return null;
end $$;
create trigger fired_rungs_are_behind after insert on rungs_fired for each row execute function forget_fired_rung();

create table posts_seen (
  about_id uuid primary key,
  posts jsonb not null,
  seen_at timestamptz not null
);
comment on table posts_seen is 'Who held the posts when the owner last heard of them: at the opening, and anew with each rung.';

create table notices (
  position bigint generated always as identity primary key,
  id uuid not null unique,
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
  reason text,
  amount_dong bigint,
  unique (event_id, person_id, kind)
);
comment on column notices.reason is 'What whoever acted wrote for those it concerns.';
comment on table notices is 'One fact for one person. A transaction has its number before it takes positions: once all that ran when a position was seen are over, nothing comes before it any more.';
create view notices_v1 as
  select position, id, event_id, person_id, kind, subject_id, subject_code, level, due_at, detail, reference, happened_at,
    reason, amount_dong
  from notices;

create table alarms (
  id uuid primary key,
  kind text not null,
  case_type text not null,
  about_id uuid not null,
  subject_id uuid not null,
  subject_code text not null,
  level text,
  unit_id uuid not null,
  unit_path uuid[] not null,
  raised_at timestamptz not null,
  cleared_at timestamptz
);
comment on table alarms is 'The alarm list: what cannot go on by itself. Work that nobody is there for is on it by tasks.unreachable_since.';
create unique index alarms_standing on alarms (about_id, kind) where cleared_at is null;
create index alarms_by_unit on alarms using gin (unit_path) where cleared_at is null;
create index alarms_by_time on alarms (raised_at, id) where cleared_at is null;
