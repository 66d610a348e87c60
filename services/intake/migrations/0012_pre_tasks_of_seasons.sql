-- The season of the work that there is.

update tasks t set season_id = d.season_id from dossiers d where d.id = t.subject_id;
