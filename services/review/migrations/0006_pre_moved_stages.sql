-- Stages whose level went on elsewhere when the rules changed.

alter table stages drop constraint stages_state_check;
alter table stages add constraint stages_state_known check (state in ('OPEN', 'DECIDED', 'WITHDRAWN', 'MOVED'));
alter table stages add column moved_to_level text;
alter table stages add column moved_by uuid;
alter table stages add constraint stages_moved_by_a_transition check ((state = 'MOVED') = (moved_by is not null));
comment on column stages.moved_by is 'The transition that closed the stage: its sheets are void, the dossier goes on at moved_to_level.';

-- A level is examined once, unless the rules moved it away; then it may be opened again.
alter table stages drop constraint stages_dossier_id_level_key;
create unique index stages_one_a_level on stages (dossier_id, level) where state <> 'MOVED';
create index stages_by_dossier on stages (dossier_id, opened_at);
