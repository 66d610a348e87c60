-- A complaint may be about the rejection of a request, which no stage has examined, and about the first answer.

alter table complaints
  alter column stage_id drop not null,
  alter column level drop not null,
  alter column first_number drop not null,
  add column check_revision int,
  add column instance int not null default 1 check (instance in (1, 2));
alter table complaints add constraint complaints_about_one_thing check (
  (stage_id is null) = (check_revision is not null) and (stage_id is null) = (level is null)
  and (stage_id is null) = (first_number is null));
comment on column complaints.check_revision is 'The move of the formal check by which the request was rejected, which is complained about; null where it is the refusal of a stage.';
comment on column complaints.instance is '2: about the first answer, to the unit above the one that gave it.';
-- What was settled stays so: only a complaint that was taken back makes room for another.
drop index complaints_one_a_stage;
create unique index complaints_one_a_stage on complaints (stage_id, instance)
  where stage_id is not null and ended is distinct from 'WITHDRAWN';
create unique index complaints_one_a_rejection on complaints (dossier_id, check_revision, instance)
  where stage_id is null and ended is distinct from 'WITHDRAWN';
create index complaints_of_dossier on complaints (dossier_id, filed_at);

create index complaints_upheld on complaints (dossier_id) where stage_id is null and ended = 'UPHELD';

create table complaints_barred (
  complaint_id uuid not null references complaints,
  person_id uuid not null
);
comment on table complaints_barred is 'Who has decided what is complained about, or answered the first complaint, also in whose place: they do not settle it.';
create index complaints_barred_from on complaints_barred (complaint_id);
create index complaints_barred_by_person on complaints_barred (person_id);
insert into complaints_barred (complaint_id, person_id)
select id, barred_id from complaints where barred_id is not null;
comment on column complaints.barred_id is 'No longer used: see complaints_barred.';

create view upheld_complaints_v1 as
  select id, dossier_id, check_revision, ended_at from complaints where stage_id is null and ended = 'UPHELD';
comment on view upheld_complaints_v1 is 'Rejections of requests that were wrong: the request is to be checked again. check_revision: by which move of the check it was rejected.';
