-- How far this service has read what others publish.

create table cursors (
  name text primary key,
  position bigint not null,
  day date
);
comment on table cursors is 'Everything up to position is carried out. day: the last local day for whose beginning open work was looked at.';
create index tasks_by_post on tasks (post_id, id) where state in ('WAITING', 'OPEN') and post_id is not null;
