-- Stages, councils, score sheets, ballots, decisions and their numbers.

create table stages (
  id uuid primary key,
  dossier_id uuid not null,
  dossier_code text not null,
  level text not null,
  unit_id uuid not null,
  unit_path uuid[] not null,
  plan jsonb not null,
  plan_hash text not null,
  rule_version text not null,
  previous_decision_number text,
  last_level boolean not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  state text not null default 'OPEN' check (state in ('OPEN', 'DECIDED', 'WITHDRAWN', 'MOVED')),
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
  season_id uuid,
  grade text,
  score_deviation numeric,
  lowered_quorum jsonb,
  may_decide_alone boolean not null default false,
  decided_alone boolean not null default false,
  moved_to_level text,
  moved_by uuid,
  version int not null default 1,
  check ((state = 'OPEN') = (decided_at is null)),
  check ((state = 'DECIDED') = (decision_number is not null)),
  check ((state = 'MOVED') = (moved_by is not null)),
  check (not decided_alone or (may_decide_alone and state = 'DECIDED')),
  check (outcome is distinct from 'REFUSED' or (reasons is not null and ground is not null))
);
comment on table stages is 'The examination of a dossier at one level. Its row lock guards marks, decision, rungs and withdrawal.';
comment on column stages.plan is 'The rules of this level out of the dossier''s frozen plan that plan_hash names.';
comment on column stages.lowered_quorum is 'The share a rung lowered the quorum to, with its basis; null while the quorum of the plan stands.';
comment on column stages.may_decide_alone is 'A rung let the chair decide without the missing sheets.';
comment on column stages.decided_alone is 'The chair did: sheets were missing when the decision was made.';
comment on column stages.moved_by is 'The transition that closed the stage: its sheets are void, the dossier goes on at moved_to_level.';
-- A level is examined once, unless the rules moved it away; then it may be opened again.
create unique index stages_one_a_level on stages (dossier_id, level) where state <> 'MOVED';
create index stages_by_dossier on stages (dossier_id, opened_at);
create index stages_by_time on stages (opened_at desc, id desc);
create index stages_open on stages (opened_at desc, id desc) where state = 'OPEN';
create index stages_open_by_due on stages (due_at) where state = 'OPEN';
create index stages_by_due on stages (due_at);
create index stages_by_season on stages (season_id, opened_at desc, id desc);
create index stages_decided_by_grade on stages (grade, decided_at, id) where state = 'DECIDED';
create index stages_by_unit on stages using gin (unit_path);
create index stages_decided_by_season on stages (season_id, decided_at, id) where state = 'DECIDED';
create index stages_by_level on stages (level, opened_at, id);
create unique index stages_by_decision_number on stages (unit_id, decision_number);
create index stages_decided on stages (decided_at, id) where state = 'DECIDED';
create index stages_decided_by_outcome on stages (outcome, decided_at, id) where state = 'DECIDED';
create index stages_decided_by_level on stages (level, outcome, decided_at, id) where state = 'DECIDED';
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
  remarks jsonb not null default '{}',
  vote text check (vote in ('APPROVE', 'REJECT', 'OTHER')),
  vote_is_secret boolean not null default false,
  remark text,
  total numeric,
  submitted_at timestamptz,
  version int not null default 1,
  unique (stage_id, person_id),
  foreign key (stage_id, person_id) references seats (stage_id, person_id) on update cascade,
  check (state <> 'SUBMITTED' or ((vote is null) = vote_is_secret and total is not null and submitted_at is not null))
);
comment on table score_sheets is 'One a seat, filled in without sight of the others. A seat whose member is away passes to whoever acts for the member, and its sheet with it.';
comment on column score_sheets.vote_is_secret is 'The vote was cast in a secret ballot: it is counted in ballots and kept nowhere else.';

create table decision_numbers (
  unit_id uuid not null,
  year int not null,
  last_number int not null,
  primary key (unit_id, year)
);
comment on table decision_numbers is 'The last number given in a unit and local year; the row lock leaves no gap and no double.';

-- Each vote writes every row of its stage: a row written alone would bear the transaction (xmin) of the last member who
-- voted so, which is also that of the member's sheet.
create table ballots (
  stage_id uuid not null references stages,
  vote text not null check (vote in ('APPROVE', 'REJECT', 'OTHER')),
  cast_count int not null check (cast_count >= 0),
  primary key (stage_id, vote)
);
comment on table ballots is 'How many votes of each kind a secret ballot got. Whose they were is written nowhere.';

create table proposal_counts (
  unit_id uuid not null,
  level text not null,
  season_id uuid not null,
  proposed int not null check (proposed > 0),
  primary key (unit_id, level, season_id)
);
comment on table proposal_counts is 'Dossiers that a unit has proposed upward in a season; the row lock keeps two decisions at once within the quota.';

-- What other services read (language/views.py). A view keeps its columns for ever; new ones come at its end.

create view stages_v1 as
  select s.id, s.dossier_id, s.level, s.unit_id, s.state, s.opened_at, s.last_level as is_last, s.plan_hash,
    case
      when not exists (select 1 from score_sheets m where m.stage_id = s.id and m.state = 'SUBMITTED') then 'NONE'
      when exists (select 1 from score_sheets m where m.stage_id = s.id and m.state = 'DRAFT') then 'SOME'
      else 'ALL'
    end as marks
  from stages s;
comment on view stages_v1 is 'Every stage that was opened. is_last: by its own rules nothing goes up from it. marks: how many of its sheets are in.';

create view decisions_v1 as
  select decision_event_id as id, id as stage_id, dossier_id, level, unit_id, outcome, proposed, decision_number, decided_at,
    grade, plan_hash
  from stages where decision_event_id is not null;
comment on view decisions_v1 is 'One row for each stage that was decided or withdrawn; no row ever changes. id is the event that says so.';
