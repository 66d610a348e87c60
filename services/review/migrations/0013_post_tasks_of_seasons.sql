-- Work that programs from before have given since the column came.

update tasks t set season_id = d.season_id from intake.dossier_heads_v1 d where d.id = t.subject_id and t.season_id is null;
