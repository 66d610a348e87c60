-- Tasks remember the post through which they were given, and since when nobody is there to do them.

alter table tasks add column post_id uuid;
alter table tasks add column unreachable_since timestamptz;
comment on column tasks.post_id is 'Through which post the work was given; null for work that is the person''s own.';
comment on column tasks.unreachable_since is 'The alarm list: since when neither the holder of the post nor anybody who acts for the holder is there.';
create index tasks_given on tasks (id) where state in ('WAITING', 'OPEN') and post_id is not null;
create index tasks_unreachable on tasks using gin (unit_path) where state in ('WAITING', 'OPEN') and unreachable_since is not null;
