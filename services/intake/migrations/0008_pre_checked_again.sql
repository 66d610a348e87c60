-- A request whose rejection was complained about with success is checked again: a check of its own, with its clock.

alter table dossiers add column check_id uuid;
comment on column dossiers.check_id is 'What clock, rungs and task of the formal check are about; null while that is the first check, which has the id of the dossier.';
create unique index dossiers_checked_again on dossiers (check_id) where check_id is not null;

create or replace view dossiers_v1 as
select d.id, d.code, d.season_id, d.unit_id, d.state,
  case d.state
    when 'FILED' then 'OPEN'
    when 'SUPPLEMENT_REQUESTED' then 'SUPPLEMENT_REQUESTED'
    when 'REQUEST_REJECTED' then 'REJECTED'
    when 'WITHDRAWN' then 'WITHDRAWN'
    else 'ACCEPTED'
  end as check_state,
  d.check_revision, d.plan_hash,
  (select coalesce(jsonb_agg(jsonb_build_object('person_id', a.person_id, 'percent', a.percent::text, 'outside', a.outside)
      order by a.position), '[]')
    from dossier_authors a where a.dossier_id = d.id) as authors,
  d.filed_at, d.closed_at,
  coalesce(answered.revision, 0) as rules_revision, answered.transition_id, answered.passage,
  d.rule_version, coalesce(d.moved_at, d.filed_at) as acted_at, answered.changed_at as answered_at,
  moved.revision as moved_revision, moved.changed_at as rules_moved_at, moved.route_before,
  d.title, d.content -> 'authors' -> 0 ->> 'full_name' as first_author,
  array_remove(array[coalesce(d.taken_over_by, d.created_by), d.handed_in_by], null) as filers
from dossiers d
left join lateral (
  select * from rules_changes c where c.dossier_id = d.id order by c.revision desc limit 1
) answered on true
left join lateral (
  select * from rules_changes c where c.dossier_id = d.id and c.class = 'MOVED' order by c.revision desc limit 1
) moved on true
where d.filed_at is not null;
comment on view dossiers_v1 is 'Dossiers that were filed. rules_revision, transition_id, passage, answered_at: the journey''s last answer to a change of rules; moved_revision, rules_moved_at, route_before: the last one that moved the dossier. acted_at: when the formal check last moved. title, first_author: as filed last, for lists. filers: who files for all authors, and who filed it.';
