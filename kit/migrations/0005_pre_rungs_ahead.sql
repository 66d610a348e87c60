-- What is ahead: every rung of a running clock that has not fired, by its instant; and who was in the posts when last asked.

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

insert into rungs_ahead (about_id, rung_id, at, unit_path)
select about_id, rung ->> 'id', (rung ->> 'at')::timestamptz, unit_path from clocks, jsonb_array_elements(rungs) rung
where closed_at is null and not exists (select from rungs_fired fired where fired.about_id = clocks.about_id and fired.rung_id = rung ->> 'id');

create table posts_seen (
  about_id uuid primary key,
  posts jsonb not null,
  seen_at timestamptz not null
);
comment on table posts_seen is 'Who held the posts when the owner last heard of them: at the opening, and anew with each rung.';
