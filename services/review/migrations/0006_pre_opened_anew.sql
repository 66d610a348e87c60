-- A stage whose unit has ended may be opened anew in the unit that took over.

alter table stages add column opened_anew_as uuid references stages;
comment on column stages.opened_anew_as is 'The unit ended, and by its rules another stage took the place of this one, in the unit that took over.';
comment on column stages.moved_by is 'The transition or the act about units that closed the stage: its sheets are void, the dossier goes on at moved_to_level.';

-- Who stays out of a stage stays out of the one that takes its place, by the same declaration.
alter table recusals drop constraint recusals_event_id_key;
alter table recusals add unique (event_id, stage_id);

create or replace view stages_v1 as
  select s.id, s.dossier_id, s.level, s.unit_id, s.state, s.opened_at, s.last_level as is_last, s.plan_hash,
    case
      when not exists (select 1 from score_sheets m where m.stage_id = s.id and m.state = 'SUBMITTED') then 'NONE'
      when exists (
        select 1 from score_sheets m join seats using (stage_id, person_id)
        where m.stage_id = s.id and m.state = 'DRAFT' and seats.state = 'ACTIVE'
      ) then 'SOME'
      else 'ALL'
    end as marks,
    s.due_at, exists (select from clocks c where c.about_id = s.id and c.is_standing) as is_suspended,
    coalesce(s.plan ->> 'in_successor', 'GOES_ON') as in_successor
  from stages s;
comment on view stages_v1 is 'Every stage that was opened. is_last: by its own rules nothing goes up from it. marks: how many of its sheets are in. in_successor: what becomes of it, while it is open, when its unit ends.';
