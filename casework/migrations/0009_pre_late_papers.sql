-- Papers arrive late: acts that are in question, and what is looked at to find them.

create table questioned_acts (
  id uuid primary key,
  change_id uuid not null,
  doubt text not null,
  first_day date not null,
  last_day date,
  act_id uuid not null,
  act text not null,
  acted_at timestamptz not null,
  actor_id uuid,
  on_behalf_of uuid,
  post_id uuid,
  subject_id uuid not null,
  subject_code text not null,
  unit_id uuid not null,
  raised_at timestamptz not null,
  state text not null default 'OPEN' check (state in ('OPEN', 'STANDS', 'DO_AGAIN')),
  decided_by uuid,
  decided_at timestamptz,
  reason text,
  unique (act_id, change_id),
  check ((state = 'OPEN') = (decided_at is null))
);
comment on table questioned_acts is 'What became known afterwards (change_id) puts the act (the event act_id) into question. unit_id decides; until it has, the act is on the alarm list.';
create index questioned_acts_open on questioned_acts (raised_at, id) where decided_at is null;
create index questioned_acts_by_time on questioned_acts (raised_at, id);
create index questioned_acts_of_subject on questioned_acts (subject_id) where decided_at is null;

create index events_by_actor on events (actor_id, occurred_at) where through is not null;
create index events_by_holder on events (on_behalf_of, occurred_at) where on_behalf_of is not null;
create index events_by_post on events (post_id, occurred_at) where through is not null;

create view acts_v1 as
select e.event_id, e.subject_id, (
    select c.subject_code from clocks c where c.subject_id = e.subject_id order by c.opened_at limit 1
  ) as subject_code, e.kind, e.occurred_at, e.actor_id, e.on_behalf_of, e.post_id,
  (e.through ->> 'holding_id')::uuid as holding_id, (e.through ->> 'delegation_id')::uuid as delegation_id
from events e where e.through is not null;
comment on view acts_v1 is 'What was done through posts: when, by whom, for whom and by what right; subject_code where the subject has a deadline.';

create view fired_clocks_v1 as
select c.about_id, c.subject_id, c.subject_code, c.unit_id, c.unit_path, c.opened_at,
  greatest(c.due_at, (c.rungs -> -1 ->> 'at')::timestamptz) as runs_until, c.budget, c.ladder,
  (
    select coalesce(jsonb_agg(jsonb_build_object('rung_id', f.rung_id, 'fired_at', f.fired_at, 'event_id', e.event_id,
      'kind', e.kind) order by f.fired_at, f.rung_id), '[]')
    from rungs_fired f
    join events e on e.subject_id = c.subject_id and e.kind = 'RungFired' and e.detail ->> 'about_id' = c.about_id::text
      and e.detail ->> 'rung_id' = f.rung_id
    where f.about_id = c.about_id and f.finding = 'FIRED' and f.action not in ('REMIND', 'DIGEST', 'LOOK_AGAIN')
  ) as fired,
  (
    select coalesce(jsonb_agg(jsonb_build_object('kind', m.kind, 'cause', m.cause, 'budget', m.budget, 'rule', m.rule,
      'moved_at', m.moved_at) order by m.seq), '[]')
    from clock_moves m where m.about_id = c.about_id and m.kind <> 'CALENDAR_CHANGED'
  ) as moves
from clocks c
where exists (
  select from rungs_fired f
  where f.about_id = c.about_id and f.finding = 'FIRED' and f.action not in ('REMIND', 'DIGEST', 'LOOK_AGAIN')
);
comment on view fired_clocks_v1 is 'Clocks of which a rung did more than to remind: what they were computed from, what moved them, and when which rung fired.';

create or replace view alarms_v1 as
  select id, kind, about_id, subject_id, raised_at from alarms where cleared_at is null
  union all
  select id, kind, about_id, about_id, raised_at from run_alarms where cleared_at is null
  union all
  select id, 'ACT_IN_QUESTION', id, subject_id, raised_at from questioned_acts where decided_at is null;
