-- What stands on the alarm list of cases and of runs, for who tells people of it.

create view alarms_v1 as
  select id, kind, about_id, subject_id, raised_at from alarms where cleared_at is null
  union all
  select id, kind, about_id, about_id, raised_at from run_alarms where cleared_at is null;
comment on view alarms_v1 is 'The alarms that stand. subject_id is what people know it by: the dossier.';
create index alarms_of_subject on alarms (subject_id) where cleared_at is null;
create index run_alarms_of_subject on run_alarms (about_id) where cleared_at is null;
