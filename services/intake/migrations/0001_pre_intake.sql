-- Dossiers with their authors, attachments, the register of requests, the frozen rules, and what changes of rules made
-- of dossiers.

create table plans (
  hash text primary key,
  version int not null,
  body jsonb not null,
  frozen_at timestamptz not null
);
comment on table plans is 'Frozen rules, named by the SHA-256 of their content; dossiers that were filed alike share one.';
create trigger plans_are_final before update or delete on plans for each row execute function refuse_change();

create table dossiers (
  id uuid primary key,
  code text unique,
  state text not null check (state in (
    'DRAFT', 'FILED', 'SUPPLEMENT_REQUESTED', 'ACCEPTED', 'REQUEST_REJECTED', 'RECOGNISED', 'REFUSED', 'WITHDRAWN')),
  season_id uuid not null,
  unit_id uuid not null,
  unit_path uuid[] not null,
  created_by uuid not null,
  taken_over_by uuid,
  created_at timestamptz not null,
  content jsonb not null,
  title text not null default '',
  folded_title text not null default '',
  folded_authors text not null default '',
  search_text text not null
    generated always as (coalesce(lower(code) || ' ', '') || folded_title || ' | ' || folded_authors) stored,
  register_number int,
  register_year int,
  filed_at timestamptz,
  answer_due_on date,
  check_due_at timestamptz,
  plan_hash text references plans,
  rule_version text,
  check_officers text,
  supplement_budget jsonb,
  supplement_due_at timestamptz,
  moved_at timestamptz,
  check_revision int not null default 0,
  withdrawal_requested_at timestamptz,
  closed_at timestamptz,
  levels jsonb,
  check_rules jsonb not null default '[]',
  version int not null default 1,
  check ((state = 'DRAFT') = (code is null) or state = 'WITHDRAWN'),
  check ((filed_at is null) = (plan_hash is null))
);
create unique index dossiers_register on dossiers (unit_id, register_year, register_number) where register_number is not null;
comment on column dossiers.plan_hash is 'The rules that hold now; check_officers, supplement_budget and check_rules are those that the formal check was opened with.';
comment on column dossiers.taken_over_by is 'Who supplements and withdraws since the maker left; null while the maker does.';
create index dossiers_open on dossiers (id) where filed_at is not null and closed_at is null;
create index dossiers_open_by_pack on dossiers (split_part(rule_version, '@', 1), id)
  where filed_at is not null and closed_at is null;
create index dossiers_by_time on dossiers (created_at desc, id desc);
-- One expression, so that it serves its own questions only.
create index dossiers_alike on dossiers ((season_id::text || ' ' || state), created_at desc, id desc);
create index dossiers_by_unit on dossiers using gin (unit_path);
create index dossiers_by_filing on dossiers (filed_at) where filed_at is not null;
create index dossiers_in_check on dossiers (check_due_at) where state in ('FILED', 'SUPPLEMENT_REQUESTED');
create index dossiers_by_maker on dossiers (created_by);
create index dossiers_by_taker on dossiers (taken_over_by) where taken_over_by is not null;
create index dossiers_by_search_text on dossiers using gin (search_text public.gin_trgm_ops);

create table dossier_authors (
  dossier_id uuid not null references dossiers,
  position int not null,
  person_id uuid not null,
  percent numeric(5, 2) not null,
  outside boolean not null default false,
  primary key (dossier_id, position)
);
comment on column dossier_authors.outside is 'Somebody whom the organisation does not know; the id is the dossier''s own and nobody signs in by it.';
create index dossier_authors_by_person on dossier_authors (person_id, dossier_id);

create table author_answers (
  dossier_id uuid not null references dossiers,
  person_id uuid not null,
  answer text not null check (answer in ('CONFIRMED', 'DECLINED')),
  percent numeric(5, 2) not null,
  reason text,
  answered_at timestamptz not null,
  primary key (dossier_id, person_id),
  check ((answer = 'DECLINED') = (reason is not null))
);
comment on table author_answers is 'What each author last said of the own share. It counts for that share only: of another one the author is asked again.';

