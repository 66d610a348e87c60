-- The rules of the formal check, as the frozen plan brought them.

alter table dossiers add column check_rules jsonb not null default '[]';
