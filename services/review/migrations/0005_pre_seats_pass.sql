-- A seat whose member is away passes to whoever acts for the member, and its sheet with it.

alter table score_sheets drop constraint score_sheets_stage_id_person_id_fkey;
alter table score_sheets add constraint score_sheets_stage_id_person_id_fkey
  foreign key (stage_id, person_id) references seats (stage_id, person_id) on update cascade;
