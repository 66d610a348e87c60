-- A seat whose post nobody holds any more is out of the council's count until somebody does.

alter table seats drop constraint seats_state_check;
alter table seats add constraint seats_state_check check (state in ('ACTIVE', 'VACANT', 'REPLACED'));

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
    s.due_at, exists (select from clocks c where c.about_id = s.id and c.is_standing) as is_suspended
  from stages s;
