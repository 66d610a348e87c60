-- How far this service has read what others publish.

create table cursors (
  name text primary key,
  position bigint not null,
  day date
);
comment on table cursors is 'Everything up to position is carried out, and what begins or ends up to day. The row "roster day" has the last day for which a look has begun.';
create index tasks_by_post on tasks (post_id, id) where state in ('WAITING', 'OPEN') and post_id is not null;
