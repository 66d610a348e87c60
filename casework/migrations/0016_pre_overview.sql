-- What dashboards count and auditors read on: cases by time, and the acts of a person or a post by time.

create index clocks_by_due on clocks (due_at, about_id);
create index clocks_by_opening on clocks (opened_at, about_id);
create index clocks_over on clocks (closed_at) include (unit_id, due_at, kind) where closed_at is not null;
create index clocks_by_unit on clocks using gin (unit_path);

create index events_of_actor on events (actor_id, occurred_at, event_id) where actor_id is not null;
create index events_of_post on events (post_id, occurred_at, event_id) where post_id is not null;
