-- Remarks per criterion, secret ballots, grades, deviations, and proposals counted for the quota.

alter table stages add column season_id uuid;
alter table stages add column grade text;
alter table stages add column score_deviation numeric;

alter table score_sheets add column remarks jsonb not null default '{}';
alter table score_sheets add column vote_is_secret boolean not null default false;
alter table score_sheets drop constraint score_sheets_check;
alter table score_sheets add constraint score_sheets_submitted_whole check (
  state <> 'SUBMITTED' or ((vote is null) = vote_is_secret and total is not null and submitted_at is not null));
comment on column score_sheets.vote_is_secret is 'The vote was cast in a secret ballot: it is counted in ballots and kept nowhere else.';

create table ballots (
  stage_id uuid not null references stages,
  vote text not null check (vote in ('APPROVE', 'REJECT', 'OTHER')),
  cast_count int not null check (cast_count > 0),
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
