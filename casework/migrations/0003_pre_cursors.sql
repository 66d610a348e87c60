-- How far this service has read what others publish.

create table cursors (
  name text primary key,
  position bigint not null,
  day date
);
comment on table cursors is 'Everything up to position is carried out, and what begins or ends up to day. The row "roster day" has the last day for which a look has begun.';
create index tasks_by_post on tasks (post_id, id) where state in ('WAITING', 'OPEN') and post_id is not null;

create view tasks_v1 as
select id, kind, subject_id, about_id, assignee_id, post_id, state, due_at from tasks;
comment on view tasks_v1 is 'Who has which work about which dossier (subject_id); pending while state is WAITING or OPEN.';
create index tasks_of_person_about on tasks (subject_id, assignee_id) where state in ('WAITING', 'OPEN');
