-- Sheets that were taken back, members who recused themselves, and what became of
-- decisions after they were made: added, never edited.

create table taken_back_sheets (
  sheet_id uuid not null references score_sheets,
  version int not null,
  event_id uuid not null unique,
  scores jsonb not null,
  remarks jsonb not null,
  vote text check (vote in ('APPROVE', 'REJECT', 'OTHER')),
  remark text,
  total numeric not null,
  submitted_at timestamptz not null,
  taken_back_at timestamptz not null,
  reason text not null,
  primary key (sheet_id, version)
);
comment on table taken_back_sheets is 'Append only: a sheet as it was submitted before its member took it back.';
create trigger taken_back_sheets_are_final before update or delete on taken_back_sheets for each row execute function refuse_change();
create trigger taken_back_sheets_are_never_emptied before truncate on taken_back_sheets for each statement execute function refuse_change();

alter table seats drop constraint seats_state_check;
alter table seats add constraint seats_state_check check (state in ('ACTIVE', 'VACANT', 'REPLACED', 'RECUSED'));

create table recusals (
  stage_id uuid not null references stages,
  person_id uuid not null,
  event_id uuid not null unique,
  reason text not null,
  recused_at timestamptz not null,
  primary key (stage_id, person_id)
);
comment on table recusals is 'Append only: who neither marks nor decides this dossier at this level, by the own declaration.';
create trigger recusals_are_final before update or delete on recusals for each row execute function refuse_change();
create trigger recusals_are_never_emptied before truncate on recusals for each statement execute function refuse_change();

alter table stages add column annulled_at timestamptz;
alter table stages add column annulled_by text check (annulled_by in ('CANCELLATION', 'REOPENING'));
alter table stages add constraint stages_annulled_check
  check ((annulled_at is null) = (annulled_by is null) and (annulled_at is null or state = 'DECIDED'));
comment on column stages.annulled_by is 'The act by which its decision no longer stands; the decision itself stays as it was made.';
drop index stages_one_a_level;
create unique index stages_one_a_level on stages (dossier_id, level)
  where state <> 'MOVED' and annulled_by is distinct from 'REOPENING';

create table decision_acts (
  id uuid primary key,
  stage_id uuid not null references stages,
  ordinal int not null,
  kind text not null check (kind in ('PAPER', 'CORRECTION', 'CANCELLATION', 'REOPENING')),
  event_id uuid not null unique,
  decision_number text,
  paper_number text,
  issued_on date,
  signer text,
  reasons text,
  reason text,
  new_stage_id uuid unique,
  actor_id uuid not null,
  acted_at timestamptz not null,
  unique (stage_id, ordinal),
  check ((kind = 'PAPER') = (decision_number is null)),
  check ((kind = 'PAPER') = (reason is null)),
  check ((kind = 'REOPENING') = (new_stage_id is not null)),
  check ((paper_number is null) = (issued_on is null) and (paper_number is null) = (signer is null)),
  check (kind <> 'PAPER' or paper_number is not null)
);
comment on table decision_acts is 'Append only: what became of a decision after it was made, each act with its own number, which names the first.';
create unique index decision_acts_one_ending on decision_acts (stage_id) where kind in ('CANCELLATION', 'REOPENING');
create trigger decision_acts_are_final before update or delete on decision_acts for each row execute function refuse_change();
create trigger decision_acts_are_never_emptied before truncate on decision_acts for each statement execute function refuse_change();

create or replace view decisions_v1 as
  select decision_event_id as id, id as stage_id, dossier_id, level, unit_id, outcome, proposed, decision_number, decided_at,
    grade, plan_hash, annulled_at, annulled_by
  from stages where decision_event_id is not null;
comment on view decisions_v1 is 'One row for each stage that was decided or withdrawn. Nothing in a row ever changes but annulled_at and annulled_by, once. id is the event that says so.';

create view annulments_v1 as
  select a.id, a.stage_id, s.dossier_id, s.level, s.unit_id, a.kind, a.decision_number, a.reason, a.new_stage_id, a.acted_at
  from decision_acts a join stages s on s.id = a.stage_id where a.kind in ('CANCELLATION', 'REOPENING');
comment on view annulments_v1 is 'Decisions that no longer stand, by which second decision and why; new_stage_id is where a refusal is examined again.';
