-- Drafts of policy packs, and who drafted what was published.

alter table policy_packs add column drafted_by uuid;

create table policy_drafts (
  id uuid primary key,
  name text not null,
  pack_version int not null,
  content jsonb not null,
  state text not null default 'DRAFT' check (state in ('DRAFT', 'CHECKED', 'PUBLISHED', 'DROPPED')),
  drafted_by uuid not null,
  drafted_at timestamptz not null,
  edited_by uuid not null,
  edited_at timestamptz not null,
  published_by uuid,
  published_at timestamptz,
  version int not null default 1,
  check ((state = 'PUBLISHED') = (published_by is not null)),
  check ((state = 'PUBLISHED') = (published_at is not null)),
  check (published_by <> drafted_by and published_by <> edited_by)
);
create index policy_drafts_by_time on policy_drafts (drafted_at desc, id desc);
comment on table policy_drafts is 'Packs on their way: edited and checked by one person, published by another.';
