-- The season of the work that there is.

update tasks t set season_id = d.season_id from intake.dossier_heads_v1 d where d.id = t.subject_id;
