-- What the ladder may do to a council besides replacing and handing up: a lower quorum, a chair who need not wait.

alter table stages
  add column lowered_quorum jsonb,
  add column may_decide_alone boolean not null default false,
  add column decided_alone boolean not null default false,
  add check (not decided_alone or (may_decide_alone and state = 'DECIDED'));
comment on column stages.lowered_quorum is 'The share a rung lowered the quorum to, with its basis; null while the quorum of the plan stands.';
comment on column stages.may_decide_alone is 'A rung let the chair decide without the missing sheets.';
comment on column stages.decided_alone is 'The chair did: sheets were missing when the decision was made.';

create index stages_by_level on stages (level, opened_at, id);
