-- Content that no row names waits before it is removed: a database may be restored that knows it.

create table orphans (
  sha256 text primary key,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now()
);
comment on table orphans is 'Content in the store that no row names, and since when it is seen so without a gap. Of a restored database older rows say nothing: they have not been seen for long.';
create index orphans_by_last_look on orphans (last_seen_at);
