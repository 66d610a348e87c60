-- Acts in question are found by their unit, their state and their paper.

create index questioned_acts_by_unit on questioned_acts (unit_id, raised_at, id);
create index questioned_acts_by_state on questioned_acts (state, raised_at, id);
create index questioned_acts_by_paper on questioned_acts (change_id, raised_at, id);
