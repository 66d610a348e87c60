alter table calendar_changes add column holding_id uuid;
comment on column calendar_changes.holding_id is 'The holding of the post in which it was made.';

create or replace view calendar_editions_v1 as
select e.position, e.version, e.unit_id, c.reason, c.made_by, e.post_id, c.made_at as changed_at, e.holding_id
from calendar_changes e join calendars c on c.version = e.version;
