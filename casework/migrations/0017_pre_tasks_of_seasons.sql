-- Work of a season: of all, and of all alike in either order. Each service with dossiers fills in what is there.

alter table tasks add column season_id uuid;
comment on column tasks.season_id is 'The season in which the dossier was filed; null for work on what is no dossier, like a payment list.';

create index tasks_of_season on tasks (season_id, (kind || ' ' || coalesce(level, '') || ' ' || state), due_at, id);
create index tasks_of_season_by_opening on tasks (season_id, (kind || ' ' || coalesce(level, '') || ' ' || state), opened_at, id);
