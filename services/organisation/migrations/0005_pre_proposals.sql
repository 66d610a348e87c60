-- Administrators of the province: one proposes, another approves.

create table administrator_proposals (
  id uuid primary key,
  post_id uuid not null references posts,
  person_id uuid not null references people,
  held_from date not null,
  held_to date,
  acting boolean not null,
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  closed_at timestamptz,
  holding_id uuid references holdings,
  check (held_to is null or held_to >= held_from),
  check (proposed_by <> person_id)
);
comment on table administrator_proposals is 'Closed with a holding it was approved, closed without one it was dropped.';
create index administrator_proposals_open on administrator_proposals (proposed_at, id) where closed_at is null;
