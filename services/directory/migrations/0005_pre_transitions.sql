-- Rules that change under running dossiers: the plan, and what it makes of each dossier.

create table transitions (
  id uuid primary key,
  revision bigint generated always as identity unique,
  from_pack text not null,
  to_pack text not null,
  to_version int not null,
  level_moves jsonb not null,
  reverses uuid references transitions,
  state text not null default 'DRAFT' check (state in ('DRAFT', 'APPROVED', 'RUNNING', 'DONE', 'CANCELLED', 'REVERTED')),
  made_by uuid not null,
  made_at timestamptz not null,
  planned_at timestamptz,
  settled_by uuid,
  settled_at timestamptz,
  done_at timestamptz,
  version int not null default 1,
  check ((state = 'DRAFT') = (settled_by is null)),
  check (state in ('DRAFT', 'CANCELLED') or (planned_at is not null and settled_by <> made_by))
);
comment on table transitions is 'A dry run until a second person approves. reverses names the transition whose dossiers this one gives back.';
create unique index transitions_one_at_a_time on transitions ((true)) where state in ('DRAFT', 'APPROVED', 'RUNNING');
create index transitions_by_time on transitions (made_at desc, id desc);

create table transition_dossiers (
  transition_id uuid not null references transitions,
  dossier_id uuid not null,
  code text not null,
  unit_id uuid not null,
  season_id uuid not null,
  class text not null check (class in ('UNCHANGED', 'MOVED', 'NEEDS_CHOICE', 'BLOCKED')),
  reason text not null,
  stage text not null,
  step text not null,
  marks text not null,
  from_level text,
  to_level text,
  choices text[] not null,
  choice text,
  chosen_by uuid,
  told_at timestamptz,
  answer_class text,
  answer_reason text,
  answer_level text,
  answered_at timestamptz,
  primary key (transition_id, dossier_id),
  check (answered_at is null or told_at is not null),
  check ((choice is null) = (chosen_by is null))
);
create index transition_dossiers_by_class on transition_dossiers (transition_id, class, dossier_id);
create index transition_dossiers_untold on transition_dossiers (transition_id, dossier_id)
  where told_at is null and (class = 'MOVED' or choice is not null);
create index transition_dossiers_unanswered on transition_dossiers (transition_id, dossier_id) where told_at is not null and answered_at is null;
