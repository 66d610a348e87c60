-- What changes of rules made of dossiers under way.

create table rules_changes (
  dossier_id uuid not null references dossiers,
  revision bigint not null,
  transition_id uuid not null,
  class text not null check (class in ('UNCHANGED', 'MOVED', 'NEEDS_CHOICE', 'BLOCKED')),
  passage jsonb not null,
  rule_version_before text,
  rule_version text,
  route_before jsonb not null,
  changed_at timestamptz not null,
  primary key (dossier_id, revision)
);
comment on table rules_changes is 'The journey''s answer to each change of rules; route_before is the way that a reversal gives back.';
create index rules_changes_moved on rules_changes (revision, dossier_id) where class = 'MOVED';
create index dossiers_open on dossiers (id) where filed_at is not null and closed_at is null;
