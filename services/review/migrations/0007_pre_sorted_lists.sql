-- Stages in the order in which they are due, decisions in the order of the dossiers' codes.

drop index stages_by_due;
create index stages_by_due on stages (due_at, id);
drop index stages_open_by_due;
create index stages_open_by_due on stages (due_at, id) where state = 'OPEN';
create index stages_by_season_and_due on stages (season_id, due_at, id);
create index stages_by_level_and_due on stages (level, due_at, id);
create index stages_decided_by_code on stages (dossier_code, id) where state = 'DECIDED';
create index stages_decided_by_season_and_code on stages (season_id, dossier_code, id) where state = 'DECIDED';
