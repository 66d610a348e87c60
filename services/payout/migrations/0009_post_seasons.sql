-- Awards that programs from before have made since the column came.

update awards a set season_id = d.season_id from intake.dossier_heads_v1 d where d.id = a.dossier_id and a.season_id is null;