create table filed_versions (
  dossier_id uuid not null references dossiers,
  number int not null,
  filed_by uuid not null,
  filed_at timestamptz not null,
  content jsonb not null,
  author_ids uuid[] not null,
  attachment_ids uuid[] not null,
  primary key (dossier_id, number)
);
comment on table filed_versions is 'Every content that was handed in, with the files it had: the filing is 1, each supplement the next.';
create trigger filed_versions_are_final before update or delete on filed_versions for each row execute function refuse_change();
create trigger filed_versions_are_never_emptied before truncate on filed_versions for each statement execute function refuse_change();

create table registers (
  unit_id uuid not null,
  year int not null,
  last_number int not null,
  primary key (unit_id, year)
);
comment on table registers is 'The last number given in a unit''s register of requests of a year; locked while a number is given, so there are no gaps.';

create table codes (
  year int primary key,
  last_number int not null
);
comment on table codes is 'The last number given in the codes of a year: one counter for all units, so no two dossiers ever have the same code.';

create table attachments (
  id uuid primary key,
  dossier_id uuid not null references dossiers,
  sha256 text not null,
  filename text not null,
  media_type text not null,
  size_bytes bigint not null,
  added_by uuid not null,
  added_at timestamptz not null,
  removed_at timestamptz
);
create index attachments_by_dossier on attachments (dossier_id, added_at) where removed_at is null;
create index attachments_kept_by_dossier on attachments (dossier_id);
create index attachments_by_person on attachments (added_by, added_at);
create index attachments_by_content on attachments (sha256);

create table rules_changes (
  dossier_id uuid not null references dossiers,
  revision bigint not null,
  transition_id uuid not null,
  class text not null check (class in ('UNCHANGED', 'MOVED', 'NEEDS_CHOICE', 'BLOCKED')),
  passage jsonb not null,
  rule_version_before text not null,
  rule_version text not null,
  route_before jsonb not null,
  changed_at timestamptz not null,
  primary key (dossier_id, revision)
);
comment on table rules_changes is 'The journey''s answer to each change of rules; route_before is the way that a reversal gives back.';

-- What other services read (language/views.py). A view keeps its columns for ever; new ones come at its end.

create view plans_v1 as
select hash, version, body from plans;
comment on view plans_v1 is 'Frozen rules by the hash of their content; no row ever changes or goes.';

create view dossiers_v1 as
select d.id, d.code, d.season_id, d.unit_id, d.state,
  case d.state
    when 'FILED' then 'OPEN'
    when 'SUPPLEMENT_REQUESTED' then 'SUPPLEMENT_REQUESTED'
    when 'REQUEST_REJECTED' then 'REJECTED'
    when 'WITHDRAWN' then 'WITHDRAWN'
    else 'ACCEPTED'
  end as check_state,
  d.check_revision, d.plan_hash,
  (select coalesce(jsonb_agg(jsonb_build_object('person_id', a.person_id, 'percent', a.percent::text, 'outside', a.outside)
      order by a.position), '[]')
    from dossier_authors a where a.dossier_id = d.id) as authors,
  d.filed_at, d.closed_at,
  coalesce(answered.revision, 0) as rules_revision, answered.transition_id, answered.passage,
  d.rule_version, coalesce(d.moved_at, d.filed_at) as acted_at, answered.changed_at as answered_at,
  moved.revision as moved_revision, moved.changed_at as rules_moved_at, moved.route_before,
  d.title, d.content -> 'authors' -> 0 ->> 'full_name' as first_author
from dossiers d
left join lateral (
  select * from rules_changes c where c.dossier_id = d.id order by c.revision desc limit 1
) answered on true
left join lateral (
  select * from rules_changes c where c.dossier_id = d.id and c.class = 'MOVED' order by c.revision desc limit 1
) moved on true
where d.filed_at is not null;
comment on view dossiers_v1 is 'Dossiers that were filed. rules_revision, transition_id, passage, answered_at: the journey''s last answer to a change of rules; moved_revision, rules_moved_at, route_before: the last one that moved the dossier. acted_at: when the formal check last moved. title, first_author: as filed last, for lists.';
