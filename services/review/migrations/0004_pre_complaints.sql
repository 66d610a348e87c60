-- An author's complaint about a refusal: a case of its own, settled within a time by somebody who did not decide.

create table complaints (
  id uuid primary key,
  stage_id uuid not null references stages,
  dossier_id uuid not null,
  dossier_code text not null,
  level text not null,
  unit_id uuid not null,
  unit_path uuid[] not null,
  first_number text not null,
  complainant_id uuid not null,
  reason text not null,
  settler_post text not null,
  barred_id uuid,
  rule_version text not null,
  filed_at timestamptz not null,
  due_at timestamptz not null,
  ended text check (ended in ('UPHELD', 'DISMISSED', 'WITHDRAWN', 'OVERTAKEN')),
  ended_at timestamptz,
  ended_by uuid,
  answer text,
  version int not null default 1,
  check ((ended is null) = (ended_at is null) and (ended is null) = (answer is null))
);
comment on column complaints.barred_id is 'Who decided, and so does not settle it; null where the rules let this person.';
comment on column complaints.ended_by is 'Who settled it or took it back.';
-- What was settled stays so: only a complaint that was taken back makes room for another.
create unique index complaints_one_a_stage on complaints (stage_id) where ended is distinct from 'WITHDRAWN';
create index complaints_of_stage on complaints (stage_id, filed_at);
create index complaints_by_path on complaints using gin (unit_path);
