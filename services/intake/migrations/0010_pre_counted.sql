-- How many dossiers of a season are in which state; and who looked at a dossier.

create index dossiers_counted on dossiers (season_id, state) where filed_at is not null;

create table looks (
  id uuid primary key,
  dossier_id uuid not null,
  person_id uuid not null,
  part text not null check (part in ('DOSSIER', 'VERSION', 'FILE', 'HISTORY', 'PROOF')),
  hour timestamptz not null,
  looked_at timestamptz not null,
  unique (dossier_id, person_id, part, hour)
);
comment on table looks is 'Append only: who that is no author looked at which part of a dossier; once for each hour.';
create index looks_by_dossier on looks (dossier_id, looked_at, id);
create index looks_by_time on looks (looked_at, id);
create index looks_of_person on looks (person_id, looked_at, id);
create trigger looks_are_final before update or delete on looks for each row execute function refuse_change();
create trigger looks_are_never_emptied before truncate on looks for each statement execute function refuse_change();
