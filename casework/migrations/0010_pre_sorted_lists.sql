-- Tasks in the order in which they were given, of all alike: what tasks_alike is to the order in which they are due.

create index tasks_alike_by_opening on tasks ((kind || ' ' || coalesce(level, '') || ' ' || state), opened_at, id);
