-- Dossiers in the order in which they were filed, of their codes and of their titles: of all, and of those of a season
-- in a state (dossiers_alike says how that serves).

drop index dossiers_by_filing;
create index dossiers_by_filing on dossiers (filed_at, id) where filed_at is not null;
create index dossiers_alike_by_filing on dossiers ((season_id::text || ' ' || state), filed_at, id);
create index dossiers_by_code on dossiers (code, id) where filed_at is not null;
create index dossiers_alike_by_code on dossiers ((season_id::text || ' ' || state), code, id);
create index dossiers_by_title on dossiers (folded_title, id) where filed_at is not null;
create index dossiers_alike_by_title on dossiers ((season_id::text || ' ' || state), folded_title, id);
