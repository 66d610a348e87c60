-- Stages, councils, score sheets, decisions and their numbers.

create table stages (
  id uuid primary key,
  dossier_id uuid not null,
  dossier_code text not null,
  level text not null,
  unit_id uuid not null,
  unit_path uuid[] not null,
  plan jsonb not null,
  rule_version text not null,
  previous_decision_number text,
  last_level boolean not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  state text not null default 'OPEN' check (state in ('OPEN', 'DECIDED', 'WITHDRAWN')),
  handed_up boolean not null default false,
  decider_id uuid,
  decider_post_id uuid,
  decider_on_behalf_of uuid,
  outcome text check (outcome in ('RECOGNISED', 'REFUSED', 'WITHDRAWN')),
  decision_number text,
  reasons text,
  ground text,
  average_score numeric,
  proposed boolean not null default false,
  decision_event_id uuid,
  decided_at timestamptz,
  version int not null default 1,
  unique (dossier_id, level),
  check ((state = 'OPEN') = (decided_at is null)),
  check ((state = 'DECIDED') = (decision_number is not null)),
  check (outcome is distinct from 'REFUSED' or (reasons is not null and ground is not null))
);
comment on table stages is 'The examination of a dossier at one level. Its row lock guards marks, decision, rungs and withdrawal.';
create unique index stages_by_decision_number on stages (unit_id, decision_number);
create index stages_decided on stages (decided_at, id) where state = 'DECIDED';
create index stages_decided_by_unit on stages using gin (unit_path) where state = 'DECIDED';

create table stage_authors (
  stage_id uuid not null references stages,
  person_id uuid not null,
  primary key (stage_id, person_id)
);
comment on table stage_authors is 'Persons who may neither mark nor decide: the dossier is their own.';

create table seats (
  stage_id uuid not null references stages,
  seat_no int not null,
  role text not null,
  person_id uuid not null,
  post_id uuid not null,
  on_behalf_of uuid,
  state text not null default 'ACTIVE' check (state in ('ACTIVE', 'REPLACED')),
  replaced_by uuid,
  primary key (stage_id, seat_no),
  unique (stage_id, person_id),
  check ((state = 'REPLACED') = (replaced_by is not null))
);

create table score_sheets (
  id uuid primary key,
  stage_id uuid not null,
  person_id uuid not null,
  state text not null default 'DRAFT' check (state in ('DRAFT', 'SUBMITTED', 'VOID')),
  scores jsonb not null default '{}',
  vote text check (vote in ('APPROVE', 'REJECT', 'OTHER')),
  remark text,
  total numeric,
  submitted_at timestamptz,
  version int not null default 1,
  unique (stage_id, person_id),
  foreign key (stage_id, person_id) references seats (stage_id, person_id),
  check (state <> 'SUBMITTED' or (vote is not null and total is not null and submitted_at is not null))
);
comment on table score_sheets is 'One a seat, filled in without sight of the others.';

create table decision_numbers (
  unit_id uuid not null,
  year int not null,
  last_number int not null,
  primary key (unit_id, year)
);
comment on table decision_numbers is 'The last number given in a unit and local year; the row lock leaves no gap and no double.';
