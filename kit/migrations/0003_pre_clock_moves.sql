-- What moved a clock: every suspension, resumption, extension and change of calendar, with who, why and by which rule.

alter table clocks add column extension jsonb, add column is_standing boolean not null default false;
comment on column clocks.extension is 'The rule that allows an extension and its limit; null where the rules give none.';

create table clock_moves (
  seq bigint generated always as identity primary key,
  move_id uuid not null unique,
  about_id uuid not null references clocks,
  kind text not null check (kind in ('SUSPENDED', 'RESUMED', 'EXTENDED', 'CALENDAR_CHANGED')),
  cause text check (cause in ('SUPPLEMENT', 'COMPLAINT', 'FORCE_MAJEURE')),
  budget jsonb,
  calendar_version int,
  reason text not null,
  rule text,
  actor_id uuid,
  post_id uuid,
  on_behalf_of uuid,
  moved_at timestamptz not null,
  old_due_at timestamptz not null,
  new_due_at timestamptz not null,
  check ((kind = 'SUSPENDED') = (cause is not null)),
  check ((kind = 'EXTENDED') = (budget is not null)),
  check ((kind = 'CALENDAR_CHANGED') = (calendar_version is not null))
);
comment on table clock_moves is 'Append only: a clock is computed from its row in clocks and these, in their order.';
create index clock_moves_about on clock_moves (about_id, seq);
create trigger clock_moves_are_final before update or delete on clock_moves for each row execute function refuse_change();
